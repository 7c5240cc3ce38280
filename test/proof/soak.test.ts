import t from 'tap';
import { besideTests, startService, temporaryFolder } from '../http/harness.ts';
import { ServerProcess } from './server-process.ts';
import { CorpusState, type SoakSettings } from './soak/corpus-state.ts';
import { memoryTrend } from './soak/memory.ts';
import { anyQuestion } from './soak/questions.ts';
import { soak } from './soak/soak.ts';
import { lines } from './soak/texts.ts';

t.test('some seconds of concurrent reads and writes give no wrong answer', async (t) => {
  const server = await ServerProcess.start(temporaryFolder(t), 'sources', besideTests);
  t.teardown(() => server.stop());
  const { kinds, wrong, errors } = await soak(server, 6);
  t.same(wrong, []);
  t.same(errors, []);
  t.ok((kinds.get('create') ?? 0) > 0 && (kinds.get('append') ?? 0) > 0);
});

t.test('every kind of question accepts the correct answer and rejects that of another state', async (t) => {
  const { api } = await startService(t);
  for (const settings of [
    { tokenizer: 'word', order: 3, sequences: 'document' },
    { tokenizer: 'whitespace', order: 3, sequences: 'line' },
  ] satisfies SoakSettings[]) {
    const name = settings.sequences;
    const first = { id: '1', text: lines(), version: 1 };
    const second = { id: 'second', text: lines(), version: 2 };
    const state = CorpusState.created(settings, [first]).with(second);
    const other = state.with({ id: 'third', text: lines(), version: 3 });
    await api.put(`/v1/corpora/${name}`).query(settings).type('text/plain').send(first.text);
    await api.put(`/v1/corpora/${name}/documents/second`).type('text/plain').send(second.text);

    const asked = new Set<string>();
    const foundWrong = new Set<string>();
    for (let i = 0; i < 2000 && foundWrong.size < 10; i++) {
      const { kind, path, body, faultOf } = anyQuestion(state);
      if (foundWrong.has(kind)) continue;
      const address = `/v1/corpora/${name}${path}`;
      const answer = await (body === undefined ? api.get(address) : api.post(address).send(body));
      t.equal(answer.status, 200, address);
      t.equal(faultOf(state, answer.body), undefined, address);
      asked.add(kind);
      if (faultOf(other, answer.body) !== undefined) foundWrong.add(kind);
    }
    t.equal(asked.size, 10);
    t.same([...foundWrong].sort(), [...asked].sort());
  }
});

t.test('growing memory is distinguished from fluctuating memory', async (t) => {
  const samples = (rss: (second: number) => number) =>
    Array.from({ length: 600 }, (_, seconds) => ({ seconds, rss: rss(seconds) }));
  const grows = ({ growth, allowed }: ReturnType<typeof memoryTrend>) => growth > allowed;
  t.notOk(grows(memoryTrend(samples(() => 200e6))));
  t.notOk(grows(memoryTrend(samples((second) => 200e6 + 60e6 * Math.sin(second / 7)))));
  t.notOk(grows(memoryTrend(samples((second) => (second < 120 ? 100e6 + second * 1e6 : 220e6)))));
  t.ok(grows(memoryTrend(samples((second) => 200e6 + second * 100e3 + 60e6 * Math.sin(second / 7)))));
});
