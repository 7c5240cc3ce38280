import {
  type Corpus,
  type Document,
  dataOf,
  type Job,
  ProblemError,
} from '../../../clients/typescript/src/index.ts';
import { type Call, call } from './call.ts';
import { client } from './client.ts';

/** How often the job of an upload is looked up while its text is being sent. */
const lookMs = 250;

export interface Settings {
  tokenizer: Corpus['tokenizer'];
  /** How many ids there are, where tokens are ids. */
  vocabulary_ids?: number;
  order: number;
  sequences: Corpus['sequences'];
}

/** What is said of a text: nothing where it is empty. */
export interface Labels {
  title: string;
  date: string;
}

/** Follows an upload, and cancels it: then nothing of it is kept. */
export interface Following {
  /** Called with the job of the upload, as it changes. */
  onProgress(job: Job): void;
  signal: AbortSignal;
}

/** Makes a corpus of a sample. */
export function sampleUpload(corpus: string, sample: string, settings: Settings): Call<Corpus> {
  const path = { sample: sample as 'sonnets' };
  return call('post', '/v1/samples/{sample}', { path, query: { corpus, ...settings } }) as Call<Corpus>;
}

/** Makes a corpus of a text; an ARPA file has settings of its own. */
export function corpusUpload(corpus: string, settings: Settings | undefined, labels: Labels): Call<Corpus> {
  const query = { ...settings, ...labels };
  return call('put', '/v1/corpora/{corpus}', { path: { corpus }, query }) as Call<Corpus>;
}

/** Adds a text to a corpus. */
export function documentUpload(corpus: string, labels: Labels): Call<Document> {
  const path = { corpus };
  return call('post', '/v1/corpora/{corpus}/documents', { path, query: { ...labels } }) as Call<Document>;
}

/**
 * Sends an upload that becomes a job, with its text if it has one, which may be compressed with gzip, or a form.
 * Follows the job to its end, and returns what was added. Throws ProblemError, and the signal's reason if it was
 * cancelled.
 */
export async function upload<Added>(
  { method, path }: Call<Added>,
  text: Blob | FormData | undefined,
  { onProgress, signal }: Following,
): Promise<Added> {
  const { api } = client.value;
  const requestId = `page-${crypto.getRandomValues(new Uint32Array(3)).join('-')}`;
  const sending = new AbortController();
  let id: string | undefined;
  let isSending = true;
  const note = (job: Job) => {
    id = job.id;
    onProgress(job);
  };
  // The list of jobs shows an upload, under the id of its request, while its text is still being sent.
  const find = async () => {
    const { data } = await api.GET('/v1/jobs', { params: { query: { limit: 20 } } });
    return data?.items.find(({ request_id }) => request_id === requestId);
  };
  const looking = setInterval(async () => {
    const job = await find().catch(() => undefined);
    if (job !== undefined && isSending) note(job);
  }, lookMs);
  const stopLooking = () => {
    isSending = false;
    clearInterval(looking);
  };
  // Its job is cancelled before the rest of the text is withheld: an upload that breaks off has failed.
  const cancel = async () => {
    try {
      id ??= (await find())?.id;
      if (id !== undefined) await api.DELETE('/v1/jobs/{id}', { params: { path: { id } } });
    } catch {
      // Where the service cannot be reached, the text does not arrive either.
    }
    sending.abort(signal.reason);
  };
  signal.addEventListener('abort', cancel);
  try {
    const headers = { prefer: 'respond-async', 'x-request-id': requestId };
    const lower = method.toLowerCase() as 'put';
    const body = text === undefined ? { headers } : await bodyOf(text, headers);
    const sent = { ...body, signal: sending.signal } as Record<string, unknown>;
    const job = (await dataOf(api.request(lower, path as '/v1/corpora/{corpus}', sent as never))) as Job;
    stopLooking();
    note(job);
    return (await ended(job.id, note)) as Added;
  } finally {
    stopLooking();
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

/** Whether a file, which may be compressed with gzip, begins as an ARPA file. */
export async function isArpa(file: Blob): Promise<boolean> {
  const beginning = file.slice(0, 2 ** 16).stream();
  const isCompressed = await isGzip(file);
  const text = isCompressed ? beginning.pipeThrough(new DecompressionStream('gzip')) : beginning;
  const { value } = await text.getReader().read();
  return /^\s*\\data\\/.test(new TextDecoder().decode(value));
}

/** Files that are compressed with gzip begin with these two bytes, whatever their names are. */
async function isGzip(file: Blob): Promise<boolean> {
  const [first, second] = new Uint8Array(await file.slice(0, 2).arrayBuffer());
  return first === 0x1f && second === 0x8b;
}

/** A form of files, in their order. */
export function formOf(files: Record<string, File>): FormData {
  const form = new FormData();
  for (const [name, file] of Object.entries(files)) form.append(name, file);
  return form;
}

/** How a text, or a form, is sent. */
async function bodyOf(text: Blob | FormData, headers: Record<string, string>) {
  if (text instanceof FormData) return { body: text, bodySerializer: (body: unknown) => body, headers };
  const type = (await isGzip(text)) ? 'application/gzip' : 'text/plain';
  return {
    body: text,
    bodySerializer: (body: unknown) => body,
    headers: { ...headers, 'content-type': type },
  };
}
