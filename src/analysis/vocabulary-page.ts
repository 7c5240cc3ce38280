import { hasCounts } from '../index/kinds.ts';
import { type Snapshot, type TokenId, UNSEEN } from '../store/store.ts';
import { firstReservedId, reservedId, reservedTokens } from '../text/reserved.ts';

/** A token with its count. */
export interface CountedToken {
  readonly id: TokenId;
  readonly token: string;
  /** Absent in a corpus without counts. */
  readonly count?: number;
}

/**
 * At most `limit` tokens with their counts, by id, from the id `from` on: the words that occur, and the reserved tokens.
 * `<s>`, which is not a word, has the count 0.
 */
export async function vocabularyPage(
  snapshot: Snapshot,
  from: TokenId,
  limit: number,
): Promise<CountedToken[]> {
  const { settings } = snapshot;
  if (!hasCounts(settings)) return tokensFrom(snapshot, from, limit);
  const reserved = reservedTokens(settings.sequences).length;
  const counts = new Map<TokenId, number>();
  const first = firstReservedId(settings);
  for (let id = Math.max(first, from); id < first + reserved; id++) counts.set(id, 0);
  const sequenceStart = reservedId(settings, '<s>') ?? UNSEEN;
  // The reserved tokens that occur are counted twice here, so that these are enough.
  const enough = limit + reserved;
  let occurring = 0;
  for await (const { ids, counts: found, length } of snapshot.ngrams(1, [from])) {
    for (let i = 0; i < length && occurring < enough; i++, occurring++) {
      counts.set(ids[i], ids[i] === sequenceStart ? 0 : found[i]);
    }
    if (occurring === enough) break;
  }
  const listed = [...counts].sort(([a], [b]) => a - b).slice(0, limit);
  const tokens = await snapshot.tokens(listed.map(([id]) => id));
  return listed.map(([id, count], i) => ({ id, token: tokens[i], count }));
}

/** At most `limit` tokens by id, from the id `from` on. */
async function tokensFrom(snapshot: Snapshot, from: TokenId, limit: number): Promise<CountedToken[]> {
  const listed: CountedToken[] = [];
  for await (const tokens of snapshot.vocabulary(from)) {
    for (const token of tokens) {
      if (listed.length === limit) return listed;
      listed.push({ id: from + listed.length, token });
    }
  }
  return listed;
}
