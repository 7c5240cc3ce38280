import { NgramdError } from '../../errors.ts';
import { type TokenId, UNSEEN } from '../../index/count-index.ts';
import type { Vocabulary } from '../../index/vocabulary.ts';
import { type QuerySettings, unknownId } from '../../text/reserved.ts';
import { readWordList } from '../../text/word-list.ts';
import type { LimitedVocabulary, Pruning } from './pruning.ts';

/** How many words of a list are looked up at a time. */
const wordsAtATime = 10_000;

/** The words of a corpus. */
interface Words {
  readonly settings: QuerySettings;
  readonly vocabulary: Pick<Vocabulary, 'tokenIds'>;
  /** n(w) by id; 0 for tokens that do not occur. */
  readonly counts: Float64Array;
}

/**
 * Which tokens the n-grams of a file are made of, by id, 1 for each that is kept: `<unk>`, `<s>` and `</s>` always, as
 * `lmplz` does, and the words that the vocabulary has and whose counts are above the threshold of order 1. Throws
 * `invalid-request` for a list that has something else than words, and if no word is kept.
 */
export async function selectWords({ thresholds, vocabulary }: Pruning, words: Words): Promise<Uint8Array> {
  const { counts } = words;
  const kept = new Uint8Array(new SharedArrayBuffer(counts.length));
  const always = await alwaysKept(words);
  const keep = (id: TokenId) => {
    if (id !== UNSEEN && counts[id] > thresholds[0]) kept[id] = 1;
  };
  if (vocabulary === undefined) for (let id = 0; id < counts.length; id++) keep(id);
  else for (const id of await idsIn(vocabulary, words, always)) keep(id);
  for (const id of always) kept[id] = 0;
  if (!kept.includes(1)) throw nothingKept(vocabulary);
  for (const id of always) kept[id] = 1;
  return kept;
}

/** `<unk>`, `<s>` and `</s>`, also where they are ordinary words: readers of ARPA files require them. */
async function alwaysKept({ settings, vocabulary }: Words): Promise<Set<TokenId>> {
  const ids = await vocabulary.tokenIds(['<s>', '</s>']);
  return new Set([unknownId(settings), ...ids].filter((id) => id !== UNSEEN));
}

/** The ids of the words of a vocabulary, among them `UNSEEN` for those that the corpus has never had. */
async function idsIn(
  chosen: LimitedVocabulary,
  { settings, vocabulary, counts }: Words,
  always: ReadonlySet<TokenId>,
): Promise<Iterable<TokenId>> {
  if ('top' in chosen) {
    const ids = Uint32Array.from(counts.keys()).filter((id) => counts[id] > 0 && !always.has(id));
    return ids.sort((a, b) => counts[b] - counts[a] || a - b).subarray(0, chosen.top);
  }
  const ids: TokenId[] = [];
  const listed = readWordList(settings, chosen.list);
  for (let at = 0; at < listed.length; at += wordsAtATime) {
    for (const id of await vocabulary.tokenIds(listed.slice(at, at + wordsAtATime))) ids.push(id);
  }
  return ids;
}

function nothingKept(vocabulary: LimitedVocabulary | undefined): NgramdError {
  const detail =
    vocabulary === undefined
      ? 'No word of the corpus occurs more often than the first threshold, so that no words would be left.'
      : 'No word of this vocabulary occurs in the corpus more often than the first threshold, so that no words would be left.';
  const inQuery = vocabulary === undefined ? '/prune' : '/vocabulary';
  const pointer = vocabulary !== undefined && 'list' in vocabulary ? '/body/vocabulary' : inQuery;
  return new NgramdError('invalid-request', detail, [{ pointer, detail }]);
}
