import { setTimeout } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import type { Descriptors, Figures, ServerProcess } from '../server-process.ts';
import { CorpusState, documentView, type SoakDocument, type SoakSettings } from './corpus-state.ts';
import { CorpusHistory } from './history.ts';
import { type Answer, anyQuestion, faultOfCorpus } from './questions.ts';
import { chance, lines, oneOf } from './texts.ts';

const settings: SoakSettings[] = [
  { tokenizer: 'word', order: 3, sequences: 'document' },
  { tokenizer: 'whitespace', order: 3, sequences: 'line' },
  { tokenizer: 'unicode', order: 2, sequences: 'document' },
  { tokenizer: 'whitespace', order: 3, sequences: 'document' },
];
const readers = 4;
/** A corpus with more documents than this is deleted and created again. */
const maxDocuments = 30;

/** The server's figures at one moment. */
export interface Sample extends Figures {
  /** Since the start. */
  seconds: number;
  descriptors: Descriptors | undefined;
}

export interface SoakReport {
  /** The number of requests of each kind. */
  kinds: Map<string, number>;
  /** The number of answers 503 and 429: the server was busy. */
  busy: number;
  /** The number of answers 404 while a corpus was being deleted and created again. */
  absent: number;
  /** Requests without an answer or with an unexpected one. */
  errors: string[];
  wrong: string[];
  samples: Sample[];
}

/**
 * Several clients write to a server and read from it for some seconds. Each answer is checked against brute-force
 * counts of the documents at the version that the answer names. The server must be new and empty.
 */
export async function soak(server: ServerProcess, seconds: number): Promise<SoakReport> {
  const { paths } = (await (await fetch(`${server.address}/openapi.json`)).json()) as {
    paths: Record<string, object>;
  };
  const takesBack = 'delete' in (paths['/v1/corpora/{corpus}/documents/{id}'] ?? {});
  return await new Soak(server, takesBack).run(seconds);
}

interface Reply {
  status: number;
  body: Answer;
}

class Soak {
  readonly #server: ServerProcess;
  readonly #takesBack: boolean;
  readonly #histories = settings.map((settings, i) => new CorpusHistory(`soak-${i}`, settings));
  readonly #report: SoakReport = {
    kinds: new Map(),
    busy: 0,
    absent: 0,
    errors: [],
    wrong: [],
    samples: [],
  };
  #isOver = false;

  constructor(server: ServerProcess, takesBack: boolean) {
    this.#server = server;
    this.#takesBack = takesBack;
  }

  async run(seconds: number): Promise<SoakReport> {
    const start = performance.now();
    const clients = [
      ...this.#histories.map((history) => this.#write(history)),
      ...Array.from({ length: readers }, () => this.#read()),
      this.#list(),
    ];
    while (performance.now() - start < seconds * 1000 && this.#server.isAlive) {
      const figures = await this.#server.figures();
      const descriptors = this.#server.descriptors();
      this.#report.samples.push({ seconds: (performance.now() - start) / 1000, ...figures, descriptors });
      await setTimeout(Math.min(1000, seconds * 50));
    }
    this.#isOver = true;
    await Promise.all(clients);
    if (!this.#server.isAlive) this.#report.errors.push(`The server ended: ${this.#server.lastOutput}`);
    return this.#report;
  }

  /** Changes one corpus as its only writer. */
  async #write(history: CorpusHistory): Promise<void> {
    while (!this.#isOver) {
      const state = history.latest;
      if (state === undefined) await this.#create(history);
      else if (state.documents.length > maxDocuments || chance(0.01)) await this.#delete(history);
      else if (chance(0.1)) await this.#repeat(history, state);
      else if (this.#takesBack && state.documents.length > 2 && chance(0.3))
        await this.#takeBack(history, state);
      else await this.#append(history, state);
      await setTimeout(Math.random() * 100);
    }
  }

  async #create(history: CorpusHistory): Promise<void> {
    const text = lines();
    const state = CorpusState.created(history.settings, [{ id: '1', text, version: 1 }]);
    history.creating(state);
    const { tokenizer, order, sequences } = history.settings;
    const query = new URLSearchParams({ tokenizer, order: String(order), sequences });
    const path = `/v1/corpora/${history.name}?${query}`;
    const reply = await this.#send('create', path, { method: 'PUT', ...uploadOf(text) });
    if (!this.#expect(reply, 201, path)) return history.notCreated();
    history.created();
    this.#hold(path, reply, faultOfCorpus(state, reply.body));
  }

  async #append(history: CorpusHistory, state: CorpusState): Promise<void> {
    const text = lines();
    const id = chance(0.5) ? '' : `d${state.version}`;
    const document: SoakDocument = { id, text, version: state.version + 1 };
    const next = state.with(document);
    history.changing(next);
    const path = `/v1/corpora/${history.name}/documents${id === '' ? '' : `/${id}`}`;
    const method = id === '' ? 'POST' : 'PUT';
    const reply = await this.#send('append', path, { method, ...uploadOf(text) });
    if (!this.#expect(reply, 201, path)) return history.notChanged(next);
    if (id === '') document.id = reply.body.id;
    const { created_at, ...view } = reply.body;
    const expected = documentView(history.settings, document);
    const isRight = JSON.stringify(view) === JSON.stringify(expected);
    this.#hold(path, reply, isRight ? undefined : `the document is not ${JSON.stringify(expected)}`);
  }

  /** Sends a document again, or another text under its id: nothing changes. */
  async #repeat(history: CorpusHistory, state: CorpusState): Promise<void> {
    const { id, text } = oneOf(state.documents);
    const isSame = chance(0.5);
    const path = `/v1/corpora/${history.name}/documents/${id}`;
    const upload = uploadOf(isSame ? text : `${text}\nanother`);
    this.#expect(await this.#send('repeat', path, { method: 'PUT', ...upload }), isSame ? 200 : 409, path);
  }

  async #takeBack(history: CorpusHistory, state: CorpusState): Promise<void> {
    const { id } = oneOf(state.documents);
    const next = state.without(id);
    history.changing(next);
    const path = `/v1/corpora/${history.name}/documents/${id}`;
    const reply = await this.#send('take back', path, { method: 'DELETE' });
    if (!this.#expect(reply, 204, path)) history.notChanged(next);
  }

  async #delete(history: CorpusHistory): Promise<void> {
    history.deleting();
    const path = `/v1/corpora/${history.name}`;
    const reply = await this.#send('delete', path, { method: 'DELETE' });
    if (this.#expect(reply, 204, path)) history.deleted();
  }

  /** Queries the corpora at random. */
  async #read(): Promise<void> {
    while (!this.#isOver) {
      const history = oneOf(this.#histories);
      const state = history.latest;
      if (state === undefined) {
        await setTimeout(20);
        continue;
      }
      const { kind, path, body, faultOf } = anyQuestion(state);
      const address = `/v1/corpora/${history.name}${path}`;
      const from = performance.now();
      const reply = await this.#send(
        kind,
        address,
        body === undefined
          ? {}
          : {
              method: 'POST',
              headers: { 'content-type': 'application/json' },
              body: JSON.stringify(body),
            },
      );
      if (reply.status === 404 && history.mayBeAbsent(from, performance.now())) {
        this.#report.absent++;
        continue;
      }
      if (!this.#expect(reply, 200, address)) continue;
      // The answers to 20 questions in one request belong to one version, which the answer names.
      const states = history.states(reply.body.version, from, performance.now());
      const faults = states.map((state) => faultIn(() => faultOf(state, reply.body)));
      const isRight = faults.includes(undefined);
      const fault = faults[0] ?? `there was no version ${reply.body.version}`;
      this.#hold(
        `${address} ${body === undefined ? '' : JSON.stringify(body)}`,
        reply,
        isRight ? undefined : fault,
      );
    }
  }

  /** Lists all corpora. */
  async #list(): Promise<void> {
    while (!this.#isOver) {
      const from = performance.now();
      const reply = await this.#send('list', '/v1/corpora');
      const to = performance.now();
      if (this.#expect(reply, 200, '/v1/corpora')) {
        for (const history of this.#histories) {
          const item = reply.body.items.find(({ name }: Answer) => name === history.name);
          const states = item === undefined ? [] : history.states(item.version, from, to);
          const faults = states.map((state) => faultOfCorpus(state, item));
          const isRight = item === undefined ? history.mayBeAbsent(from, to) : faults.includes(undefined);
          this.#hold(
            `/v1/corpora: ${history.name}`,
            reply,
            isRight ? undefined : (faults[0] ?? 'no such version'),
          );
        }
      }
      await setTimeout(50);
    }
  }

  async #send(kind: string, path: string, init: RequestInit = {}): Promise<Reply> {
    this.#report.kinds.set(kind, (this.#report.kinds.get(kind) ?? 0) + 1);
    try {
      const answer = await fetch(this.#server.address + path, init);
      const text = await answer.text();
      return { status: answer.status, body: text === '' ? undefined : JSON.parse(text) };
    } catch (error) {
      return { status: 0, body: String(error) };
    }
  }

  /** Whether the status is expected; records any other. */
  #expect({ status, body }: Reply, expected: number, path: string): boolean {
    if (status === expected) return true;
    if (status === 503 || status === 429) this.#report.busy++;
    else this.#report.errors.push(`${path}: ${status} and not ${expected}: ${JSON.stringify(body)}`);
    return false;
  }

  #hold(what: string, { body }: Reply, fault: string | undefined): void {
    if (fault === undefined) return;
    this.#report.wrong.push(`${what}: ${fault}\n  ${JSON.stringify(body).slice(0, 1000)}`);
  }
}

/** The fault of an answer, including a missing field. */
function faultIn(look: () => string | undefined): string | undefined {
  try {
    return look();
  } catch (error) {
    return String(error);
  }
}

/** A text in one of the formats in which it can be sent. */
function uploadOf(text: string): RequestInit {
  const form = new FormData();
  form.append('file', new Blob([text], { type: 'text/plain' }), 'text.txt');
  return oneOf<RequestInit>([
    { body: Buffer.from(text), headers: { 'content-type': 'text/plain' } },
    { body: gzipSync(text), headers: { 'content-type': 'text/plain', 'content-encoding': 'gzip' } },
    { body: JSON.stringify({ text }), headers: { 'content-type': 'application/json' } },
    { body: form },
  ]);
}
