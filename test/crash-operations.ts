/** What the tests that kill servers at random moments do to corpora, and what a corpus should then be. */
import { createHash } from 'node:crypto';
import type { Test } from 'tap';
import type { CorpusSettings, StoredCorpus } from '../src/store/store.ts';
import { choose, random } from './crash-rounds.ts';
import {
  countByForce,
  countsIn,
  countsOfCountsByForce,
  countsOfCountsIn,
  sequencesOf,
} from './ingest/oracle.ts';

/** A corpus as it should be: its texts, in the order of their commit. */
export interface Corpus {
  settings: CorpusSettings;
  texts: readonly string[];
}

/** A request of an operation, which makes of the corpus what it should be `after`, undefined where there is none. */
export interface Step {
  send(url: string): Promise<Response>;
  after: Corpus | undefined;
}

let serial = 0;

/** What is done to a corpus, by the name of it: the requests, one after the other. */
const operations: Record<string, (path: string, corpus: Corpus | undefined) => Step[]> = {
  create: (path, corpus) => {
    if (corpus !== undefined) return [];
    const settings = {
      tokenizer: 'whitespace',
      order: 2 + random(1),
      sequences: choose<CorpusSettings['sequences']>(['document', 'line']),
    } as const;
    const text = someText(20_000);
    const query = `?tokenizer=whitespace&order=${settings.order}&sequences=${settings.sequences}`;
    return [{ send: (url) => put(url + path + query, text), after: { settings, texts: [text] } }];
  },

  'append with a key': (path, corpus) =>
    corpus === undefined ? [] : [append(path, corpus, someText(20_000))],

  'put a document': (path, corpus) => {
    if (corpus === undefined) return [];
    const text = someText(10_000);
    const document = `${path}/documents/document${serial++}`;
    return [
      { send: (url) => put(url + document, text), after: { ...corpus, texts: [...corpus.texts, text] } },
    ];
  },

  'append several': (path, corpus) => {
    if (corpus === undefined) return [];
    const added = Array.from({ length: 4 }, () => someText(5000));
    const key = `several${serial++}`;
    const send = (url: string) => {
      const form = new FormData();
      for (const text of added) form.append('file', new Blob([text]), 'text.txt');
      const headers = { 'idempotency-key': key };
      return fetch(`${url}${path}/documents`, { method: 'POST', body: form, headers });
    };
    return [{ send, after: { ...corpus, texts: [...corpus.texts, ...added] } }];
  },

  'delete a document': (path, corpus) => {
    if (corpus === undefined || corpus.texts.length === 0) return [];
    const text = choose(corpus.texts);
    const send = (url: string) => removeDocument(url + path, text);
    return [{ send, after: { ...corpus, texts: corpus.texts.filter((other) => other !== text) } }];
  },

  'merge runs': (path, corpus) => {
    const steps: Step[] = [];
    for (let before = corpus; before !== undefined && steps.length < 6; before = steps.at(-1)?.after) {
      steps.push(append(path, before, someText(8000)));
    }
    return steps;
  },

  delete: (path, corpus) =>
    corpus === undefined
      ? []
      : [{ send: (url) => fetch(url + path, { method: 'DELETE' }), after: undefined }],
};

/** The request that appends a text, with a key. */
export function append(path: string, corpus: Corpus, text: string): Step {
  const headers = { 'idempotency-key': `append${serial++}`, 'content-type': 'text/plain' };
  return {
    send: (url) => fetch(`${url}${path}/documents`, { method: 'POST', body: text, headers }),
    after: { ...corpus, texts: [...corpus.texts, text] },
  };
}

/** Deletes the document that has a text; 404 if none has. */
async function removeDocument(corpus: string, text: string): Promise<Response> {
  const documents = `${corpus}/documents`;
  const listed = await fetch(`${documents}?limit=1000`);
  if (!listed.ok) return listed;
  const { items } = (await listed.json()) as { items: { id: string; sha256: string }[] };
  const id = items.find((document) => document.sha256 === sha256(text))?.id;
  return id === undefined
    ? new Response(null, { status: 404 })
    : fetch(`${documents}/${id}`, { method: 'DELETE' });
}

const put = (url: string, body: string) => fetch(url, { method: 'PUT', body: Buffer.from(body) });

/** A text of at most `most` words, the first of them more often, in lines. */
export function someText(most: number): string {
  const length = 1 + random(most - 1);
  return Array.from({ length }, () => `w${random(random(2000))}${choose([' ', ' ', ' ', '\n'])}`).join('');
}

/** What is asked of one corpus in a round. */
export interface Course {
  name: string;
  operation: string;
  before: Corpus | undefined;
  steps: Step[];
  /** How many of the steps were answered with success. */
  acknowledged: number;
}

/** Chooses an operation on a corpus. */
export function someCourse(name: string, before: Corpus | undefined): Course {
  for (;;) {
    const operation = choose(Object.keys(operations));
    const steps = operations[operation](`/v1/corpora/${name}`, before);
    if (steps.length > 0) return { name, operation, before, steps, acknowledged: 0 };
  }
}

/** What the corpus may be after a course: as before the first step that was not acknowledged, or as after it. */
export function candidatesOf({ before, steps, acknowledged }: Course): (Corpus | undefined)[] {
  return [before, ...steps.map(({ after }) => after)].slice(acknowledged, acknowledged + 2);
}

/** Checks that a corpus is what it should be, to the last count. */
export async function checkCorpus(t: Test, corpus: StoredCorpus, { settings, texts }: Corpus): Promise<void> {
  const sequences = sequencesOf(texts, settings.sequences);
  const counts = countByForce(sequences, settings.order);
  t.same(corpus.settings, settings);
  t.ok(isSame((await corpus.read(countsIn)).map(sorted), counts.map(sorted)), 'all counts are right');
  t.same(
    await corpus.read(countsOfCountsIn),
    countsOfCountsByForce(counts),
    'all counts of counts are right',
  );
  const tokens = sequences.flat().filter((token) => token !== '<s>');
  const ids = new Int32Array(tokens.length);
  await corpus.read(async (snapshot) => {
    await snapshot.readTokens(0, ids);
    t.equal((await snapshot.summary()).tokens, tokens.length);
    t.ok(isSame(await snapshot.tokenIds(tokens), ids), 'the token stream is right');
  });
}

const sorted = (counts: Map<string, number>) => [...counts].sort(([a], [b]) => (a < b ? -1 : 1));
export const isSame = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);
export const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
