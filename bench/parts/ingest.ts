import { statSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { Bench, Row } from '../bench.ts';

/** From the first byte of the text to the 201, against KenLM's time from the text to a file that can be queried. */
export async function ingest(bench: Bench): Promise<Row[]> {
  const rows: Row[] = [];
  for (const order of [3, 5]) {
    const { seconds, cpu, peakMemory, corpus } = await bench.ingested(order);
    const reference = await bench.kenlm?.build(order);
    const ngrams = corpus.ngrams.reduce((sum, { distinct }) => sum + distinct, 0);
    rows.push({
      what: `text to queryable, order ${order}, ${(corpus.tokens / 1e6).toFixed(1)} M tokens, ${(ngrams / 1e6).toFixed(1)} M n-grams`,
      ours: `${seconds.toFixed(1)} s${cpu === undefined ? '' : `, CPU ${cpu.toFixed(1)} s`}${peakMemory === undefined ? '' : `, ${(peakMemory / 1e9).toFixed(2)} GB`}`,
      reference: reference === undefined ? '' : `${reference.toFixed(1)} s, lmplz + build_binary`,
      ratio: reference === undefined ? undefined : reference / seconds,
    });
  }
  return rows;
}

/** Bytes of the corpus file per distinct n-gram, without the token stream. */
export async function disk(bench: Bench): Promise<Row[]> {
  const rows: Row[] = [];
  for (const [order, goal] of [
    [3, 3],
    [5, 4],
  ]) {
    const { corpus } = await bench.ingested(order);
    await bench.stop();
    const ngrams = corpus.ngrams.reduce((sum, { distinct }) => sum + distinct, 0);
    const path = join(bench.dataFolder, 'corpora', `order${order}.sqlite`);
    const connection = new Database(path, { readonly: true });
    const tokens = connection.prepare("SELECT sum(pgsize) FROM dbstat WHERE name = 'tokens'").pluck().get();
    connection.close();
    const bytes = (statSync(path).size - (tokens as number)) / ngrams;
    rows.push({
      what: `bytes per n-gram on disk, order ${order}`,
      ours: bytes.toFixed(2),
      reference: `${goal}`,
      ratio: goal / bytes,
    });
  }
  return rows;
}
