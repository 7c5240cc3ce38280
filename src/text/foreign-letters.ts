import type { TokenizerName } from './tokenizer.ts';
import { lowerCase } from './word.ts';

/** How many letters a text has, and how many of them are in no token; of a sample of it. */
export interface LetterCounts {
  letters: number;
  dropped: number;
}

/** The number of pieces of each chunk of a text that are looked at, and their size in bytes. */
const pieces = 16;
const pieceBytes = 256;

const letter = /\p{L}/gu;

/** Counts the letters of texts that the tokenizers `word` and `char` leave out: all but A–Z and a–z. */
export class ForeignLetters {
  readonly #isLeftOut: boolean;
  #counts: LetterCounts = { letters: 0, dropped: 0 };

  constructor(tokenizer: TokenizerName) {
    this.#isLeftOut = tokenizer === 'word' || tokenizer === 'char';
  }

  /** Takes the next chunk of a text. */
  add(chunk: Uint8Array): void {
    if (!this.#isLeftOut) return;
    const step = Math.max(pieceBytes, Math.ceil(chunk.length / pieces));
    for (let at = 0; at < chunk.length; at += step) this.#addPiece(chunk.subarray(at, at + pieceBytes));
  }

  /** The counts of the text, of which the next is counted from now on. */
  take(): LetterCounts {
    const counts = this.#counts;
    this.#counts = { letters: 0, dropped: 0 };
    return counts;
  }

  #addPiece(piece: Uint8Array): void {
    let read = 0;
    let isAscii = true;
    for (let i = 0; i < piece.length; i++) {
      if (lowerCase[piece[i]] !== 0) read++;
      else if (piece[i] >= 0x80) isAscii = false;
    }
    // A letter that is cut at an end of the piece is not one of them.
    const letters = isAscii ? read : (Buffer.from(piece).toString().match(letter)?.length ?? 0);
    this.#counts.letters += letters;
    this.#counts.dropped += letters - read;
  }
}

/** What there is to say about the letters that are in no token: undefined if they are a tenth of all at most. */
export function droppedLettersNote(
  tokenizer: TokenizerName,
  texts: readonly LetterCounts[],
): string | undefined {
  const letters = texts.reduce((sum, text) => sum + text.letters, 0);
  const dropped = texts.reduce((sum, text) => sum + text.dropped, 0);
  if (dropped * 10 <= letters) return undefined;
  const share = Math.round((100 * dropped) / letters);
  return `The tokenizer ${tokenizer} reads A–Z alone, and about ${share} % of the letters of this text are others, which are in no token. For languages with other letters, choose tokenizer=unicode when the corpus is created.`;
}
