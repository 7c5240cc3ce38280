import { countPhrases } from '../../analysis/phrase-counts.ts';
import { CorpusText } from '../../index/corpus-text.ts';
import type { TokenPages } from '../../index/token-stream.ts';
import type { CorpusRef, Snapshot, TokenId } from '../../store/store.ts';
import { reservedId } from '../../text/reserved.ts';
import { readPhrase } from './phrases.ts';

/** What a comparison asks of one corpus. */
export interface FrequenciesQuestion {
  phrases: readonly string[];
  /** Whether the documents of each year are counted by themselves. */
  byYear: boolean;
}

/** How often each of the phrases occurs, and among how many words: the marks of lines are none. */
interface Frequencies {
  readonly words: number;
  readonly counts: readonly number[];
}

/** What one corpus says of the phrases. */
export interface CorpusFrequencies {
  readonly corpus: CorpusRef;
  readonly version: number;
  readonly words: number;
  /** One for all documents or, by year, one for each year, ascending. */
  readonly groups: readonly (Frequencies & { readonly year?: number })[];
  /** By year, the documents without a date. */
  readonly undated?: { readonly documents: number; readonly words: number };
}

/**
 * Counts phrases in a corpus, or in its documents of each year. In all documents, those that are no longer than the
 * corpus's order are looked up among the counts; others are looked for in the text, with the token stream in `pages`.
 */
export async function frequencies(
  snapshot: Snapshot,
  pages: TokenPages | undefined,
  question: FrequenciesQuestion,
): Promise<CorpusFrequencies> {
  const { version, settings, ref: corpus } = snapshot;
  const phrases = await readPhrases(snapshot, question.phrases);
  const end = reservedId(settings, '</s>');
  // Counted too, since they are not words.
  const sought = end === undefined ? phrases : [...phrases, [end]];
  const frequenciesOf = (tokens: number, counts: Float64Array): Frequencies => ({
    words: end === undefined ? tokens : tokens - counts[phrases.length],
    counts: [...counts.subarray(0, phrases.length)],
  });
  if (question.byYear) {
    return {
      corpus,
      version,
      ...(await countByYear(await CorpusText.of(snapshot, pages), sought, frequenciesOf)),
    };
  }
  const { tokens } = await snapshot.summary();
  const all = frequenciesOf(tokens, await countAll(snapshot, pages, sought));
  return { corpus, version, words: all.words, groups: [all] };
}

/** The ids of the tokens of phrases. Throws `invalid-request` for a phrase without tokens, or with too many. */
async function readPhrases(snapshot: Snapshot, phrases: readonly string[]): Promise<TokenId[][]> {
  const tokens = phrases.map((phrase) => readPhrase(snapshot.settings, phrase, '/query/phrases'));
  const ids = await snapshot.tokenIds(tokens.flat());
  let next = 0;
  return tokens.map(({ length }) => {
    next += length;
    return [...ids.subarray(next - length, next)];
  });
}

async function countAll(
  snapshot: Snapshot,
  pages: TokenPages | undefined,
  phrases: readonly TokenId[][],
): Promise<Float64Array> {
  const { order } = snapshot.settings;
  const counted = phrases.filter(({ length }) => length <= order);
  const ngrams = counted.map((ids) => ({ order: ids.length, length: 1, ids: Uint32Array.from(ids) }));
  const found = (await snapshot.counts({ ngrams })).ngrams.map(([count]) => count);
  const longer = phrases.filter(({ length }) => length > order);
  if (longer.length > 0) {
    const text = await CorpusText.of(snapshot, pages);
    const [inText] = await countPhrases(text, longer, new Int32Array(text.documents.ids.length), 1);
    found.push(...inText);
  }
  const counts = new Map([...counted, ...longer].map((phrase, i) => [phrase, found[i]]));
  return Float64Array.from(phrases, (phrase) => counts.get(phrase) as number);
}

async function countByYear(
  text: CorpusText,
  phrases: readonly TokenId[][],
  frequenciesOf: (tokens: number, counts: Float64Array) => Frequencies,
): Promise<Omit<CorpusFrequencies, 'corpus' | 'version'>> {
  const { dates, starts } = text.documents;
  const yearOf = (date: string | undefined) => (date === undefined ? undefined : Number(date.slice(0, 4)));
  const years = [...new Set(dates.map(yearOf))].filter((year) => year !== undefined).sort((a, b) => a - b);
  const places = new Map<number | undefined, number>(years.map((year, place) => [year, place]));
  // The last group has the documents without a date.
  const groupOf = Int32Array.from(dates, (date) => places.get(yearOf(date)) ?? years.length);
  const tokens = new Float64Array(years.length + 1);
  for (const [i, group] of groupOf.entries()) tokens[group] += starts[i + 1] - starts[i];
  const counts = await countPhrases(text, phrases, groupOf, tokens.length);
  const all = counts.map((ofGroup, group) => frequenciesOf(tokens[group], ofGroup));
  const words = all.reduce((sum, group) => sum + group.words, 0);
  const groups = years.map((year, group) => ({ year, ...all[group] }));
  const documents = dates.filter((date) => date === undefined).length;
  return { words, groups, undated: { documents, words: all[years.length].words } };
}
