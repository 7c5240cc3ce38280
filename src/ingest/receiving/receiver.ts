import { availableParallelism } from 'node:os';
import { extname } from 'node:path';
import { NgramdError } from '../../errors.ts';
import { type PoolFigures, WorkerPool } from '../../platform/worker-pool.ts';
import type { CorpusSettings } from '../../store/store.ts';
import type { TokenizerDefinition } from '../../text/tokenizer-json/loaded.ts';
import type { UploadRoom } from '../admission.ts';
import type { ReceivedArpa } from '../arpa/arpa-draft.ts';
import type { Job } from '../job.ts';
import type { SharedTokenizerJson } from '../tokenizer-jsons.ts';
import { abortable } from './abortable.ts';
import type { ReceivedText, UploadedFields } from './document-lines.ts';
import type { PackedDraft } from './packed-draft.ts';
import type { Reading } from './receive-worker.ts';
import { UploadClient } from './upload-client.ts';

/** A text that is being uploaded; `id` is the document's, chosen by the server where undefined. */
export interface Text {
  id?: string;
  /** The names of its fields, if it is documents in JSON, one per line. */
  documents?: UploadedFields | undefined;
  /** Whether it is counts of n-grams. */
  isOfCounts?: boolean;
  body: AsyncIterable<Uint8Array>;
  /** Its size, where it is known in advance and has not turned out to be wrong. */
  bytes: number | undefined;
  /** Whether it is an ARPA file and no text, once its first bytes have been read. */
  isArpa?: boolean;
  /** Says of an error which text it is about, where it is about this one. */
  about(error: unknown): unknown;
}

/** The texts of an upload, all of which have been received. */
export interface ReceivedTexts {
  /** Of each text. */
  readonly texts: readonly ReceivedText[];
  /** Whether there are documents in JSON, one per line, among them. */
  readonly hasLines: boolean;
  /** Undefined where there are no texts, and while a thread that commits has it. */
  draft: PackedDraft | undefined;
  /** The ARPA file that was received instead of texts. */
  arpa: ReceivedArpa | undefined;
}

/** How many uploads one thread receives in turns, so that slow senders do not block others. */
const uploadsPerThread = 64;

/** After how many bytes of a text the disk is checked again. */
const spaceCheckBytes = 16 * 2 ** 20;

const maxThreads = Math.max(2, availableParallelism());

/** An upload that is being received. */
interface Reception {
  readonly job: Job;
  readonly client: UploadClient;
  readonly room: UploadRoom;
  /** Is aborted when the job is cancelled or the thread dies. */
  readonly signal: AbortSignal;
  /** Whether no text of the upload has been received before. */
  readonly isFirst: boolean;
}

/** Threads that receive texts and do nothing else, each of them many uploads in turns. */
export class Receiver {
  readonly #pool: WorkerPool;
  readonly #onBytes: (bytes: number) => void;
  readonly #onError: (error: unknown) => void;

  /** `onBytes` is called with the size of each piece of a text that arrives. */
  constructor(onBytes: (bytes: number) => void, onError: (error: unknown) => void) {
    this.#onBytes = onBytes;
    this.#onError = onError;
    this.#pool = new WorkerPool(
      new URL(`./receive-worker${extname(import.meta.url)}`, import.meta.url),
      {
        minThreads: 1,
        maxThreads,
        idleTimeout: 60_000,
        concurrentTasksPerWorker: uploadsPerThread,
        loadBalancer: (_task, workers) => idleOrLeastBusy(workers),
      },
      onError,
    );
  }

  get figures(): PoolFigures {
    return this.#pool.figures;
  }

  /**
   * Receives the texts of an upload. Throws `cancelled` when the job is, `disk-full`, and what is wrong with a text.
   */
  async receive(
    job: Job,
    { settings, tokenizer }: Reading,
    texts: AsyncIterable<Text>,
    room: UploadRoom,
  ): Promise<ReceivedTexts> {
    const client = new UploadClient(this.#pool, { settings, tokenizer }, room, (tokens) =>
      job.receive(0, tokens),
    );
    const signal = AbortSignal.any([job.signal, client.signal]);
    const received: ReceivedText[] = [];
    let hasLines = false;
    let isArpa = false;
    try {
      for await (const text of abortable(texts, signal)) {
        checkKind(settings, text, received.length === 0);
        const { bytes } = text;
        job.totalBytes = bytes;
        if (bytes !== undefined || received.length === 0)
          await room.growTo(job.received.bytes + (bytes ?? 0));
        try {
          const isFirst = received.length === 0;
          received.push(await this.#receiveText(text, { job, client, room, signal, isFirst }));
          isArpa ||= text.isArpa === true;
          hasLines ||= text.documents !== undefined;
        } catch (error) {
          throw text.about(error);
        }
      }
      await room.growTo(job.received.bytes);
      const hasTexts = received.length > 0 && !isArpa;
      const draft = hasTexts ? await client.take() : undefined;
      const arpa = isArpa ? await client.takeArpa() : undefined;
      return { texts: received, hasLines, draft, arpa };
    } finally {
      await client.close().catch(this.#onError);
    }
  }

  /** As `Ingest.describeTokenizer`. */
  async describeTokenizer(tokenizer: SharedTokenizerJson): Promise<TokenizerDefinition> {
    return this.#pool.run('describeTokenizer', tokenizer);
  }

  async close(): Promise<void> {
    await this.#pool.close();
  }

  async #receiveText(text: Text, { job, client, room, signal, isFirst }: Reception): Promise<ReceivedText> {
    const tokensBefore = job.received.tokens;
    if (text.isOfCounts === true) await client.beginCounts();
    if (text.documents !== undefined) await client.beginDocuments(text.documents);
    let hasBegun = false;
    for await (const chunk of abortable(text.body, signal)) {
      if (!hasBegun && text.isArpa === true) {
        if (!isFirst) throw notAlone();
        await client.beginArpa();
      }
      hasBegun = true;
      const { bytes } = job.received;
      if (bytes % spaceCheckBytes > (bytes + chunk.length) % spaceCheckBytes) await room.growTo(bytes);
      job.totalBytes = text.bytes;
      this.#onBytes(chunk.length);
      job.receive(chunk.length);
      await client.write(chunk);
    }
    const received = await client.finish(text.id === undefined ? {} : { id: text.id });
    job.receive(0, tokensBefore + received.tokens);
    return received;
  }
}

function notAlone(): NgramdError {
  return new NgramdError(
    'invalid-text',
    'An ARPA file is a model of its own: a corpus is made of one such file and nothing else.',
  );
}

/**
 * Throws `other-kind` for counts in a corpus of texts and for a text in a corpus of counts, and `invalid-request` for
 * counts beside others.
 */
function checkKind({ content }: CorpusSettings, { isOfCounts = false }: Text, isFirst: boolean): void {
  const takesCounts = content?.kind === 'counts';
  if (isOfCounts !== takesCounts) {
    throw new NgramdError(
      'other-kind',
      takesCounts
        ? 'The corpus has documents that are counts of n-grams, and takes no texts: send their counts as text/tab-separated-values, or create a corpus of texts.'
        : 'The corpus has texts, and takes no counts of n-grams: create a corpus with them.',
    );
  }
  if (!isOfCounts || isFirst) return;
  throw new NgramdError(
    'invalid-request',
    'An upload has the counts of one document: put all orders into one file, or send several requests.',
  );
}

/**
 * An idle worker or, where there can be no more of them, the least busy: one that tokenizes has no time for other
 * uploads. Null where a worker is still to come, or to become free.
 */
function idleOrLeastBusy<Worker extends { currentUsage: number }>(workers: readonly Worker[]): Worker | null {
  const [least, ...others] = [...workers].sort((a, b) => a.currentUsage - b.currentUsage);
  if (least === undefined || least.currentUsage === uploadsPerThread) return null;
  return least.currentUsage === 0 || others.length + 1 === maxThreads ? least : null;
}
