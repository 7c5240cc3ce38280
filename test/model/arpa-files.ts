import { UNSEEN } from '../../src/index/count-index.ts';
import { cutNGrams } from '../../src/index/resident/sorted-families.ts';
import { arpaHeader, arpaModel, arpaOutline } from '../../src/model/arpa.ts';
import { arpaLines } from '../../src/model/arpa-level.ts';
import { keptLines } from '../../src/model/arpa-pruning/entropy-passes.ts';
import { type EntropyStep, makeStep } from '../../src/model/arpa-pruning/entropy-steps.ts';
import { pruneByEntropy } from '../../src/model/arpa-pruning/prune-by-entropy.ts';
import type { Pruning } from '../../src/model/arpa-pruning/pruning.ts';
import { type WrittenLevel, writtenLevel } from '../../src/model/written-levels.ts';
import { reservedId } from '../../src/text/reserved.ts';
import { UNKNOWN } from '../estimators/oracle.ts';
import type { ResidentModel } from './models.ts';

/** Nothing is left out. */
export const everything: Pruning = { thresholds: [0] };

/** The ARPA file of a model as the service writes it, in parts of at most `most` n-grams. */
export async function writeArpa(
  model: ResidentModel,
  most = 1000,
  pruning: Pruning = everything,
): Promise<string> {
  const { trie } = model.index;
  const arpa = await arpaModel(model, trie);
  const { ngrams, addedUnigrams, selection } = await arpaOutline(arpa, pruning);
  let file = arpaHeader(ngrams);
  let shorter: WrittenLevel | undefined;
  for (let order = 1; order <= model.order; order++) {
    file += `\n\\${order}-grams:\n${order === 1 ? addedUnigrams : ''}`;
    const written = order === model.order ? undefined : writtenLevel(trie.levels[order - 1], order);
    const cuts = cutNGrams(trie, order, most);
    for (const [i, from] of cuts.entries()) {
      const part = { order, range: { from, to: cuts[i + 1] }, selection, shorter, written };
      file += Buffer.from(arpaLines(arpa, part)).toString();
    }
    shorter = written;
  }
  return `${file}\n\\end\\\n`;
}

/** The ARPA file of a model that is pruned by entropy, in parts of at most `most` n-grams. */
export async function writePrunedArpa(model: ResidentModel, most: number, pruning: Pruning): Promise<string> {
  const { trie } = model.index;
  const arpa = await arpaModel(model, trie);
  const cuts = Array.from({ length: model.order }, (_, i) => cutNGrams(trie, i + 1, most));
  const outline = { ...(await arpaOutline(arpa, pruning)), cuts };
  const make = async (steps: readonly EntropyStep[]) =>
    steps.reduce((sum, step) => sum + makeStep(arpa, step), 0);
  const { ngrams, levels } = await pruneByEntropy(make, trie, outline, pruning.entropy as number);
  let file = arpaHeader(ngrams);
  for (const [i, starts] of cuts.entries()) {
    file += `\n\\${i + 1}-grams:\n${i === 0 ? outline.addedUnigrams : ''}`;
    for (const [part, from] of starts.entries()) {
      const range = { from, to: starts[part + 1] };
      file += Buffer.from(keptLines(arpa, { order: i + 1, range, levels }, 100)).toString();
    }
  }
  return `${file}\n\\end\\\n`;
}

/**
 * The whole file in the plainest way: each n-gram is asked for its levels, and the estimator for its probability and
 * back-off weight.
 */
export function plainArpa({
  index,
  estimator,
  order: highest,
  settings,
  idOf,
  tokenOf,
}: ResidentModel): string {
  const sequenceStart = reservedId(settings, '<s>');
  const marks = (settings.sequences === 'line' ? [] : ['<s>', '</s>']).filter(
    (mark) => !index.hasWord(idOf(mark)),
  );
  const added = [...(index.hasWord(UNKNOWN) ? [] : ['<unk>']), ...marks];
  const lines: string[] = [];
  const counts = ['\\data\\'];
  for (let order = 1; order <= highest; order++) {
    const reading = estimator.reads(order);
    const ngrams = [...index.ngrams(order, [])].flat();
    lines.push('', `\\${order}-grams:`);
    if (order === 1) {
      const unknown = estimator.probability(index.levels([], UNSEEN, reading));
      lines.push(...added.map((token) => `${log10(token === '<unk>' ? unknown : null)}\t${token}\t0`));
    }
    counts.push(`ngram ${order}=${ngrams.length + (order === 1 ? added.length : 0)}`);
    for (const ngram of ngrams) {
      const context = ngram.slice(0, -1);
      const word = ngram[order - 1];
      const isStart = order === 1 && word === sequenceStart;
      const probability = isStart ? 1 : estimator.probability(index.levels(context, word, reading));
      const tokens = ngram.map((id) => (tokenOf(id) === ' ' ? '<space>' : tokenOf(id)));
      let line = `${log10(probability)}\t${tokens.join(' ')}`;
      if (order < highest) {
        const next = index.levels(ngram, UNSEEN, estimator.reads(order + 1));
        line += `\t${log10(estimator.backoff?.(next[next.length - 1]) ?? 1)}`;
      }
      lines.push(line);
    }
  }
  return [...counts, ...lines, '', '\\end\\'].map((line) => `${line}\n`).join('');
}

/** As the file has it: seven decimal places, and -99 for the probability 0. */
function log10(probability: number | null): number {
  if (probability === null || probability === 0) return -99;
  return Math.round(Math.log10(probability) * 1e7) / 1e7 + 0;
}
