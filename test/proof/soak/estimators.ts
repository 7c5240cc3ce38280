import type { CorpusState, SoakEstimator } from './corpus-state.ts';

const shorter = (context: string[]) => context.slice(1);

function wittenBell(state: CorpusState, context: string[] | undefined, word: string): number {
  if (context === undefined) return 1 / state.vocabulary.length;
  const lower = wittenBell(state, context.length === 0 ? undefined : shorter(context), word);
  const types = state.types(context);
  if (types === 0) return lower;
  return (state.count(context, word) + types * lower) / (state.total(context) + types);
}

function kneserNey(state: CorpusState, context: string[] | undefined, word: string): number {
  if (context === undefined) return 1 / (state.vocabulary.length + 1);
  const lower = kneserNey(state, context.length === 0 ? undefined : shorter(context), word);
  const { followers, discount } = state.kneserNey(context);
  if (followers.total === 0) return lower;
  const kept = Math.max((followers.words.get(word) ?? 0) - discount, 0);
  return (kept + discount * followers.words.size * lower) / followers.total;
}

function backOff(state: CorpusState, context: string[], word: string): number {
  const count = state.count(context, word);
  if (context.length === 0) return count / state.total([]);
  return count > 0 ? count / state.total(context) : 0.4 * backOff(state, shorter(context), word);
}

/** The formulas, written independently of the service, with the parameters to send. */
export const estimators: SoakEstimator[] = [
  {
    name: 'laplace',
    parameters: { epsilon: '1,0.5' },
    probability: (state, context, word) => {
      const unigram = (state.count([], word) + 1 / state.vocabulary.length) / (state.total([]) + 1);
      if (context.length === 0) return unigram;
      return (state.count(context, word) + 0.5 * unigram) / (state.total(context) + 0.5);
    },
  },
  {
    name: 'mle',
    parameters: {},
    probability: (state, context, word) => {
      const total = state.total(context);
      return total === 0 ? null : state.count(context, word) / total;
    },
  },
  { name: 'witten-bell', parameters: {}, probability: wittenBell },
  { name: 'stupid-backoff', parameters: {}, probability: backOff },
  {
    name: 'kneser-ney',
    parameters: {},
    probability: kneserNey,
    count: (state, context, word) => state.kneserNey(context).followers.words.get(word) ?? 0,
  },
];
