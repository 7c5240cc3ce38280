import type { CorpusText } from '../index/corpus-text.ts';
import { type TokenId, UNSEEN } from '../index/count-index.ts';
import { reservedId } from '../text/reserved.ts';

/** A phrase to be looked for in the token stream, where `<s>` does not stand. */
interface Sought {
  readonly ids: readonly TokenId[];
  /** Whether it has to begin a line. */
  readonly beginsLine: boolean;
  /** Its place among the phrases. */
  readonly index: number;
}

/**
 * How often phrases of one or more tokens occur in groups of documents, in one pass over the text: `counts[group][phrase]`.
 * `groupOf` has the group of each document. Occurrences may overlap. As in n-grams, none crosses the end
 * of a document, or of a line.
 */
export async function countPhrases(
  text: CorpusText,
  phrases: readonly (readonly TokenId[])[],
  groupOf: Int32Array,
  groups: number,
): Promise<Float64Array[]> {
  const counts = Array.from({ length: groups }, () => new Float64Array(phrases.length));
  const { sequences } = text.snapshot.settings;
  const end = reservedId(sequences, '</s>');
  const sought = soughtOf(phrases, reservedId(sequences, '<s>'), end);
  if (sought.length === 0) return counts;
  const byHead = Map.groupBy(sought, ({ ids: [head] }) => head);
  const isHead = new Uint8Array(Math.max(...byHead.keys()) + 1);
  for (const head of byHead.keys()) isHead[head] = 1;
  const overlap = Math.max(...sought.map(({ ids }) => ids.length));
  const { starts } = text.documents;
  let document = 0;
  let last: TokenId = UNSEEN;
  for await (const { first, ids, own } of text.blocks(overlap)) {
    for (let at = 0; at < own; at++) {
      if (isHead[ids[at]] !== 1) continue;
      const position = first + at;
      while (starts[document + 1] <= position) document++;
      const before = position === starts[document] ? end : at === 0 ? last : ids[at - 1];
      for (const phrase of byHead.get(ids[at]) as Sought[]) {
        if (phrase.beginsLine && before !== end) continue;
        if (position + phrase.ids.length > starts[document + 1] || !isAt(ids, at, phrase.ids)) continue;
        counts[groupOf[document]][phrase.index]++;
      }
    }
    last = ids[own - 1];
  }
  return counts;
}

/** The phrases that can occur. A line begins with `<s>` and ends with `</s>`, and has neither of them elsewhere. */
function soughtOf(
  phrases: readonly (readonly TokenId[])[],
  start: TokenId | undefined,
  end: TokenId | undefined,
): Sought[] {
  return phrases.flatMap((phrase, index) => {
    const beginsLine = start !== undefined && phrase[0] === start;
    // There are as many lines as ends of lines.
    const ids = !beginsLine ? phrase : phrase.length > 1 ? phrase.slice(1) : [end as TokenId];
    const crosses = end !== undefined && ids.slice(0, -1).includes(end);
    if (crosses || ids.includes(UNSEEN)) return [];
    return [{ ids, beginsLine: beginsLine && phrase.length > 1, index }];
  });
}

function isAt(ids: Int32Array, at: number, phrase: readonly TokenId[]): boolean {
  for (let i = 1; i < phrase.length; i++) if (ids[at + i] !== phrase[i]) return false;
  return true;
}
