import { execFile, execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import t from 'tap';
import { startService, temporaryFolder } from '../http/harness.ts';

const clients = fileURLToPath(new URL('../../clients/python', import.meta.url));

/** Why the tests are skipped, where Python or NumPy is missing. */
const skip = (() => {
  try {
    execFileSync('python3', ['-c', 'import numpy, sys; assert sys.version_info >= (3, 9)'], {
      stdio: 'ignore',
    });
    return false;
  } catch {
    return 'Python 3.9 with NumPy is not installed';
  }
})();

/** Runs a program with the client, and returns the JSON that it prints. */
async function python(address: string, program: string, folder?: string): Promise<unknown> {
  const source = `import json\nfrom ngramd import *\naddress = ${JSON.stringify(address)}\n${program}`;
  const { stdout } = await promisify(execFile)('python3', ['-c', source], {
    cwd: folder,
    env: { ...process.env, PYTHONPATH: clients, PYTHONDONTWRITEBYTECODE: '1' },
  });
  return JSON.parse(stdout);
}

const text = Array.from({ length: 300 }, (_, i) => `${'abcdefgh'[i % 7]}${'xyz'[i % 3]}`).join(' ');

t.test('the Python client uploads, asks, scores and generates', { skip }, async (t) => {
  const { app } = await startService(t);
  const printed = await python(
    app.listeningOrigin,
    `
client = Client(address)
open("book.txt", "w").write("the time traveller smiled and the time machine stood still")
corpus = client.upload("book", "book.txt", order=2)
again = client.upload("book", b"the time traveller smiled and the time machine stood still", order=2)
corpus.add(b"the end", id="end")
info = corpus.info()
print(json.dumps({
    "names": [each["name"] for each in client.corpora()],
    "sizes": [info["documents"], info["tokens"], info["order"]],
    "p": corpus.probability("the", "time", estimator="mle")["probability"],
    "epsilon": corpus.probability("the", "time", epsilon=[1, 0.5])["estimator"]["epsilon"],
    "next": [each["word"] for each in corpus.continuations("the", k=2)],
    "scores": [each["tokens"] for each in corpus.score(["the time", "the end"])],
    "text": corpus.generate("the", max_tokens=3, estimator="mle", seed=1),
    "tokens": [each["token"] for each in corpus.vocabulary()],
    "ngrams": next(corpus.ngrams(order=2))["ngram"],
}))`,
    temporaryFolder(t),
  );
  t.match(printed, {
    names: ['book'],
    sizes: [2, 12, 2],
    p: 2 / 3,
    epsilon: [1, 0.5],
    next: ['time'],
    scores: [2, 2],
    ngrams: ['the', 'time'],
  });
});

t.test(
  'SeqDataLoader yields the minibatches of the service, another epoch with each loop',
  { skip },
  async (t) => {
    const { app, api } = await startService(t);
    await api.put('/v1/corpora/timemachine').type('text').send(text).expect(201);
    const printed = (await python(
      app.listeningOrigin,
      `
corpus = Client(address).corpus("timemachine")
data_iter, vocab = load_data_time_machine(2, 5, use_random_iter=True, max_tokens=200, corpus=corpus, seed=7)
epochs = [[[x.tolist(), y.tolist()] for x, y in data_iter] for _ in range(2)]
print(json.dumps({"epochs": epochs, "length": len(vocab), "ids": vocab[["ax", "nowhere"]], "tokens": vocab.to_tokens([1, 2]),
                  "dtype": str(next(iter(data_iter))[0].dtype)}))`,
    )) as { epochs: unknown[]; length: number; ids: number[]; tokens: string[]; dtype: string };
    for (const [epoch, batches] of printed.epochs.entries()) {
      const path = `/v1/corpora/timemachine/batches?strategy=random&batch_size=2&num_steps=5&seed=7&max_tokens=200&epoch=${epoch}&limit=100`;
      const { body } = await api.get(path).expect(200);
      t.same(
        batches,
        body.batches.map(({ x, y }: { x: number[][]; y: number[][] }) => [x, y]),
      );
    }
    t.notSame(printed.epochs[0], printed.epochs[1]);
    const { body } = await api.get('/v1/corpora/timemachine').expect(200);
    t.equal(printed.length, body.token_ids);
    t.equal(printed.ids[1], 0);
    t.equal(printed.dtype, 'int32');
  },
);

t.test('a problem is raised with its fields', { skip }, async (t) => {
  const { app } = await startService(t);
  const printed = await python(
    app.listeningOrigin,
    `
try:
    Client(address).corpus("none").info()
except Problem as problem:
    print(json.dumps([problem.status, problem.type, str(problem)]))`,
  );
  t.match(printed, [404, /corpus-not-found/, /none/]);
});
