import { createHash } from 'node:crypto';
import { createPermutation, rounds } from './permutation.ts';

/** How a token stream is cut into minibatches. */
export interface EpochParameters {
  strategy: 'random' | 'sequential';
  /** T, the number of tokens of the stream. */
  tokens: number;
  batchSize: number;
  numSteps: number;
  seed: number;
  epoch: number;
  /** The number of tokens skipped at the beginning, at most `maxOffset`; drawn if omitted. */
  offset?: number | undefined;
}

/** The highest offset that is drawn. */
export function maxOffset({ strategy, numSteps }: Pick<EpochParameters, 'strategy' | 'numSteps'>): number {
  return strategy === 'random' ? numSteps - 1 : numSteps;
}

/** One pass over a token stream in minibatches. */
export interface Epoch {
  /** The number of tokens skipped at the beginning. */
  readonly offset: number;
  readonly numBatches: number;
  /** The position in the stream where a row of x begins, one before that row of y, for 0 ≤ index < numBatches. */
  rowStart(index: number, row: number): number;
  /** Sets `starts[at]` and the next ones to the positions where the rows of x of a batch begin. */
  rowStarts(index: number, starts: Float64Array, at: number): void;
}

/**
 * The minibatches of an epoch (Dive into Deep Learning, "Language models and the dataset"; random sampling and
 * sequential partitioning), as a pure function of the parameters. The randomness is SHA-256 of "ngramd batches 1 <seed>
 * <epoch>", read as eight little-endian 32-bit numbers: they are the permutation's keys, and the first of them also
 * draws the offset.
 */
export function createEpoch(parameters: EpochParameters): Epoch {
  const { seed, epoch } = parameters;
  const digest = createHash('sha256').update(`ngramd batches 1 ${seed} ${epoch}`).digest();
  const keys = Uint32Array.from({ length: rounds }, (_, i) => digest.readUInt32LE(i * 4));
  return parameters.strategy === 'random'
    ? randomEpoch(parameters, keys)
    : sequentialEpoch(parameters, keys[0]);
}

/** Subsequences of num_steps tokens that do not overlap, starting at a random offset, in random order. */
function randomEpoch(parameters: EpochParameters, keys: Uint32Array): Epoch {
  const { tokens, batchSize, numSteps } = parameters;
  const offset = offsetOf(parameters, keys[0]);
  const subsequences = Math.max(0, Math.floor((tokens - offset - 1) / numSteps));
  const permutation = createPermutation(subsequences, keys);
  return {
    offset,
    numBatches: Math.floor(subsequences / batchSize),
    rowStart: (index, row) => offset + permutation.of(index * batchSize + row) * numSteps,
    rowStarts: (index, starts, at) => {
      permutation.range(index * batchSize, starts, at, at + batchSize);
      for (let i = at; i < at + batchSize; i++) starts[i] = offset + starts[i] * numSteps;
    },
  };
}

/** The stream from a random offset, cut into batch_size rows; each batch continues where the previous one ended. */
function sequentialEpoch(parameters: EpochParameters, key: number): Epoch {
  const { tokens, batchSize, numSteps } = parameters;
  const offset = offsetOf(parameters, key);
  const rowLength = Math.max(0, Math.floor((tokens - offset - 1) / batchSize));
  return {
    offset,
    numBatches: Math.floor(rowLength / numSteps),
    rowStart: (index, row) => offset + row * rowLength + index * numSteps,
    rowStarts: (index, starts, at) => {
      const first = offset + index * numSteps;
      for (let row = 0; row < batchSize; row++) starts[at + row] = first + row * rowLength;
    },
  };
}

function offsetOf(parameters: EpochParameters, key: number): number {
  return parameters.offset ?? key % (maxOffset(parameters) + 1);
}

/**
 * The number of an epoch's batches for the worker `rank` of `worldSize`: those whose index is rank modulo worldSize.
 */
export function dealt(numBatches: number, rank: number, worldSize: number): number {
  return Math.max(0, Math.ceil((numBatches - rank) / worldSize));
}
