import type { Corpus } from '../../index/corpora.ts';
import { type Continuation, type Selection, topContinuations } from '../../model/continuations.ts';
import { decodeNumbers, encodeCursor } from '../cursor.ts';
import { type ListedParameters, queryParameters } from '../estimator-parameters.ts';
import { modelView } from '../views.ts';
import { type EstimatorChoice, modelOf } from './models.ts';
import { readContext, readPrefix, unseenNote } from './words.ts';

/** What `…/continuations` is asked. */
export interface ContinuationsQuestion extends EstimatorChoice, Omit<ListedParameters, 'k'> {
  context: string;
  k: number;
  prefix: string;
  cursor?: string;
  additive_k?: number;
}

/** The most probable next words, a page of them. */
export function continuations(corpus: Corpus, query: ContinuationsQuestion) {
  const model = modelOf(corpus, '/query', query, queryParameters({ ...query, k: query.additive_k }));
  const { order, estimator } = model;
  const context = readContext(corpus, query.context, order);
  const selection: Selection = {
    k: query.k + 1,
    among: readPrefix(corpus, query.prefix, '/query/prefix'),
    after: query.cursor === undefined ? undefined : decodePlace(query.cursor),
  };
  const found = topContinuations(estimator, corpus.index, context.ids, selection);
  const page = found.slice(0, query.k);
  const { version, estimator: view, normalized } = modelView(model);
  return {
    version,
    estimator: view,
    normalized,
    context: context.tokens,
    continuations: page.map(({ word, probability, count }) => ({
      word: corpus.tokens.token(word),
      probability,
      count,
    })),
    note: found.length === 0 && isWhole(selection) ? unseenNote(context) : undefined,
    next_cursor: found.length > page.length ? encodePlace(page[page.length - 1]) : undefined,
  };
}

/** Whether nothing but k narrows a selection. */
function isWhole({ among, after }: Selection): boolean {
  return among === undefined && after === undefined;
}

function encodePlace({ probability, word }: Continuation): string {
  return encodeCursor([probability, word]);
}

function decodePlace(cursor: string) {
  const [score, word] = decodeNumbers(cursor, 2);
  return { score, word };
}
