import { pipeline } from 'node:stream/promises';
import { hasCounts, kindOf } from './index/kinds.ts';
import { openCorpusFile, type Snapshot } from './store/store.ts';

/**
 * Prints `ngram<TAB>count` for every n-gram of an order of a corpus file, in order of ids; of all orders, the lowest
 * first, which is all that there is to read it in again as counts. Returns the exit code: 2 if the corpus has no
 * counts, or no n-grams of this order.
 */
export async function exportCounts(path: string, order: number | 'all'): Promise<number> {
  const corpus = await openCorpusFile(path);
  try {
    const { order: highest } = corpus.settings;
    if (!hasCounts(corpus.settings)) {
      process.stderr.write(`The corpus is of kind ${kindOf(corpus.settings)} and has no counts.\n`);
      return 2;
    }
    if (order !== 'all' && order > highest) {
      process.stderr.write(`The corpus counts n-grams up to order ${highest}.\n`);
      return 2;
    }
    const orders = order === 'all' ? Array.from({ length: highest }, (_, i) => i + 1) : [order];
    await corpus.read((snapshot) => pipeline(allLines(snapshot, orders), process.stdout, { end: false }));
    return 0;
  } catch (error) {
    // The reader, such as `head`, has seen enough.
    if ((error as NodeJS.ErrnoException).code === 'EPIPE') return 0;
    throw error;
  } finally {
    corpus.close();
  }
}

async function* allLines(snapshot: Snapshot, orders: readonly number[]): AsyncGenerator<string, void> {
  let isFirst = true;
  for (const order of orders) {
    for await (const text of lines(snapshot, order)) {
      // A word may begin with U+FEFF, which readers take for a byte order mark, and skip, at the beginning of a file.
      yield isFirst && text.startsWith(byteOrderMark) ? byteOrderMark + text : text;
      isFirst = false;
    }
  }
}

const byteOrderMark = '\ufeff';

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
