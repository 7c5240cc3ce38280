import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { Bench, CorpusView, Row } from '../bench.ts';
import { time } from '../service.ts';

/** How the costs grow from the first megabyte of the text to a hundred: counts, time, disk, memory and the index. */
export async function growth(bench: Bench): Promise<Row[]> {
  const rows: Row[] = [];
  for (const order of [3, 5]) {
    for (const megabytes of [1, 3, 10, 30, 100]) {
      const bytes = megabytes * 1e6;
      if (bytes > bench.text.bytes) break;
      // A new process, so that its peak memory is that of this corpus.
      await bench.stop();
      const service = await bench.service();
      const name = `growth${order}-${megabytes}`;
      const path = `/v1/corpora/${name}`;
      let corpus: CorpusView | undefined;
      const seconds = await time(async () => {
        const settings = `?order=${order}&tokenizer=${bench.text.tokenizer}`;
        corpus = JSON.parse(await service.send(path + settings, 'PUT', bench.text.path, { end: bytes - 1 }));
      });
      const { tokens, ngrams } = corpus as CorpusView;
      const peak = service.peakMemory();
      const distinct = ngrams.reduce((sum, { distinct }) => sum + distinct, 0);
      const disk = statSync(join(bench.dataFolder, 'corpora', `${name}.sqlite`)).size;
      const built = await time(() =>
        service.request(`${path}/probability?word=the&estimator=modified-kneser-ney`),
      );
      const metrics = await (await service.request('/metrics')).text();
      const memory = Number(/^ngramd_index_bytes (\S+)/m.exec(metrics)?.[1]);
      rows.push({
        what: `${megabytes} MB, order ${order}: ${millions(tokens)} tokens, ${millions(distinct)} n-grams`,
        ours: `${seconds.toFixed(2)} s${peak === undefined ? '' : `, ${(peak / 1e6).toFixed(0)} MB peak memory`}; on disk ${(disk / 1e6).toFixed(1)} MB; index ${(memory / 1e6).toFixed(1)} MB in ${built.toFixed(2)} s`,
        reference: '',
        ratio: undefined,
      });
      await service.request(path, { method: 'DELETE' });
    }
  }
  return rows;
}

function millions(number: number): string {
  return `${(number / 1e6).toFixed(2)} M`;
}
