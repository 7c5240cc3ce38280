import type { CorpusText } from '../index/corpus-text.ts';
import { type TokenId, UNSEEN } from '../index/count-index.ts';
import type { TokenBlock } from '../index/token-stream.ts';

/** Where a phrase occurs in a text, in the text's order. */
export interface PhraseHits {
  /** The positions of its first tokens in the token stream. */
  readonly positions: Uint32Array;
  /** For each occurrence the token before it and the one after it in its document; `UNSEEN` if there is none. */
  readonly before: Int32Array;
  readonly after: Int32Array;
}

/**
 * Finds every occurrence of a phrase of one or more tokens in the documents of a text. Occurrences may overlap. None
 * crosses the end of a document.
 */
export async function phraseHits(text: CorpusText, phrase: readonly TokenId[]): Promise<PhraseHits> {
  const hits = new HitList();
  if (!phrase.includes(UNSEEN)) {
    let last: TokenId = UNSEEN;
    const anchor = rarestOf(phrase);
    for await (const block of text.blocks(phrase.length)) {
      findInBlock(block, phrase, { anchor, last }, hits);
      last = block.ids[block.own - 1];
    }
  }
  return withinDocuments(text, phrase.length, hits);
}

/**
 * The place in a phrase of the token by which it is best found, the last of those with the highest id: the words of a
 * text are numbered by falling count, so that it is mostly the rarest.
 */
export function rarestOf(phrase: readonly TokenId[]): number {
  return phrase.reduce((best, id, i) => (id >= phrase[best] ? i : best), 0);
}

/**
 * Adds the occurrences that begin among a block's own tokens. `anchor` is the place in the phrase of the token that is
 * compared with each of the block, and `last` the token before the block.
 */
function findInBlock(
  { first, ids, own }: TokenBlock,
  phrase: readonly TokenId[],
  { anchor, last }: { anchor: number; last: TokenId },
  hits: HitList,
): void {
  const { length } = phrase;
  const sought = phrase[anchor];
  const end = Math.min(own, ids.length - length + 1) + anchor;
  // The engine's own search takes three quarters of the time of a loop.
  const after = (place: number) => ids.indexOf(sought, place + 1);
  for (let found = after(anchor - 1); found !== -1 && found < end; found = after(found)) {
    const at = found - anchor;
    if (length > 1 && !isAt(ids, at, phrase)) continue;
    const next = at + length < ids.length ? ids[at + length] : UNSEEN;
    hits.add(first + at, at === 0 ? last : ids[at - 1], next);
  }
}

function isAt(ids: Int32Array, at: number, phrase: readonly TokenId[]): boolean {
  for (let i = 0; i < phrase.length; i++) if (ids[at + i] !== phrase[i]) return false;
  return true;
}

/** The occurrences that lie in one document, without neighbours from others. */
function withinDocuments(text: CorpusText, length: number, hits: HitList): PhraseHits {
  const { starts } = text.documents;
  const { positions, before, after } = hits;
  let kept = 0;
  let document = 0;
  for (let i = 0; i < hits.length; i++) {
    const position = positions[i];
    while (starts[document + 1] <= position) document++;
    if (position + length > starts[document + 1]) continue;
    positions[kept] = position;
    before[kept] = position === starts[document] ? UNSEEN : before[i];
    after[kept++] = position + length === starts[document + 1] ? UNSEEN : after[i];
  }
  return {
    positions: positions.subarray(0, kept),
    before: before.subarray(0, kept),
    after: after.subarray(0, kept),
  };
}

/** Occurrences in arrays that grow. */
class HitList {
  positions = new Uint32Array(1024);
  before = new Int32Array(1024);
  after = new Int32Array(1024);
  length = 0;

  add(position: number, before: TokenId, after: TokenId): void {
    if (this.length === this.positions.length) this.#grow();
    this.positions[this.length] = position;
    this.before[this.length] = before;
    this.after[this.length++] = after;
  }

  #grow(): void {
    const grown = <Numbers extends Uint32Array | Int32Array>(empty: Numbers, full: Numbers) => {
      empty.set(full);
      return empty;
    };
    this.positions = grown(new Uint32Array(2 * this.length), this.positions);
    this.before = grown(new Int32Array(2 * this.length), this.before);
    this.after = grown(new Int32Array(2 * this.length), this.after);
  }
}
