import { createHash } from 'node:crypto';

export interface SoakSettings {
  tokenizer: 'word' | 'unicode' | 'whitespace';
  order: number;
  sequences: 'document' | 'line';
}

export interface SoakDocument {
  id: string;
  /** Lower-case words separated by single spaces and line ends, so that every tokenizer reads the same words. */
  text: string;
  /** The version of the corpus that added it. */
  version: number;
}

/** The name and parameters of an estimator as sent in requests, and its formula. */
export interface SoakEstimator {
  name: string;
  parameters: Record<string, string>;
  probability(state: CorpusState, context: string[], word: string): number | null;
  /** The count of a word after a context, if it is not n(hw). */
  count?(state: CorpusState, context: string[], word: string): number;
}

/** The words that follow a context. */
interface Followers {
  /** The number of times any word does. */
  total: number;
  /** The number of times each word does. */
  words: Map<string, number>;
}

const nothing: Followers = { total: 0, words: new Map() };

/** A corpus at one version, counted from its documents by brute force. */
export class CorpusState {
  readonly settings: SoakSettings;
  readonly version: number;
  readonly documents: readonly SoakDocument[];
  /** The ids of all words that the corpus has ever had. */
  readonly ids: ReadonlyMap<string, number>;
  #followers?: Map<string, Followers>;
  #adjusted?: Map<string, Followers>;
  #discounts?: number[];

  private constructor(
    settings: SoakSettings,
    version: number,
    documents: readonly SoakDocument[],
    ids: ReadonlyMap<string, number>,
  ) {
    this.settings = settings;
    this.version = version;
    this.documents = documents;
    this.ids = ids;
  }

  static created(settings: SoakSettings, documents: readonly SoakDocument[]): CorpusState {
    const reserved = settings.sequences === 'line' ? ['<unk>', '<s>', '</s>'] : ['<unk>'];
    const ids = new Map(reserved.map((token, id) => [token, id]));
    return new CorpusState(settings, 1, documents, withWordsOf(ids, settings, documents));
  }

  with(document: SoakDocument): CorpusState {
    const ids = withWordsOf(this.ids, this.settings, [document]);
    return new CorpusState(this.settings, this.version + 1, [...this.documents, document], ids);
  }

  without(id: string): CorpusState {
    const documents = this.documents.filter((document) => document.id !== id);
    return new CorpusState(this.settings, this.version + 1, documents, this.ids);
  }

  /** The tokens of which minibatches are made. */
  get stream(): string[] {
    return this.#sequences()
      .flat()
      .filter((token) => token !== '<s>');
  }

  /** The distinct words, by id. */
  get vocabulary(): string[] {
    const words = [...this.#followersOf('').words.keys()];
    return words.sort((a, b) => (this.ids.get(a) as number) - (this.ids.get(b) as number));
  }

  /** n(hw) of each n-gram of an order that occurs, by its tokens joined with spaces. */
  ngrams(order: number): Map<string, number> {
    const counts = new Map<string, number>();
    for (const [context, { words }] of this.#counted()) {
      if (lengthOf(context) !== order - 1) continue;
      for (const [word, count] of words) counts.set(context === '' ? word : `${context} ${word}`, count);
    }
    return counts;
  }

  /** n(hw) */
  count(context: string[], word: string): number {
    return this.#followersOf(context.join(' ')).words.get(word) ?? 0;
  }

  /** n(h·) */
  total(context: string[]): number {
    return this.#followersOf(context.join(' ')).total;
  }

  /** The number of distinct words that follow a context. */
  types(context: string[]): number {
    return this.#followersOf(context.join(' ')).words.size;
  }

  /** The quantities of the interpolated Kneser–Ney model of the highest order: see `estimators.ts`. */
  kneserNey(context: string[]): { followers: Followers; discount: number } {
    const order = context.length + 1;
    const all = order === this.settings.order ? this.#counted() : this.#adjustedCounts();
    this.#discounts ??= Array.from({ length: this.settings.order }, (_, i) => this.#discount(i + 1));
    return { followers: all.get(context.join(' ')) ?? nothing, discount: this.#discounts[order - 1] };
  }

  #followersOf(context: string): Followers {
    return this.#counted().get(context) ?? nothing;
  }

  #sequences(): string[][] {
    return this.documents.flatMap(({ text }) => sequencesOf(this.settings, text));
  }

  #counted(): Map<string, Followers> {
    if (this.#followers !== undefined) return this.#followers;
    const followers = new Map<string, Followers>();
    for (const sequence of this.#sequences()) {
      for (let at = 0; at < sequence.length; at++) {
        // <s> is only ever a context.
        if (sequence[at] === '<s>') continue;
        for (let length = 0; length < this.settings.order && length <= at; length++) {
          add(followers, sequence.slice(at - length, at).join(' '), sequence[at], 1);
        }
      }
    }
    this.#followers = followers;
    return followers;
  }

  /** Below the highest order: the number of distinct tokens that precede an n-gram, or n(g) if it begins a line. */
  #adjustedCounts(): Map<string, Followers> {
    if (this.#adjusted !== undefined) return this.#adjusted;
    const adjusted = new Map<string, Followers>();
    const before = new Map<string, Set<string>>();
    for (const sequence of this.#sequences()) {
      for (let at = 0; at < sequence.length; at++) {
        if (sequence[at] === '<s>') continue;
        for (let length = 0; length < this.settings.order - 1 && length <= at; length++) {
          const context = sequence.slice(at - length, at);
          const ngram = [...context, sequence[at]].join(' ');
          if (context[0] === '<s>') {
            add(adjusted, context.join(' '), sequence[at], 1);
            continue;
          }
          const seen = before.get(ngram) ?? new Set();
          before.set(ngram, seen);
          const previous = at === length ? ' the start' : sequence[at - length - 1];
          if (seen.has(previous)) continue;
          seen.add(previous);
          add(adjusted, context.join(' '), sequence[at], 1);
        }
      }
    }
    this.#adjusted = adjusted;
    return adjusted;
  }

  /** n₁ / (n₁ + 2 n₂) of the counts of an order, 0.5 if one of them is 0. */
  #discount(order: number): number {
    const all = order === this.settings.order ? this.#counted() : this.#adjustedCounts();
    const ngrams = [0, 0];
    for (const [context, { words }] of all) {
      if (lengthOf(context) !== order - 1) continue;
      for (const count of words.values()) if (count <= 2) ngrams[count - 1]++;
    }
    const [one, two] = ngrams;
    return one > 0 && two > 0 ? one / (one + 2 * two) : 0.5;
  }
}

/** The sequences of a text, with their markers. */
export function sequencesOf({ sequences }: SoakSettings, text: string): string[][] {
  const words = (text: string) => text.split(/\s+/).filter((word) => word !== '');
  if (sequences === 'document') return [words(text)];
  const lines = text.split('\n').map(words);
  return lines.filter((line) => line.length > 0).map((line) => ['<s>', ...line, '</s>']);
}

/** A document as it is answered. */
export function documentView(settings: SoakSettings, { id, text, version }: SoakDocument) {
  const tokens = sequencesOf(settings, text)
    .flat()
    .filter((token) => token !== '<s>').length;
  const sha256 = createHash('sha256').update(text).digest('hex');
  return { id, tokens, bytes: Buffer.byteLength(text), sha256, version };
}

/**
 * The new words of each document get the next ids, by decreasing count, and in order of appearance among equal counts.
 */
function withWordsOf(
  known: ReadonlyMap<string, number>,
  settings: SoakSettings,
  documents: readonly SoakDocument[],
): Map<string, number> {
  const ids = new Map(known);
  for (const { text } of documents) {
    const counts = new Map<string, number>();
    for (const token of sequencesOf(settings, text).flat()) {
      if (!ids.has(token)) counts.set(token, (counts.get(token) ?? 0) + 1);
    }
    for (const [word] of [...counts].sort(([, a], [, b]) => b - a)) ids.set(word, ids.size);
  }
  return ids;
}

function add(followers: Map<string, Followers>, context: string, word: string, count: number): void {
  const found = followers.get(context) ?? { total: 0, words: new Map() };
  followers.set(context, found);
  found.total += count;
  found.words.set(word, (found.words.get(word) ?? 0) + count);
}

function lengthOf(context: string): number {
  return context === '' ? 0 : context.split(' ').length;
}
