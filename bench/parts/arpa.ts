import type { Bench, Row } from '../bench.ts';
import type { KenLm } from '../kenlm.ts';
import { time } from '../service.ts';

/** The ARPA file of a tenth of the text and of the whole, from the index in memory, against `lmplz` from the text. */
export async function arpa(bench: Bench): Promise<Row[]> {
  const rows: Row[] = [];
  for (const order of [3, 5]) {
    const path = await bench.ready(order);
    rows.push(
      await exported(bench, `${megabytes(bench.text.bytes)}, order ${order}`, path, order, bench.kenlm),
    );
  }
  for (const order of [3, 5]) {
    const service = await bench.service();
    const path = `/v1/corpora/tenth${order}`;
    await service.send(`${path}?order=${order}&tokenizer=${bench.tenth.tokenizer}`, 'PUT', bench.tenth.path);
    await service.request(`${path}/probability?word=the&estimator=kneser-ney`);
    const what = `${megabytes(bench.tenth.bytes)}, order ${order}`;
    rows.push(await exported(bench, what, path, order, bench.kenlmOnTenth));
    await service.request(path, { method: 'DELETE' });
  }
  return rows;
}

async function exported(
  bench: Bench,
  what: string,
  path: string,
  order: number,
  kenlm: KenLm | undefined,
): Promise<Row> {
  const service = await bench.service();
  let bytes = 0;
  let seconds = 0;
  const memory = await service.memoryOf(async () => {
    seconds = await time(async () => {
      bytes = await service.drain(`${path}/arpa`, {});
    });
  });
  const reference = await kenlm?.estimate(order);
  return {
    what: `ARPA file of ${what}, ${megabytes(bytes)} long`,
    ours: `${seconds.toFixed(1)} s${memory === undefined ? '' : `, ${megabytes(Math.max(0, memory))} beside the index`}`,
    reference: reference === undefined ? '' : `${reference.toFixed(1)} s, lmplz from the text`,
    ratio: reference === undefined ? undefined : reference / seconds,
  };
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(0)} MB`;
}
