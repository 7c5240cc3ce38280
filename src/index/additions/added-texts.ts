import type { Snapshot } from '../../store/store.ts';
import { reservedId } from '../../text/reserved.ts';
import type { TokenId } from '../count-index.ts';
import type { CountTrie } from '../resident/count-trie.ts';

/** Sequences of tokens, one after the other. */
export interface AddedTexts {
  readonly ids: Uint32Array;
  /** For each position, where its sequence ends. */
  readonly ends: Uint32Array;
}

/** The maximum number of documents that are counted beside an index. */
const maxDocuments = 2 ** 16;

/**
 * The texts that a snapshot has in addition to those of a trie of an earlier version, with `<s>` before each line; undefined
 * if documents of that version have been removed, too many were added, or they are counts.
 */
export async function readAddedTexts(snapshot: Snapshot, trie: CountTrie): Promise<AddedTexts | undefined> {
  if (snapshot.settings.content !== undefined) return undefined;
  const documents = await snapshot.documentsSince(trie.version, maxDocuments);
  const { tokens } = await snapshot.summary();
  const added = documents.reduce((sum, document) => sum + document.tokens, 0);
  // The stream has the documents in the order in which they were added; if older ones are missing, it is too short.
  if (trie.tokens + added !== tokens) return undefined;
  const ids = new Int32Array(added);
  await snapshot.readTokens(trie.tokens, ids);
  const sequenceStart = reservedId(snapshot.settings, '<s>');
  return sequenceStart === undefined
    ? documentsOf(
        ids,
        documents.map(({ tokens }) => tokens),
      )
    : linesOf(ids, sequenceStart, reservedId(snapshot.settings, '</s>') as TokenId);
}

function documentsOf(ids: Int32Array, lengths: readonly number[]): AddedTexts {
  const ends = new Uint32Array(ids.length);
  let end = 0;
  for (const length of lengths) {
    ends.fill(end + length, end, end + length);
    end += length;
  }
  return { ids: Uint32Array.from(ids), ends };
}

/** Every line of the stream ends with `</s>`. */
function linesOf(tokens: Int32Array, sequenceStart: TokenId, sequenceEnd: TokenId): AddedTexts {
  const lines = tokens.reduce((count, id) => (id === sequenceEnd ? count + 1 : count), 0);
  const ids = new Uint32Array(tokens.length + lines);
  const ends = new Uint32Array(ids.length);
  let start = 0;
  let at = 0;
  for (const id of tokens) {
    if (at === start) ids[at++] = sequenceStart;
    ids[at++] = id;
    if (id !== sequenceEnd) continue;
    ends.fill(at, start, at);
    start = at;
  }
  return { ids, ends };
}
