import type { DocumentSummary, Snapshot } from '../../store/store.ts';
import { reservedId } from '../../text/reserved.ts';
import type { TokenId } from '../count-index.ts';

/** Sequences of tokens, one after the other. */
export interface AddedTexts {
  readonly ids: Uint32Array;
  /** For each position, where its sequence ends. */
  readonly ends: Uint32Array;
}

/** Texts that follow the first `known` tokens of a snapshot's stream, with `<s>` before each line. */
export async function readAddedTexts(
  snapshot: Snapshot,
  known: number,
  documents: readonly DocumentSummary[],
): Promise<AddedTexts> {
  const ids = new Int32Array(documents.reduce((sum, { tokens }) => sum + tokens, 0));
  await snapshot.readTokens(known, ids);
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
