import { sortPairs } from '../../ngrams/sort-pairs.ts';
import type { CorpusChange, CorpusSettings, StoredDocument } from '../../store/store.ts';
import { reservedId, reservedPlace } from '../../text/reserved.ts';
import type { WordStream } from '../counting/lay-out.ts';
import { pieceTokens } from '../counting/lay-out.ts';
import { noToken } from '../counting/sliced-text.ts';
import type { DraftContent } from '../receiving/draft.ts';
import type { SpoolReader } from '../receiving/token-spool.ts';

/** The texts of a draft, whose words have these ids; `tokens` reads its tokens. */
export function draftedWords(
  { texts, sequences }: DraftContent,
  tokens: SpoolReader,
  ids: Uint32Array,
  settings: CorpusSettings,
): WordStream {
  let end = 0;
  return {
    length: tokens.length,
    read: (start, end) => tokens.read(start, end),
    ...rankById(ids),
    // The numbers of reserved words in a draft are their places.
    sequenceStart: reservedPlace(settings.sequences, '<s>'),
    sequenceEnd: reservedPlace(settings.sequences, '</s>'),
    sequences,
    ends: texts.map(({ tokens }) => {
      end += tokens;
      return end;
    }),
  };
}

/** The text of a document as it is stored, where the numbers of words are their ids. */
export async function storedWords(
  change: CorpusChange,
  { first, tokens: length }: StoredDocument,
): Promise<WordStream> {
  const marks = {
    sequenceStart: reservedId(change.settings, '<s>'),
    sequenceEnd: reservedId(change.settings, '</s>'),
  };
  const read = async (start: number, end: number) => {
    const ids = new Int32Array(end - start);
    await change.readTokens(first + start, ids);
    return new Uint32Array(ids.buffer);
  };
  const occurs = new Uint8Array(change.knownTokens);
  if (marks.sequenceStart !== undefined) occurs[marks.sequenceStart] = 1;
  let ends = 0;
  for (let at = 0; at < length; at += pieceTokens) {
    for (const id of await read(at, Math.min(at + pieceTokens, length))) {
      occurs[id] = 1;
      if (id === marks.sequenceEnd) ends++;
    }
  }
  return { length, read, ...rankOccurring(occurs), ...marks, sequences: ends + 1, ends: [length] };
}

/** The words of a text by rising id: dense numbers that sort as the ids do. */
function rankById(ids: Uint32Array): Pick<WordStream, 'rankOf' | 'idOf'> {
  const { length } = ids;
  const sorted = new Float64Array(ids);
  const words = new Uint32Array(length);
  for (let word = 0; word < length; word++) words[word] = word;
  sortPairs(sorted, words);
  const rankOf = new Uint32Array(length);
  const idOf = new Uint32Array(length + 1);
  let ranks = 0;
  for (let i = 0; i < length; i++) {
    // Several words have the same id if they are all <unk>.
    if (i === 0 || sorted[i] !== sorted[i - 1]) idOf[ranks++] = sorted[i];
    rankOf[words[i]] = ranks - 1;
  }
  idOf[ranks] = noToken;
  return { rankOf, idOf: ranks === length ? idOf : idOf.slice(0, ranks + 1) };
}

/** As `rankById`, of the ids that occur, where words are their ids. */
function rankOccurring(occurs: Uint8Array): Pick<WordStream, 'rankOf' | 'idOf'> {
  const rankOf = new Uint32Array(occurs.length);
  const idOf: number[] = [];
  for (const [id, isThere] of occurs.entries()) if (isThere === 1) rankOf[id] = idOf.push(id) - 1;
  idOf.push(noToken);
  return { rankOf, idOf: Uint32Array.from(idOf) };
}
