import { Type } from 'typebox';
import type { Corpus } from '../../index/corpus.ts';
import { type Selection, topContinuations } from '../../model/continuations.ts';
import { describeModel, type Model } from '../../model/model.ts';
import { type ListedParameters, queryParameters } from '../estimator-parameters.ts';
import { cursorDecoder, pageOf } from '../paging.ts';
import { movePointer } from '../validation.ts';
import { modelView } from '../views.ts';
import { type EstimatorChoice, modelOf } from './models.ts';
import { droppedNote, readContext, readPrefix, unseenNote } from './words.ts';

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
export async function continuations(corpus: Corpus, query: ContinuationsQuestion) {
  const model = await chosenModel(corpus, query);
  const context = await readContext(corpus, query.context, model.order);
  const place = decodePlace(query.cursor);
  const selection: Selection = {
    k: query.k + 1,
    among: query.prefix === '' ? undefined : await readPrefix(corpus, query.prefix, '/query/prefix'),
    after: place && { score: place[0], word: place[1] },
  };
  const found = await topContinuations(model.estimator, corpus.counts, context.ids, selection);
  const page = pageOf(found, query.k, ({ probability, word }) => [probability, word]);
  const words = await corpus.vocabulary.tokens(page.items.map(({ word }) => word));
  const { version, estimator, normalized } = modelView(describeModel(model));
  return {
    version,
    estimator,
    normalized,
    context: context.tokens,
    continuations: page.items.map(({ probability, count }, i) => ({ word: words[i], probability, count })),
    note:
      found.length === 0 && isWhole(selection)
        ? unseenNote(context)
        : droppedNote(corpus.settings, query.context, model.order - 1),
    next_cursor: page.next_cursor,
  };
}

/** Whether nothing but k narrows a selection. */
function isWhole({ among, after }: Selection): boolean {
  return among === undefined && after === undefined;
}

/** The chosen model. Here `k` is the number of words, and the estimator's parameter k is `additive_k`. */
async function chosenModel(corpus: Corpus, query: ContinuationsQuestion): Promise<Model> {
  const parameters = queryParameters({ ...query, k: query.additive_k });
  try {
    return await modelOf(corpus, '/query', query, parameters);
  } catch (error) {
    throw movePointer(error, '/query/k', '/query/additive_k');
  }
}
