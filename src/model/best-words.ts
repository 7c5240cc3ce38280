import type { TokenId } from '../index/count-index.ts';

export interface ScoredWord {
  word: TokenId;
  score: number;
}

/** The best k of the offered words: highest score first, ties by increasing id. A binary heap with the worst on top. */
export class BestWords {
  readonly #k: number;
  readonly #heap: ScoredWord[] = [];

  constructor(k: number) {
    this.#k = k;
  }

  /** Whether a word with this score would be among the best; its id is requested only to break a tie. */
  takes(score: number, word: () => TokenId): boolean {
    if (this.#heap.length < this.#k) return true;
    const worst = this.#heap[0];
    return score > worst.score || (score === worst.score && word() < worst.word);
  }

  offer(offered: ScoredWord): void {
    const heap = this.#heap;
    if (heap.length < this.#k) {
      heap.push(offered);
      this.#rise(heap.length - 1);
    } else if (comesBefore(offered, heap[0])) {
      heap[0] = offered;
      this.#sink();
    }
  }

  sorted(): ScoredWord[] {
    return [...this.#heap].sort((a, b) => (comesBefore(a, b) ? -1 : 1));
  }

  #rise(from: number): void {
    const heap = this.#heap;
    for (let at = from; at > 0; ) {
      const parent = (at - 1) >> 1;
      if (!comesBefore(heap[parent], heap[at])) return;
      [heap[parent], heap[at]] = [heap[at], heap[parent]];
      at = parent;
    }
  }

  #sink(): void {
    const heap = this.#heap;
    for (let at = 0; ; ) {
      let worst = at;
      for (const child of [2 * at + 1, 2 * at + 2]) {
        if (child < heap.length && comesBefore(heap[worst], heap[child])) worst = child;
      }
      if (worst === at) return;
      [heap[worst], heap[at]] = [heap[at], heap[worst]];
      at = worst;
    }
  }
}

/** Whether `a` precedes `b` in the list of all words: by decreasing score, ties by increasing id. */
export function comesBefore(a: ScoredWord, b: ScoredWord): boolean {
  return a.score > b.score || (a.score === b.score && a.word < b.word);
}
