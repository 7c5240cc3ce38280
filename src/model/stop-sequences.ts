/** A token of a completion with its text, which includes what stands before it. */
export interface TextPiece {
  readonly text: string;
}

/**
 * Ends a text before the first of some stop sequences. Pieces that can still turn out to belong to one are held back.
 */
export class StoppedText<Piece extends TextPiece> {
  readonly #stops: readonly string[];
  readonly #longest: number;
  /** The pieces that are held back, and their text. */
  #held: Piece[] = [];
  #text = '';
  #isStopped = false;

  /** Empty stop sequences are ignored. */
  constructor(stops: readonly string[]) {
    this.#stops = stops.filter((stop) => stop !== '');
    this.#longest = this.#stops.reduce((most, { length }) => Math.max(most, length), 0);
  }

  /** Whether a stop sequence was found: nothing more belongs to the text. */
  get isStopped(): boolean {
    return this.#isStopped;
  }

  /**
   * Adds a piece. Returns the pieces that are now certain to belong to the text, the last one cut where it is stopped.
   */
  add(piece: Piece): Piece[] {
    this.#held.push(piece);
    this.#text += piece.text;
    const end = this.#firstStop();
    this.#isStopped = end < this.#text.length;
    const certain = this.#isStopped ? this.#upTo(end) : this.#before(this.#text.length - this.#openLength());
    return certain;
  }

  /** The pieces held back when the text has ended without a stop sequence. */
  end(): Piece[] {
    return this.#before(this.#text.length);
  }

  /** Where the first stop sequence begins; the length of the text if it has none. */
  #firstStop(): number {
    let first = this.#text.length;
    for (const stop of this.#stops) {
      const at = this.#text.indexOf(stop);
      if (at >= 0 && at < first) first = at;
    }
    return first;
  }

  /** The length of the longest end of the text with which a stop sequence can begin. */
  #openLength(): number {
    for (let length = Math.min(this.#longest - 1, this.#text.length); length > 0; length--) {
      const end = this.#text.slice(-length);
      if (this.#stops.some((stop) => stop.startsWith(end))) return length;
    }
    return 0;
  }

  /** Takes the pieces that end at `end` at the latest. */
  #before(end: number): Piece[] {
    const taken: Piece[] = [];
    let length = 0;
    while (this.#held.length > 0 && length + this.#held[0].text.length <= end) {
      const piece = this.#held.shift() as Piece;
      length += piece.text.length;
      taken.push(piece);
    }
    this.#text = this.#text.slice(length);
    return taken;
  }

  /** Takes the pieces that begin before `end`, the last one cut there; the others are dropped. */
  #upTo(end: number): Piece[] {
    const taken: Piece[] = [];
    let left = end;
    for (const piece of this.#held) {
      if (left <= 0) break;
      taken.push(left < piece.text.length ? { ...piece, text: piece.text.slice(0, left) } : piece);
      left -= piece.text.length;
    }
    this.#held = [];
    this.#text = '';
    return taken;
  }
}
