import type { CorpusText } from '../index/corpus-text.ts';
import { type TokenId, UNSEEN } from '../index/count-index.ts';
import type { TokenBlock } from '../index/token-stream.ts';
import { reservedId } from '../text/reserved.ts';
import { rarestOf } from './phrase-hits.ts';

/** A phrase to be looked for in the token stream, where `<s>` does not stand. */
interface Sought {
  readonly ids: readonly TokenId[];
  /** The place in `ids` of the token by which it is found. */
  readonly anchor: number;
  /** Whether it has to begin a line. */
  readonly beginsLine: boolean;
  /** Its place among the phrases. */
  readonly index: number;
}

/**
 * How often phrases of one or more tokens occur in groups of documents, in one pass over the text:
 * `counts[group][phrase]`. `groupOf` has the group of each document. Occurrences may overlap. As in n-grams, none
 * crosses the end of a document, or of a line.
 */
export async function countPhrases(
  text: CorpusText,
  phrases: readonly (readonly TokenId[])[],
  groupOf: Int32Array,
  groups: number,
): Promise<Float64Array[]> {
  const counts = Array.from({ length: groups }, () => new Float64Array(phrases.length));
  const { settings } = text.snapshot;
  const end = reservedId(settings, '</s>');
  const sought = soughtOf(phrases, reservedId(settings, '<s>'), end);
  if (sought.length === 0) return counts;
  const { tokenIds } = await text.snapshot.summary();
  const anchors = [...Map.groupBy(sought, ({ ids, anchor }) => ids[anchor])];
  const found = { ofToken: new Uint8Array(tokenIds), sought: anchors.map(([, sought]) => sought) };
  for (const [i, [token]] of anchors.entries()) found.ofToken[token] = i + 1;
  const overlap = Math.max(...sought.map(({ ids }) => ids.length));
  let last: TokenId = UNSEEN;
  for await (const block of text.blocks(overlap)) {
    countInBlock(text, block, { found, last, end }, (document, { index }) => {
      counts[groupOf[document]][index]++;
    });
    last = block.ids[block.own - 1];
  }
  return counts;
}

interface Anchors {
  /** For each id of a token 1 + the place of its phrases in `sought`, or 0. */
  readonly ofToken: Uint8Array;
  readonly sought: readonly (readonly Sought[])[];
}

/** Reports the phrases that begin among a block's own tokens. `last` is the token before the block. */
function countInBlock(
  text: CorpusText,
  { first, ids, own }: TokenBlock,
  { found: { ofToken, sought }, last, end }: { found: Anchors; last: TokenId; end: TokenId | undefined },
  report: (document: number, phrase: Sought) => void,
): void {
  const { starts } = text.documents;
  let document = text.documentAt(first);
  for (let at = nextAnchor(ids, ofToken, 0); at < ids.length; at = nextAnchor(ids, ofToken, at + 1)) {
    while (starts[document + 1] <= first + at) document++;
    for (const phrase of sought[ofToken[ids[at]] - 1]) {
      const start = at - phrase.anchor;
      if (start < 0 || start >= own || first + start < starts[document]) continue;
      if (first + start + phrase.ids.length > starts[document + 1]) continue;
      if (phrase.ids.length > 1 && !isAt(ids, start, phrase.ids)) continue;
      if (phrase.beginsLine && first + start !== starts[document]) {
        if ((start === 0 ? last : ids[start - 1]) !== end) continue;
      }
      report(document, phrase);
    }
  }
}

/** The place of the first token from one on by which a phrase is found. */
function nextAnchor(ids: Int32Array, ofToken: Uint8Array, from: number): number {
  let at = from;
  while (at < ids.length && ofToken[ids[at]] === 0) at++;
  return at;
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
    return [{ ids, anchor: rarestOf(ids), beginsLine: beginsLine && phrase.length > 1, index }];
  });
}

function isAt(ids: Int32Array, at: number, phrase: readonly TokenId[]): boolean {
  for (let i = 0; i < phrase.length; i++) if (ids[at + i] !== phrase[i]) return false;
  return true;
}
