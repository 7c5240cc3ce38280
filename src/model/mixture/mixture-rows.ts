import type { TokenId } from '../../index/count-index.ts';
import type { TokenRow } from '../../index/count-source.ts';
import type { MixtureVocabulary } from '../../index/mixture/mixture-vocabulary.ts';
import type { PartIds } from '../../index/mixture/part-ids.ts';
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
  readonly #vocabulary: MixtureVocabulary;
  /** The places of the tokens of a row in the ids of the parts. */
  readonly #places: Int32Array;

  constructor({ parts, vocabulary, settings }: MixedModels, shape: ScoredRowShape) {
    const { capacity } = shape;
    this.probabilities = new Float64Array(capacity);
    this.inVocabulary = new Uint8Array(capacity);
    this.seen = new Uint8Array(capacity);
    this.#vocabulary = vocabulary;
    this.#places = new Int32Array(capacity);
    const start = reservedId(settings, '<s>');
    this.parts = parts.map((part, i) => new PartRows(part, i, start, shape));
  }

  read(row: TokenRow): void | Promise<void> {
    const { length } = row;
    return whenThere(this.#vocabulary.partIds(row.ids, length), (known) => {
      for (let i = 0; i < length; i++) this.#places[i] = known.find(row.ids[i]);
      const reading = this.parts.map((part) => part.read(row, known, this.#places));
      if (reading.some((read) => read instanceof Promise))
        return Promise.all(reading).then(() => this.#mix(row));
      this.#mix(row);
    }) as void | Promise<void>;
  }

  #mix({ length }: TokenRow): void {
    const { probabilities, inVocabulary, seen, parts } = this;
    inVocabulary.fill(0, 0, length);
    seen.fill(0, 0, length);
    probabilities.fill(0, 0, length);
    for (const { scorer } of parts) {
      for (let i = 0; i < length; i++) {
        inVocabulary[i] |= scorer.inVocabulary[i];
        if (scorer.seen[i] > seen[i]) seen[i] = scorer.seen[i];
      }
    }
    for (const { scorer, shares, weight } of parts) {
      for (let i = 0; i < length; i++) {
        // Words of other parts get nothing from a part that does not have them.
        const share = inVocabulary[i] > scorer.inVocabulary[i] ? 0 : scorer.probabilities[i];
        shares[i] = share;
        probabilities[i] += weight * share;
      }
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
  readonly #sequenceStart: TokenId | undefined;
  readonly #row: { ids: Int32Array; before: Uint8Array; isWord: Uint8Array };

  constructor(
    { model, weight }: MixturePart,
    part: number,
    sequenceStart: TokenId | undefined,
    shape: ScoredRowShape,
  ) {
    const { capacity } = shape;
    this.scorer = model.rows(shape);
    this.weight = weight;
    this.shares = new Float64Array(capacity);
    this.#model = model;
    this.#part = part;
    this.#sequenceStart = sequenceStart;
    this.#row = {
      ids: new Int32Array(capacity),
      before: new Uint8Array(capacity),
      isWord: new Uint8Array(capacity),
    };
  }

  /** Reads a row whose tokens have these places among the ids of the parts. */
  read({ before, isWord, length }: TokenRow, known: PartIds, places: Int32Array): void | Promise<void> {
    const row = this.#row;
    const longest = this.#model.order - 1;
    const onlyContext: number[] = [];
    for (let i = 0; i < length; i++) {
      row.ids[i] = known.at(places[i], this.#part);
      row.before[i] = Math.min(before[i], longest);
      row.isWord[i] = isWord[i];
      if (isWord[i] === 0) onlyContext.push(i);
    }
    const contexts = this.#model.countedIds(
      onlyContext.map((i) => row.ids[i]),
      this.#sequenceStart,
    );
    return whenThere(contexts, (counted) => {
      for (let j = 0; j < onlyContext.length; j++) row.ids[onlyContext[j]] = counted[j];
      return this.scorer.read({ ...row, length });
    }) as void | Promise<void>;
  }
}
