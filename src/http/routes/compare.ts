import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import { type FrequencySeries, plotBars, plotYears } from '../../analysis/frequency-plot.ts';
import { maxLines } from '../../analysis/svg.ts';
import { callerKey } from '../access/caller.ts';
import { splitAt, unescaped } from '../escaped.ts';
import { invalidField } from '../invalid-fields.ts';
import { negotiate } from '../negotiation.ts';
import type { CorpusFrequencies } from '../questions/frequencies.ts';
import { openInThread } from '../questions/question-threads.ts';
import {
  CompareQuery,
  ComparisonAnswers,
  comparisonFormats,
  maxCorpora,
  maxPhrases,
  units,
} from '../schemas/compare.ts';
import { problemResponses } from '../schemas/problems.ts';
import { columns } from '../schemas/tables.ts';
import type { Services } from '../services.ts';
import { partOf, sendTable, type TablePart } from '../tables.ts';

/** The most frequencies of an answer: with more, the event loop would write it for too long. */
const maxItems = 5000;

/** How frequent phrases are in several corpora. */
export function compare(services: Services): FastifyPluginAsyncTypebox {
  const { questions, bulk } = services;
  return async (app) => {
    app.get(
      '/ngrams/compare',
      {
        config: { scope: 'read' },
        schema: {
          operationId: 'comparePhrases',
          summary: 'How frequent phrases are in several corpora, also year by year',
          description:
            'Exact counts, divided by the number of words. Phrases that are longer than the order of a corpus are looked for in its text, and so are all of them by year. A phrase lies in one document and, in a corpus of lines, in one line. The key must be for all the corpora. As SVG it is a plot.',
          tags: ['Corpus linguistics'],
          querystring: CompareQuery,
          response: { 200: ComparisonAnswers, ...problemResponses(400, 404, 406, 409, 503) },
        },
      },
      async (request, reply) => {
        const { per, by } = request.query;
        const format = negotiate(request, reply, 'Comparisons', comparisonFormats);
        const phrases = readPhrases(request.query.phrases);
        const names = readCorpora(request.query.corpora);
        await checkCorpora(services, request, names);
        const found = await questions.countPhrases(reply, names, { phrases, byYear: by === 'year' });
        const items = itemsOf(phrases, names, found, units[per]);
        if (format === 'csv') {
          const parts = onePart(partOf(columns.comparison, { items }));
          return sendTable(bulk, request, reply, { file: 'comparison', columns: columns.comparison, parts });
        }
        if (format === 'svg') {
          const svg = plot(items, names, per, by === 'year');
          return reply.type('image/svg+xml; charset=utf-8').send(svg);
        }
        const corpora = found.map(({ version, words, undated }, i) => ({
          name: names[i],
          version,
          words,
          ...(undated === undefined ? {} : { undated }),
        }));
        const [{ corpus, version }, ...others] = found;
        request.asked = { corpus, version, others };
        return { per, corpora, items };
      },
    );
  };
}

function readPhrases(list: string): string[] {
  const phrases = [...new Set(splitAt(list, /,/).map((phrase) => unescaped(phrase).trim()))];
  if (phrases.includes('')) throw invalidField('/query/phrases', 'One of the phrases is empty.');
  if (phrases.length <= maxPhrases) return phrases;
  throw invalidField('/query/phrases', `At most ${maxPhrases} phrases are compared, not ${phrases.length}.`);
}

function readCorpora(list: string): string[] {
  const names = [...new Set(list.split(','))];
  if (names.length <= maxCorpora) return names;
  throw invalidField('/query/corpora', `At most ${maxCorpora} corpora are compared, not ${names.length}.`);
}

/** Throws if a corpus does not exist, or the caller may not read it. */
async function checkCorpora(services: Services, request: FastifyRequest, names: readonly string[]) {
  const key = callerKey(services.access, request);
  for (const name of names) services.access.require(key, 'read', name);
  await Promise.all(
    names.map(async (name) => {
      await openInThread(services, name);
      await services.corpora.open(name);
    }),
  );
}

/** How frequent a phrase is in a corpus, or in its documents of a year. */
interface Item {
  phrase: string;
  corpus: string;
  year?: number;
  count: number;
  words: number;
  frequency: number | null;
}

/** All of them. Throws `invalid-request` if they are too many. */
function itemsOf(
  phrases: readonly string[],
  names: readonly string[],
  found: readonly CorpusFrequencies[],
  unit: number,
): Item[] {
  const length = phrases.length * found.reduce((sum, { groups }) => sum + groups.length, 0);
  if (length > maxItems) {
    throw invalidField(
      '/query/phrases',
      `These would be ${length} frequencies, and an answer has at most ${maxItems}: ask for fewer phrases or corpora at a time.`,
    );
  }
  return phrases.flatMap((phrase, i) =>
    found.flatMap(({ groups }, corpus) =>
      groups.map(({ year, words, counts }) => ({
        phrase,
        corpus: names[corpus],
        ...(year === undefined ? {} : { year }),
        count: counts[i],
        words,
        frequency: words === 0 ? null : (unit * counts[i]) / words,
      })),
    ),
  );
}

/** The frequencies as a plot. Throws `invalid-request` if its lines could not be distinguished. */
function plot(items: readonly Item[], names: readonly string[], per: string, byYear: boolean): string {
  const series = new Map<string, FrequencySeries & { points: { year?: number; frequency: number }[] }>();
  for (const { phrase, corpus, year, frequency } of items) {
    const name = names.length === 1 ? phrase : `${phrase} (${corpus})`;
    const one = series.get(name) ?? { name, points: [] };
    series.set(name, one);
    one.points.push({ ...(year === undefined ? {} : { year }), frequency: frequency ?? 0 });
  }
  const where = names.length === 1 ? ` in ${names[0]}` : '';
  const title = `Occurrences per ${per} words${where}${byYear ? ', by year' : ''}`;
  if (!byYear) return plotBars(title, [...series.values()]);
  if (series.size <= maxLines) return plotYears(title, [...series.values()]);
  throw invalidField(
    '/query/phrases',
    `A plot has at most ${maxLines} lines, not ${series.size}: ask for fewer phrases or corpora.`,
  );
}

async function* onePart(part: TablePart): AsyncGenerator<TablePart, void> {
  yield part;
}
