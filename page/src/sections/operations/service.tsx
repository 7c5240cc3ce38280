import { bytes, integer, time } from '../../format.ts';
import { Answer } from '../../parts/answer.tsx';
import { Figures } from '../../parts/figures.tsx';
import { Panel } from '../../parts/panel.tsx';
import type { Call } from '../../service/call.ts';
import type { Answering } from '../../service/use-answer.ts';
import type { Stats } from './stats.ts';

/** The service as a whole, in a few figures. */
export function Service({ call, stats }: { call: Call<Stats>; stats: Answering<Stats> }) {
  const { data } = stats;
  return (
    <Panel
      title="Service"
      call={call}
      table={data && { file: 'service.csv', columns: ['figure', 'value'], rows: () => rowsOf(data) }}
    >
      <Answer of={stats}>{(data) => <Figures of={figuresOf(data)} />}</Answer>
    </Panel>
  );
}

function figuresOf({ version, store, process, corpora, disk, uploads }: Stats) {
  return [
    ['version', version],
    ['store', store],
    ['running since', time(process.started_at)],
    ['memory', bytes(process.rss_bytes)],
    ['corpora', integer(corpora.count)],
    ['damaged corpora', integer(corpora.damaged.length)],
    ['texts received', bytes(uploads.received_bytes)],
    ...(disk === undefined ? [] : [['disk free', `${bytes(disk.free_bytes)} of ${bytes(disk.total_bytes)}`]]),
  ] as [string, string][];
}

function rowsOf({ version, store, process, corpora, disk, uploads }: Stats) {
  return [
    ['version', version],
    ['store', store],
    ['started_at', process.started_at],
    ['rss_bytes', process.rss_bytes],
    ['corpora', corpora.count],
    ['damaged_corpora', corpora.damaged.length],
    ['received_bytes', uploads.received_bytes],
    ['free_bytes', disk?.free_bytes],
    ['total_bytes', disk?.total_bytes],
  ];
}
