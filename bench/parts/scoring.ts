import type { Bench, Row } from '../bench.ts';
import { time } from '../service.ts';

/** Scoring the whole text as lines with `…/score`, against KenLM's `query` on the same tokens. */
export async function scoring(bench: Bench): Promise<Row[]> {
  const rows: Row[] = [];
  for (const order of [3, 5]) {
    const path = `${await bench.ready(order)}/score?summary=true&estimator=modified-kneser-ney`;
    const service = await bench.service();
    // Some lines first, to warm up the threads and their code.
    await service.send(path, 'POST', bench.text.path, 5_000_000);
    let tokens = 0;
    const seconds = await time(async () => {
      tokens = JSON.parse(await service.send(path, 'POST', bench.text.path)).tokens;
    });
    const reference = await bench.kenlm?.query(order);
    rows.push({
      what: `scoring the text, order ${order}, modified Kneser–Ney`,
      ours: `${(tokens / seconds / 1e6).toFixed(2)} M tokens/s`,
      reference: reference === undefined ? '' : `${(reference / 1e6).toFixed(2)} M tokens/s, query probing`,
      ratio: reference === undefined ? undefined : tokens / seconds / reference,
    });
  }
  return rows;
}
