import { type TokenId, UNSEEN } from '../../index/count-index.ts';
import type { MixtureVocabulary } from '../../index/mixture/mixture-vocabulary.ts';
import { spend } from '../../platform/turn.ts';
import type { CorpusSettings } from '../../store/store.ts';
import { reservedId } from '../../text/reserved.ts';
import { comesBefore, type ScoredWord } from '../best-words.ts';
import type { Continuation, Selection } from '../continuations.ts';
import type { WordGroup } from '../distribution.ts';
import type {
  IdQuery,
  LanguageModel,
  RandomDraws,
  RowScorer,
  ScoredPlace,
  ScoredRowShape,
  WordPlace,
  WordProbability,
} from '../language-model.ts';
import { readPlaces, scorePlaces } from '../score-places.ts';
import { bestOf, bestOfParts, type KnownShares, mixed, type RankedPart } from './mixed-ranking.ts';
import type { MixedModels, MixturePart } from './mixture-part.ts';
import { MixtureRows } from './mixture-rows.ts';

/** About how long a part takes for a query, in microseconds. */
const queryTime = 3;

/** The number of words that are scored at a time. */
const wordsAtATime = 4096;

/**
 * A linear mixture of models: P(w|h) = Σ λᵢ Pᵢ(w|h) (Jelinek & Mercer 1980). A word that a part does not have and
 * another has gets nothing from that part, so that the probabilities of all words add up to 1 where those of the parts
 * do. A word that no part has gets what each part gives to unknown words. The context is read by each part as it reads
 * contexts.
 */
export class MixtureModel implements LanguageModel, MixedModels {
  readonly settings: CorpusSettings;
  readonly vocabulary: MixtureVocabulary;
  readonly order: number;
  readonly version: number;
  readonly partVersions: readonly number[];
  readonly estimator: LanguageModel['estimator'];
  readonly parts: readonly MixturePart[];
  readonly #weights: readonly number[];
  readonly #sequenceStart: TokenId | undefined;

  constructor(
    {
      settings,
      version,
      vocabulary,
    }: Pick<LanguageModel, 'settings' | 'version'> & { vocabulary: MixtureVocabulary },
    parts: readonly MixturePart[],
  ) {
    this.settings = settings;
    this.version = version;
    this.vocabulary = vocabulary;
    this.parts = parts;
    this.order = Math.max(...parts.map(({ model }) => model.order));
    this.partVersions = parts.map(({ model }) => model.version);
    this.#weights = parts.map(({ weight }) => weight);
    this.#sequenceStart = reservedId(settings, '<s>');
    this.estimator = {
      name: 'mixture',
      parameters: { parts: parts.map(describePart) },
      normalized: parts.every(({ model }) => model.estimator.normalized),
    } as LanguageModel['estimator'];
  }

  /** Each part finds the ids under which it looks tokens up. */
  countedIds(ids: readonly TokenId[]): readonly TokenId[] {
    return ids;
  }

  async nextWords(ids: readonly TokenId[]): Promise<TokenId[]> {
    const found = await Promise.all(
      this.parts.map(async ({ model }, part) => {
        const own = await this.vocabulary.idsIn(part, ids);
        const words = new Set(await model.nextWords(own.filter((id) => id >= 0)));
        return own.map((id) => words.has(id));
      }),
    );
    return ids.filter((_, i) => found.some((isWord) => isWord[i]));
  }

  async probabilities(queries: readonly IdQuery[], isExplained: boolean): Promise<WordProbability[]> {
    spend(queryTime * this.parts.length * queries.length);
    const answers = await Promise.all(this.parts.map((_, part) => this.#ofPart(part, queries)));
    return queries.map((_, i) => {
      const ofParts = answers.map((ofPart) => ofPart[i]);
      const inVocabulary = ofParts.some(({ inVocabulary }) => inVocabulary);
      const shares = ofParts.map((ofPart) => (inVocabulary && !ofPart.inVocabulary ? 0 : ofPart.probability));
      const isDefined = shares.every((share) => share !== null);
      return {
        probability: isDefined ? mixed(this.#weights, shares as number[]) : null,
        inVocabulary,
        explanation: isExplained
          ? {
              of: 'mixture' as const,
              parts: this.parts.map(({ corpus, weight }, part) => ({
                corpus,
                weight,
                inVocabulary: ofParts[part].inVocabulary,
                probability: shares[part],
              })),
            }
          : undefined,
      };
    });
  }

  async continuations(context: readonly TokenId[], selection: Selection): Promise<Continuation[]> {
    const { k, among, after } = selection;
    const contexts = await this.#contextsIn(context);
    const isWanted = (word: ScoredWord) => after === undefined || comesBefore(after, word);
    const scoresOf = (words: readonly TokenId[], known?: readonly KnownShares[]) =>
      this.#scoresOf(contexts, words, known);
    const best =
      among === undefined
        ? await bestOfParts(this.#ranked(contexts), k, scoresOf, isWanted)
        : bestOf([...among], await scoresOf([...among]), k, isWanted);
    return best.map(({ word, score }) => ({ word, probability: score }));
  }

  /** The whole vocabulary, word by word. */
  async distribution(context: readonly TokenId[]): Promise<WordGroup[]> {
    const words = await this.continuations(context, { k: Number.POSITIVE_INFINITY });
    return words.map(({ word, probability }) => ({ probability, size: 1, pick: () => word }));
  }

  /** Draws a part by its share of the probability, and then a word of that part. */
  async draw(context: readonly TokenId[], { uniform, pick }: RandomDraws): Promise<Continuation | undefined> {
    const groups: { part: number; group: WordGroup; mass: number }[] = [];
    const contexts = await this.#contextsIn(context);
    for (const [part, { model, weight }] of this.parts.entries()) {
      for (const group of await model.distribution(contexts[part])) {
        groups.push({ part, group, mass: weight * group.size * group.probability });
      }
    }
    let left = uniform() * groups.reduce((sum, { mass }) => sum + mass, 0);
    const isDrawn = ({ mass }: { mass: number }) => {
      left -= mass;
      return left < 0;
    };
    // A remainder from rounding goes to the last word that can be drawn.
    const drawn = groups.find(isDrawn) ?? groups.findLast(({ mass }) => mass > 0);
    if (drawn === undefined) return undefined;
    const [word] = await this.vocabulary.idsOf(drawn.part, [drawn.group.pick(pick)]);
    const [probability] = await this.#scoresOf(contexts, [word]);
    return { word, probability };
  }

  scorePlaces(places: readonly WordPlace[], k: number, checkpoint?: () => void): Promise<ScoredPlace[]> {
    return scorePlaces(places, k, (some) => readPlaces(this, some), checkpoint);
  }

  rows(shape: ScoredRowShape): RowScorer {
    return new MixtureRows(this, shape);
  }

  /** The ids under which a part looks tokens of a context up, as many of the last as it reads. */
  async #contextIn(part: number, context: readonly TokenId[]): Promise<readonly TokenId[]> {
    const { model } = this.parts[part];
    const last = model.order === 1 ? [] : context.slice(1 - model.order);
    return model.countedIds(await this.vocabulary.idsIn(part, last), this.#sequenceStart);
  }

  /** What a part gives to words after contexts. */
  async #ofPart(part: number, queries: readonly IdQuery[]): Promise<WordProbability[]> {
    const { model } = this.parts[part];
    const contexts = new Map<readonly TokenId[], Promise<readonly TokenId[]>>();
    const own = await this.vocabulary.idsIn(
      part,
      queries.map(({ own }) => own),
    );
    const words = await model.countedIds(own, undefined);
    const asked: IdQuery[] = [];
    for (const [i, { context }] of queries.entries()) {
      if (!contexts.has(context)) contexts.set(context, this.#contextIn(part, context));
      asked.push({
        context: (await contexts.get(context)) as readonly TokenId[],
        word: words[i],
        own: own[i],
      });
    }
    return model.probabilities(asked, false);
  }

  #contextsIn(context: readonly TokenId[]): Promise<(readonly TokenId[])[]> {
    return Promise.all(this.parts.map((_, part) => this.#contextIn(part, context)));
  }

  /**
   * P(w|h) of words that some part has, after the context of each part, with what is known of each word; 0 where it is undefined.
   */
  async #scoresOf(
    contexts: readonly (readonly TokenId[])[],
    words: readonly TokenId[],
    known?: readonly KnownShares[],
  ): Promise<readonly number[]> {
    const scores = new Array<number>(words.length).fill(0);
    for (let from = 0; from < words.length; from += wordsAtATime) {
      const some = words.slice(from, from + wordsAtATime);
      spend(queryTime * this.parts.length * some.length);
      const ofSome = known?.slice(from, from + wordsAtATime);
      const shares = this.parts.map((_, part) => this.#sharesOf(part, contexts[part], some, ofSome));
      for (const [part, ofPart] of (await Promise.all(shares)).entries()) {
        const { weight } = this.parts[part];
        for (let i = 0; i < ofPart.length; i++) scores[from + i] += weight * ofPart[i];
      }
    }
    return scores;
  }

  /** What a part adds to words: nothing to those that it does not have. */
  async #sharesOf(
    part: number,
    context: readonly TokenId[],
    words: readonly TokenId[],
    known: readonly KnownShares[] | undefined,
  ): Promise<number[]> {
    const shares = words.map((_, i) => known?.[i][part] ?? 0);
    const own = await this.vocabulary.idsIn(part, words);
    const asked: number[] = [];
    const queries: IdQuery[] = [];
    for (const [i, word] of own.entries()) {
      if (word === UNSEEN || known?.[i][part] !== undefined) continue;
      asked.push(i);
      queries.push({ context, word, own: word });
    }
    if (asked.length === 0) return shares;
    const answers = await this.parts[part].model.probabilities(queries, false);
    for (const [j, { inVocabulary, probability }] of answers.entries())
      if (inVocabulary && probability !== null) shares[asked[j]] = probability;
    return shares;
  }

  /** The words of each part, most probable first. */
  #ranked(contexts: readonly (readonly TokenId[])[]): RankedPart[] {
    return this.parts.map(({ model, weight }, part) => {
      let after: Selection['after'];
      return {
        weight,
        next: async (count) => {
          const found = await model.continuations(contexts[part], { k: count, after });
          const last = found.at(-1);
          if (last !== undefined) after = { word: last.word, score: last.probability };
          const words = await this.vocabulary.idsOf(
            part,
            found.map(({ word }) => word),
          );
          return found.map(({ probability }, i) => ({ word: words[i], score: probability }));
        },
      };
    });
  }
}

/** What answers say of a part. */
function describePart({ corpus, weight, model }: MixturePart) {
  const { name, parameters } = model.estimator;
  return { corpus, weight, version: model.version, order: model.order, estimator: { name, ...parameters } };
}
