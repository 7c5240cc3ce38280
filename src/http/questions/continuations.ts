import type { EstimatorParameters } from '../../estimators/catalogue.ts';
import type { AnyCorpus } from '../../index/corpus.ts';
import type { Continuation, Selection } from '../../model/continuations.ts';
import type { LanguageModel } from '../../model/language-model.ts';
import { whenThere } from '../../platform/when-there.ts';
import { queryParameters } from '../estimator-parameters.ts';
import { movePointer } from '../invalid-fields.ts';
import { cursorDecoder, isPosition, isProbability, type Page, pageOf } from '../paging.ts';
import { modelJson, numberJson } from '../views.ts';
import { type EstimatorChoice, modelOf } from './models.ts';
import { type Context, droppedNote, readContext, readPrefix, unseenNote } from './words.ts';

/** What `…/continuations` is asked. */
export interface ContinuationsQuestion extends EstimatorChoice, Omit<EstimatorParameters, 'k'> {
  context: string;
  k: number;
  prefix: string;
  cursor?: string;
  additive_k?: number;
}

/** Where the words continue: after one with its probability. */
const decodePlace = cursorDecoder<[probability: number, word: number]>(isProbability, isPosition);

/**
 * The most probable next words, a page of them, in JSON; at once if the counts are in memory and there is no prefix.
 */
export function continuations(corpus: AnyCorpus, query: ContinuationsQuestion): string | Promise<string> {
  return whenThere(chosenModel(corpus, query), (model) =>
    whenThere(readContext(model, query.context, '/query/context'), (context) =>
      whenThere(readSelection(corpus, model, query), (selection) => {
        return whenThere(model.continuations(context.ids, selection), (found) => {
          const page = pageOf(found, query.k, ({ probability, word }) => [probability, word]);
          const words = corpus.vocabulary.tokens(page.items.map(({ word }) => word));
          const note = noteOn(corpus, query, model, context, found.length === 0 && isWhole(selection));
          return whenThere(words, (words) => continuationsJson(model, context, page, words, note));
        });
      }),
    ),
  );
}

/** The same words as items. */
export async function continuationsPage(corpus: AnyCorpus, query: ContinuationsQuestion) {
  const model = await chosenModel(corpus, query);
  const context = await readContext(model, query.context, '/query/context');
  const selection = await readSelection(corpus, model, query);
  const found = await model.continuations(context.ids, selection);
  const { items, ...page } = pageOf(found, query.k, ({ probability, word }) => [probability, word]);
  const words = await corpus.vocabulary.tokens(items.map(({ word }) => word));
  return {
    version: model.version,
    items: items.map(({ probability, count }, i) => ({ word: words[i], probability, count })),
    ...page,
  };
}

function readSelection(
  corpus: AnyCorpus,
  model: LanguageModel,
  query: ContinuationsQuestion,
): Selection | Promise<Selection> {
  const place = decodePlace(query.cursor);
  const among = query.prefix === '' ? undefined : readPrefix(corpus, model, query.prefix, '/query/prefix');
  const after = place && { score: place[0], word: place[1] };
  return whenThere(among, (among) => ({ k: query.k + 1, among, after }));
}

/** Written by hand, since a serializer for any object takes longer than the search. */
function continuationsJson(
  model: LanguageModel,
  context: Context,
  { items, next_cursor: cursor }: Page<Continuation>,
  words: readonly string[],
  note: string | undefined,
): string {
  const list = items.map(
    ({ probability, count }, i) =>
      `{"word":${JSON.stringify(words[i])},"probability":${numberJson(probability)}${count === undefined ? '' : `,"count":${count}`}}`,
  );
  const noteJson = note === undefined ? '' : `,"note":${JSON.stringify(note)}`;
  const next = cursor === undefined ? '' : `,"next_cursor":${JSON.stringify(cursor)}`;
  const tokens = JSON.stringify(context.tokens);
  return `{${modelJson(model)},"context":${tokens},"continuations":[${list.join()}]${noteJson}${next}}`;
}

/** Why there are no continuations, or what of the context has no effect; undefined if there is nothing to say. */
function noteOn(
  { settings }: AnyCorpus,
  query: ContinuationsQuestion,
  model: LanguageModel,
  context: Context,
  isUnseen: boolean,
): string | undefined {
  return isUnseen ? unseenNote(context.tokens) : droppedNote(settings, query.context, model.order - 1);
}

/** Whether nothing but k narrows a selection. */
function isWhole({ among, after }: Selection): boolean {
  return among === undefined && after === undefined;
}

/** The chosen model. Here `k` is the number of words, and the estimator's parameter k is `additive_k`. */
function chosenModel(
  corpus: AnyCorpus,
  query: ContinuationsQuestion,
): LanguageModel | Promise<LanguageModel> {
  const { epsilon, lambda, discount, alpha, additive_k: k } = query;
  const parameters = queryParameters({ epsilon, lambda, discount, alpha, k });
  const fail = (error: unknown): never => {
    throw movePointer(error, '/query/k', '/query/additive_k');
  };
  try {
    const model = modelOf(corpus, '/query', query, parameters);
    return model instanceof Promise ? model.catch(fail) : model;
  } catch (error) {
    return fail(error);
  }
}
