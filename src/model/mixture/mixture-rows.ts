import type { TokenId } from '../../index/count-index.ts';
import type { TokenRow } from '../../index/count-source.ts';
import type { MixtureVocabulary, PartIds } from '../../index/mixture/mixture-vocabulary.ts';
import { whenThere } from '../../platform/when-there.ts';
import { reservedId } from '../../text/reserved.ts';
import type { LanguageModel, RowScorer, ScoredRowShape } from '../language-model.ts';
import type { MixedModels, MixturePart } from './mixture-part.ts';

/** Scores rows by all parts of a mixture. */
export class MixtureRows implements RowScorer {
  readonly probabilities: Float64Array;
  readonly inVocabulary: Uint8Array;
  readonly seen: Uint8Array;
  /** The scores of each part. */
  readonly parts: readonly PartRows[];

  constructor({ parts, vocabulary, settings }: MixedModels, shape: ScoredRowShape) {
    const { capacity } = shape;
    this.probabilities = new Float64Array(capacity);
    this.inVocabulary = new Uint8Array(capacity);
    this.seen = new Uint8Array(capacity);
    const start = reservedId(settings, '<s>');
    this.parts = parts.map((part, i) => new PartRows(part, i, vocabulary, start, shape));
  }

  read(row: TokenRow): void | Promise<void> {
    const reading = this.parts.map((part) => part.read(row));
    if (reading.some((read) => read instanceof Promise))
      return Promise.all(reading).then(() => this.#mix(row));
    this.#mix(row);
  }

  #mix({ isWord, length }: TokenRow): void {
    const { probabilities, inVocabulary, seen, parts } = this;
    for (let i = 0; i < length; i++) {
      if (isWord[i] === 0) continue;
      let isKnown = 0;
      let longest = 0;
      for (const { scorer } of parts) {
        isKnown |= scorer.inVocabulary[i];
        longest = Math.max(longest, scorer.seen[i]);
      }
      let sum = 0;
      for (const part of parts) {
        // Words of other parts get nothing from a part that does not have them.
        const share = isKnown === 1 && part.scorer.inVocabulary[i] === 0 ? 0 : part.scorer.probabilities[i];
        part.shares[i] = share;
        sum += part.weight * share;
      }
      probabilities[i] = sum;
      inVocabulary[i] = isKnown;
      seen[i] = longest;
    }
  }
}

/** Scores rows by one part of a mixture. */
class PartRows {
  readonly scorer: RowScorer;
  readonly weight: number;
  /** Pᵢ(w|h) as it is mixed. */
  readonly shares: Float64Array;
  readonly #model: LanguageModel;
  readonly #part: number;
  readonly #vocabulary: MixtureVocabulary;
  readonly #sequenceStart: TokenId | undefined;
  readonly #row: { ids: Int32Array; before: Uint8Array; isWord: Uint8Array };

  constructor(
    { model, weight }: MixturePart,
    part: number,
    vocabulary: MixtureVocabulary,
    sequenceStart: TokenId | undefined,
    shape: ScoredRowShape,
  ) {
    const { capacity } = shape;
    this.scorer = model.rows(shape);
    this.weight = weight;
    this.shares = new Float64Array(capacity);
    this.#model = model;
    this.#part = part;
    this.#vocabulary = vocabulary;
    this.#sequenceStart = sequenceStart;
    this.#row = {
      ids: new Int32Array(capacity),
      before: new Uint8Array(capacity),
      isWord: new Uint8Array(capacity),
    };
  }

  read({ ids, before, isWord, length }: TokenRow): void | Promise<void> {
    const row = this.#row;
    const longest = this.#model.order - 1;
    const onlyContext: number[] = [];
    for (let i = 0; i < length; i++) {
      row.before[i] = Math.min(before[i], longest);
      row.isWord[i] = isWord[i];
      if (isWord[i] === 0) onlyContext.push(i);
    }
    return whenThere(this.#vocabulary.partIds(ids.subarray(0, length)), (inParts) => {
      for (let i = 0; i < length; i++) row.ids[i] = (inParts.get(ids[i]) as PartIds)[this.#part];
      const contexts = this.#model.countedIds(
        onlyContext.map((i) => row.ids[i]),
        this.#sequenceStart,
      );
      return whenThere(contexts, (counted) => {
        for (const [j, i] of onlyContext.entries()) row.ids[i] = counted[j];
        return this.scorer.read({ ...row, length });
      });
    }) as void | Promise<void>;
  }
}
