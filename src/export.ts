import { pipeline } from 'node:stream/promises';
import { openCorpusFile, type Snapshot } from './store/store.ts';

/**
 * Prints `ngram<TAB>count` for every n-gram of an order of a corpus file, in order of ids. Returns the exit code: 2 if the
 * corpus has no n-grams of this order.
 */
export async function exportCounts(path: string, order: number): Promise<number> {
  const corpus = await openCorpusFile(path);
  try {
    if (order > corpus.settings.order) {
      process.stderr.write(`The corpus counts n-grams up to order ${corpus.settings.order}.\n`);
      return 2;
    }
    await corpus.read((snapshot) => pipeline(lines(snapshot, order), process.stdout, { end: false }));
    return 0;
  } catch (error) {
    // Whoever reads, such as `head`, has seen enough.
    if ((error as NodeJS.ErrnoException).code === 'EPIPE') return 0;
    throw error;
  } finally {
    corpus.close();
  }
}

async function* lines(snapshot: Snapshot, order: number): AsyncGenerator<string, void> {
  const tokens = new Map<number, string>();
  for await (const { length, ids, counts } of snapshot.ngrams(order)) {
    const unknown = [...new Set(ids)].filter((id) => !tokens.has(id));
    for (const [i, token] of (await snapshot.tokens(unknown)).entries()) tokens.set(unknown[i], token);
    let text = '';
    for (let i = 0; i < length; i++) {
      const ngram = Array.from(ids.subarray(i * order, (i + 1) * order), (id) => tokens.get(id));
      text += `${ngram.join(' ')}\t${counts[i]}\n`;
    }
    yield text;
  }
}
