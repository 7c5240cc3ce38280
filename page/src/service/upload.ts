import {
  type Corpus,
  type Document,
  dataOf,
  type Job,
  ProblemError,
} from '../../../clients/typescript/src/index.ts';
import { client } from './client.ts';

/** How often the job of an upload is looked up while its text is being sent. */
const lookMs = 250;

export interface Settings {
  tokenizer: Corpus['tokenizer'];
  order: number;
  sequences: Corpus['sequences'];
}

/** Follows an upload, and cancels it: then nothing of it is kept. */
export interface Following {
  /** Called with the job of the upload, as it changes. */
  onProgress(job: Job): void;
  signal: AbortSignal;
}

/** Makes a corpus of a sample. Throws ProblemError, as all of these do. */
export function createFromSample(corpus: string, sample: string, settings: Settings, following: Following) {
  const params = { path: { sample: sample as 'sonnets' }, query: { corpus, ...settings } };
  return uploaded<Corpus>(following, (sent) =>
    client.value.api.POST('/v1/samples/{sample}', { params, ...sent }),
  );
}

/** Makes a corpus of a text, which may be compressed with gzip. */
export async function createFromText(corpus: string, text: Blob, settings: Settings, following: Following) {
  const params = { path: { corpus }, query: settings };
  const body = await bodyOf(text);
  return uploaded<Corpus>(following, ({ headers, signal }) =>
    client.value.api.PUT('/v1/corpora/{corpus}', {
      params,
      ...body,
      headers: { ...headers, ...body.headers },
      signal,
    }),
  );
}

/** Adds a text to a corpus. */
export async function addDocument(corpus: string, text: Blob, following: Following) {
  const params = { path: { corpus } };
  const body = await bodyOf(text);
  return uploaded<Document>(following, ({ headers, signal }) =>
    client.value.api.POST('/v1/corpora/{corpus}/documents', {
      params,
      ...body,
      headers: { ...headers, ...body.headers },
      signal,
    }),
  );
}

interface Sent {
  headers: { prefer: string; 'x-request-id': string };
  signal: AbortSignal;
}

/** Sends an upload that becomes a job, and follows the job to its end. Returns what was added. */
async function uploaded<Added>(
  { onProgress, signal }: Following,
  send: (sent: Sent) => Promise<{ data?: unknown; response: Response }>,
): Promise<Added> {
  const requestId = `page-${crypto.getRandomValues(new Uint32Array(3)).join('-')}`;
  let id: string | undefined;
  const note = (job: Job) => {
    id = job.id;
    onProgress(job);
  };
  // The list of jobs shows an upload, under the id of its request, while its text is still being sent.
  const looking = setInterval(async () => {
    const { data } = await client.value.api.GET('/v1/jobs', { params: { query: { limit: 20 } } });
    const job = data?.items.find(({ request_id }) => request_id === requestId);
    if (job !== undefined && id === undefined) onProgress(job);
  }, lookMs);
  const cancel = () =>
    id !== undefined && client.value.api.DELETE('/v1/jobs/{id}', { params: { path: { id } } });
  signal.addEventListener('abort', cancel);
  try {
    const headers = { prefer: 'respond-async', 'x-request-id': requestId };
    note((await dataOf(send({ headers, signal }))) as Job);
    clearInterval(looking);
    return (await ended(id as unknown as string, note)) as Added;
  } finally {
    clearInterval(looking);
    signal.removeEventListener('abort', cancel);
  }
}

/** What a job added, when it has ended. */
async function ended(id: string, note: (job: Job) => void): Promise<unknown> {
  for await (const job of client.value.followJob(id)) {
    note(job);
    if ('problem' in job) throw new ProblemError(job.problem);
    if (job.state === 'succeeded') return job.result.body;
  }
  return undefined;
}

/** How a text is sent. One that is compressed with gzip begins with these two bytes, whatever its name is. */
async function bodyOf(text: Blob) {
  const [first, second] = new Uint8Array(await text.slice(0, 2).arrayBuffer());
  const isGzip = first === 0x1f && second === 0x8b;
  return {
    body: text as never,
    bodySerializer: (body: unknown) => body,
    headers: { 'content-type': isGzip ? 'application/gzip' : 'text/plain' },
  };
}
