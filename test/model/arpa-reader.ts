export interface ArpaEntry {
  readonly logProbability: number;
  readonly backoff: number;
}

/** Represents the probability 0 in a file. */
const impossible = -99;

/**
 * A back-off model as read from an ARPA file (Katz 1987; Heafield 2011): the longest n-gram of the file that ends with a
 * word has the word's probability, longer contexts add their back-off weights, and a word that is not in the file is
 * `<unk>`, as a word and in contexts. Independent of the code that wrote the file.
 */
export class ArpaReader {
  /** The number of n-grams of each order according to the header. */
  readonly announced: number[] = [];
  /** The n-grams of each order, by their words joined with spaces. */
  readonly ngrams: Map<string, ArpaEntry>[] = [];

  constructor(file: string) {
    for (const line of file.split('\n')) {
      const count = /^ngram \d+=(\d+)$/.exec(line);
      if (count !== null) this.announced.push(Number(count[1]));
      else if (/^\\\d-grams:$/.test(line)) this.ngrams.push(new Map());
      else if (line.includes('\t')) {
        const [logProbability, ngram, backoff = '0'] = line.split('\t');
        const entry = { logProbability: Number(logProbability), backoff: Number(backoff) };
        this.ngrams.at(-1)?.set(ngram, entry);
      }
    }
  }

  /** log10 P(word | context); -Infinity for 0. */
  logProbability(context: readonly string[], word: string): number {
    const order = this.ngrams.length;
    const history = context.map((token) => this.#known(token)).slice(Math.max(0, context.length - order + 1));
    const known = this.#known(word);
    let backoff = 0;
    for (let from = 0; from <= history.length; from++) {
      const longer = history.slice(from);
      const entry = this.ngrams[longer.length].get([...longer, known].join(' '));
      if (entry !== undefined) {
        const sum = entry.logProbability + backoff;
        return sum <= impossible ? Number.NEGATIVE_INFINITY : sum;
      }
      backoff += this.ngrams[longer.length - 1]?.get(longer.join(' '))?.backoff ?? 0;
    }
    throw new Error('The file has no <unk>.');
  }

  #known(token: string): string {
    return this.ngrams[0].has(token) ? token : '<unk>';
  }
}
