import { Type } from 'typebox';
import type { Corpus } from '../../index/corpora.ts';
import { type Selection, topContinuations } from '../../model/continuations.ts';
import { type ListedParameters, queryParameters } from '../estimator-parameters.ts';
import { cursorDecoder, pageOf } from '../paging.ts';
import { movePointer } from '../validation.ts';
import { modelView } from '../views.ts';
import { type EstimatorChoice, type Model, modelOf } from './models.ts';
import { readContext, readPrefix, unseenNote } from './words.ts';

/** What `…/continuations` is asked. */
export interface ContinuationsQuestion extends EstimatorChoice, Omit<ListedParameters, 'k'> {
  context: string;
  k: number;
  prefix: string;
  cursor?: string;
  additive_k?: number;
}

/** Where the words continue: after one with its probability. */
const PlacePart = Type.Number({ minimum: 0 });
const decodePlace = cursorDecoder<[probability: number, word: number]>(Type.Tuple([PlacePart, PlacePart]));

/** The most probable next words, a page of them. */
export function continuations(corpus: Corpus, query: ContinuationsQuestion) {
  const model = chosenModel(corpus, query);
  const { order, estimator } = model;
  const context = readContext(corpus, query.context, order);
  const place = decodePlace(query.cursor);
  const selection: Selection = {
    k: query.k + 1,
    among: readPrefix(corpus, query.prefix, '/query/prefix'),
    after: place && { score: place[0], word: place[1] },
  };
  const found = topContinuations(estimator, corpus.index, context.ids, selection);
  const page = pageOf(found, query.k, ({ probability, word }) => [probability, word]);
  const { version, estimator: view, normalized } = modelView(model);
  return {
    version,
    estimator: view,
    normalized,
    context: context.tokens,
    continuations: page.items.map(({ word, probability, count }) => ({
      word: corpus.tokens.token(word),
      probability,
      count,
    })),
    note: found.length === 0 && isWhole(selection) ? unseenNote(context) : undefined,
    next_cursor: page.next_cursor,
  };
}

/** Whether nothing but k narrows a selection. */
function isWhole({ among, after }: Selection): boolean {
  return among === undefined && after === undefined;
}

/** The chosen model. Here `k` is the number of words, and the estimator's parameter k is `additive_k`. */
function chosenModel(corpus: Corpus, query: ContinuationsQuestion): Model {
  const parameters = queryParameters({ ...query, k: query.additive_k });
  try {
    return modelOf(corpus, '/query', query, parameters);
  } catch (error) {
    throw movePointer(error, '/query/k', '/query/additive_k');
  }
}
