import { NgramdError, type Outcome, outcomeOf, resultOf } from '../errors.ts';
import type { Corpora } from '../index/corpora.ts';
import { requireCounts } from '../index/kinds.ts';
import type { Stage } from '../platform/stage.ts';
import type { PoolFigures } from '../platform/worker-pool.ts';
import type { ArpaContent, CorpusRef, CorpusSettings, DocumentLabels, Store } from '../store/store.ts';
import { droppedLettersNote } from '../text/foreign-letters.ts';
import type { TokenizerDefinition } from '../text/tokenizer-json/loaded.ts';
import { Admission, type IngestLimits, type UploadRoom } from './admission.ts';
import type { ReceivedArpa } from './arpa/arpa-draft.ts';
import type { Added, Created } from './committing/commit-upload.ts';
import { Committer, whenFree } from './committing/committer.ts';
import type { Job, JobTask, Uploaded } from './job.ts';
import { Jobs } from './jobs.ts';
import { KeyedLock } from './keyed-lock.ts';
import { type ReceivedTexts, Receiver, type Text } from './receiving/receiver.ts';
import { type CreationRequest, mayBeKnown } from './replay.ts';
import { type SharedTokenizerJson, TokenizerJsons } from './tokenizer-jsons.ts';

export type { IngestLimits } from './admission.ts';
export type { UploadedFields } from './receiving/document-lines.ts';
export type { Text } from './receiving/receiver.ts';
export type { SharedTokenizerJson } from './tokenizer-jsons.ts';

/** Counters of uploads since the start. */
export interface IngestFigures {
  /** Uploads in progress. */
  uploads: number;
  receivedBytes: number;
  /** Committed. */
  documents: number;
  tokens: number;
}

/** What a request says of its upload. */
export interface UploadOptions {
  /** Its idempotency key. */
  key?: string | undefined;
  requestId: string;
  /** What it says of its texts. */
  labels?: DocumentLabels;
}

/** What a request says of the corpus that it creates. */
export interface CreationOptions extends UploadOptions {
  /** Whether a corpus with the same settings and texts may be what it creates. */
  unlessSame?: boolean;
  /** The words to which the vocabulary is closed, one per line, if it is closed by a list. */
  wordList?: Uint8Array | undefined;
  /** The tokenizer.json that the settings name, if they name one. */
  tokenizer?: SharedTokenizerJson | undefined;
  /** The settings of the corpus if what comes is an ARPA file. Throws `invalid-request` if the request has others. */
  settingsOfArpa?(content: ArpaContent): CorpusSettings;
  /** Says of an error in which part of the request a setting is that it points to. */
  about?(error: unknown): unknown;
}

/** An upload that has been received. */
interface Received {
  readonly job: Job<Uploaded>;
  readonly texts: ReceivedTexts;
  readonly room: UploadRoom;
  /** To be called when its turn comes. Throws `cancelled`. */
  begin(): void;
}

/** An upload whose texts are added to a corpus. */
interface Appending extends Received {
  readonly corpus: CorpusRef;
  readonly key: string | undefined;
  readonly labels: DocumentLabels;
}

/**
 * How many tokens the texts of an upload have at most that is committed with others, and how many uploads are at most.
 */
const smallTokens = 2 ** 16;
const mostTogether = 64;

/**
 * Everything that changes corpora. Uploads are received and committed by threads of their own; changes of one corpus
 * are made one after the other, in the order in which their texts had arrived.
 */
export class Ingest {
  readonly jobs: Jobs;
  readonly #figures: IngestFigures = { uploads: 0, receivedBytes: 0, documents: 0, tokens: 0 };
  readonly #store: Store;
  readonly #corpora: Corpora;
  readonly #stage: Stage;
  readonly #onError: (error: unknown) => void;
  readonly #lock = new KeyedLock();
  readonly #admission: Admission;
  readonly #receiver: Receiver;
  readonly #committer: Committer;
  readonly #tokenizers = new TokenizerJsons();

  /**
   * `stage` runs the stages `ingest.receive`, `ingest.commit` and `ingest.merge`; `onError` is called with what fails
   * after an upload has been answered, and with the errors of threads that die.
   */
  constructor(
    store: Store,
    corpora: Corpora,
    limits: IngestLimits,
    stage: Stage,
    onError: (error: unknown) => void,
  ) {
    this.jobs = new Jobs(store.jobs);
    this.#store = store;
    this.#corpora = corpora;
    this.#stage = stage;
    this.#onError = onError;
    this.#admission = new Admission(limits);
    const onBytes = (bytes: number) => {
      this.#figures.receivedBytes += bytes;
    };
    this.#receiver = new Receiver(onBytes, onError);
    this.#committer = new Committer(store.address, onError);
  }

  get figures(): Readonly<IngestFigures> {
    return this.#figures;
  }

  /** How many changes wait for others of the same corpus. */
  get waiting(): number {
    return this.#lock.waiting;
  }

  get pools(): { receive: PoolFigures; commit: PoolFigures } {
    return { receive: this.#receiver.figures, commit: this.#committer.figures };
  }

  /**
   * Begins to create a corpus of the texts, all or nothing. The job results in the corpus as it was created, now or
   * before: by a request with the same `key` or, with `unlessSame`, with the same settings and texts. Otherwise, where
   * there is one of that name: `corpus-exists` or `idempotency-key-reused`. Where there is no room for one more:
   * `too-many-corpora` and `disk-full`. They are thrown or, when they show later, what the job ends with.
   */
  async create(
    name: string,
    settings: CorpusSettings,
    texts: AsyncIterable<Text>,
    {
      unlessSame = false,
      wordList,
      tokenizer: sent,
      settingsOfArpa,
      about = (error) => error,
      key,
      requestId,
      labels = {},
    }: CreationOptions,
  ): Promise<Job<Uploaded>> {
    await this.#store.checkWritable?.();
    const request = { name, settings, unlessSame, key, labels };
    if (!(await this.#store.has(name))) this.#admission.checkCorpora((await this.#store.names()).length);
    else if (!(await this.#settling(mayBeKnown(this.#store, request)))) throw corpusExists(name);
    const tokenizer = sent ?? (await this.#tokenizerOfParts(settings));
    const task: JobTask = { operation: 'create-corpus', corpora: [name], requestId };
    return this.#upload(task, settings, tokenizer, texts, (upload) =>
      this.#lock.run(name, () => {
        upload.begin();
        const { arpa } = upload.texts;
        if (arpa === undefined || settingsOfArpa === undefined) {
          const create = () => this.#create(request, { wordList, tokenizer }, upload);
          return this.#stage('ingest.commit', create).catch((error) => {
            throw about(error);
          });
        }
        const ofArpa = { ...request, settings: settingsOfArpa({ kind: 'arpa', ngrams: arpa.ngrams }) };
        return this.#stage('ingest.commit', () => this.#createArpa(ofArpa, arpa, upload));
      }),
    );
  }

  /**
   * Begins to add the texts to a corpus, all or nothing. Those that were added before, by a request with the same `key`
   * or under the same id, are left out; where those were other texts the job ends with `idempotency-key-reused` or
   * `document-exists`, where other processes write to the corpus all the time with `corpus-busy`, and with `disk-full`
   * where there is no room. Throws `corpus-not-found` and `no-counts`.
   */
  async append(
    name: string,
    texts: AsyncIterable<Text>,
    { key, requestId, labels = {} }: UploadOptions,
  ): Promise<Job<Uploaded>> {
    await this.#store.checkWritable?.();
    const stored = await this.#settling(this.#store.open(name));
    const { ref: corpus, settings } = stored;
    requireCounts(settings);
    const tokenizer = await this.#settling(this.#tokenizers.of(stored));
    const task: JobTask = { operation: 'add-documents', corpora: [name], requestId };
    const append = (uploads: readonly Appending[]) => this.#append(name, uploads);
    return this.#upload(task, settings, tokenizer, texts, async (received) => {
      const upload = { ...received, corpus, key, labels };
      const isSmall = (upload.texts.draft?.tokens.length ?? 0) <= smallTokens;
      const outcome = isSmall
        ? await this.#lock.runTogether(name, upload, append, mostTogether)
        : (await this.#lock.run(name, () => append([upload])))[0];
      return resultOf(outcome);
    });
  }

  /**
   * Takes a document back, after the changes that were asked for before; its space is released after the answer.
   * Throws `corpus-not-found`, `document-not-found`, `no-counts` and `corpus-busy`.
   */
  async takeBack(name: string, id: string): Promise<void> {
    requireCounts((await this.#settling(this.#store.open(name))).settings);
    await this.#lock.run(name, async () => {
      const room = this.#admission.begin(0);
      const { spillPath } = room;
      try {
        await this.#settling(this.#committer.removeDocument({ corpus: name, id, now: now(), spillPath }));
      } finally {
        await room.release();
      }
      this.#corpora.changed(name);
      this.#maintainLater(name);
    });
  }

  /**
   * Deletes a corpus, after the changes that were asked for before. Throws `corpus-not-found`, and `corpus-busy` where
   * other processes write to it all the time.
   */
  async remove(name: string): Promise<void> {
    await this.exchange(name, () => this.#store.remove(name));
  }

  /**
   * Runs a change after which the name stands for another corpus, or for none, after the changes that were asked for
   * before. It is made again while it throws `corpus-busy`.
   */
  async exchange<T>(name: string, change: () => Promise<T>): Promise<T> {
    return this.#lock.run(name, async () => {
      const result = await whenFree(change);
      this.#corpora.forget(name);
      return result;
    });
  }

  /** What settings say of a tokenizer.json. Throws `invalid-request` if it is not one, or has unknown parts. */
  async describeTokenizer(tokenizer: SharedTokenizerJson): Promise<TokenizerDefinition> {
    return this.#receiver.describeTokenizer(tokenizer);
  }

  /** Finishes what is in progress and stops the worker threads. */
  async close(): Promise<void> {
    await this.jobs.over();
    await this.#lock.idle();
    await Promise.all([this.#receiver.close(), this.#committer.close()]);
  }

  /** Begins an upload. `commit` is called when all of it has arrived. */
  #upload(
    task: JobTask,
    settings: CorpusSettings,
    tokenizer: SharedTokenizerJson | undefined,
    texts: AsyncIterable<Text>,
    commit: (upload: Received) => Promise<Uploaded>,
  ): Job<Uploaded> {
    return this.jobs.start(task, async (job) => {
      const room = this.#admission.begin(settings.order);
      const release = () => room.release().catch(this.#onError);
      this.#figures.uploads++;
      try {
        const received = await this.#stage('ingest.receive', () =>
          this.#receiver.receive(job, { settings, tokenizer }, texts, room),
        );
        job.receivedAll();
        const drop = () => {
          received.draft = undefined;
          received.arpa = undefined;
          return release();
        };
        // What was received is freed at once, even if the corpus's turn comes much later.
        job.signal.addEventListener('abort', drop);
        const begin = () => {
          job.signal.removeEventListener('abort', drop);
          job.signal.throwIfAborted();
        };
        const uploaded = await commit({ job, texts: received, room, begin });
        const letters = received.texts.map(({ letters }) => letters);
        return { ...uploaded, note: droppedLettersNote(settings.tokenizer, letters) };
      } finally {
        await release();
        this.#figures.uploads--;
      }
    });
  }

  async #create(
    request: CreationRequest,
    files: Pick<CreationOptions, 'wordList' | 'tokenizer'>,
    upload: Received,
  ): Promise<Uploaded> {
    const { maxCorpora } = this.#admission;
    const { wordList, tokenizer } = files;
    const creation = { ...request, ...received(upload, request.key), wordList, tokenizer, maxCorpora };
    return this.#created(request, upload, this.#committer.create(upload.texts, creation));
  }

  async #createArpa(request: CreationRequest, arpa: ReceivedArpa, upload: Received): Promise<Uploaded> {
    const { maxCorpora } = this.#admission;
    const creation = { ...request, ...received(upload, request.key), arpa, maxCorpora };
    return this.#created(request, upload, this.#committer.createArpa(creation));
  }

  async #created(
    { name, key }: CreationRequest,
    upload: Received,
    creating: Promise<Created | undefined>,
  ): Promise<Uploaded> {
    const created = await this.#settling(creating);
    if (created === undefined) throw corpusExists(name);
    if (!created.added) return { ...created, replayed: key !== undefined };
    this.#corpora.forget(name);
    this.#added(upload.texts);
    return created;
  }

  /** The tokenizer.json of a mixture, which its parts have. */
  async #tokenizerOfParts({ content }: CorpusSettings): Promise<SharedTokenizerJson | undefined> {
    if (content?.kind !== 'mixture') return undefined;
    const [{ corpus }] = content.parts;
    return this.#settling(this.#store.open(corpus).then((part) => this.#tokenizers.of(part)));
  }

  /** Adds the texts of uploads to a corpus, whose turn has come. */
  async #append(name: string, uploads: readonly Appending[]): Promise<Outcome<Uploaded>[]> {
    const begun = uploads.map((upload) => outcomeOf(() => upload.begin()));
    const parts = uploads
      .filter((_, i) => 'result' in begun[i])
      .map((upload) => ({
        ...received(upload, upload.key),
        labels: upload.labels,
        corpus: upload.corpus,
        summarized: upload.texts.hasLines,
        texts: upload.texts,
      }));
    if (parts.length === 0) return begun as Outcome<never>[];
    const { outcomes, needsMaintenance } = await this.#stage('ingest.commit', () =>
      this.#settling(this.#committer.append(parts)),
    );
    this.#corpora.changed(name);
    if (needsMaintenance) this.#maintainLater(name);
    return uploads.map(({ key, texts }, i) => {
      if (!('result' in begun[i])) return begun[i] as Outcome<never>;
      const outcome = outcomes.shift() as Outcome<Added>;
      if (!('result' in outcome)) return outcome;
      const { added } = outcome.result;
      if (added) this.#added(texts);
      return { result: { ...outcome.result, replayed: key !== undefined && !added } };
    });
  }

  #added({ texts }: ReceivedTexts): void {
    for (const { documents, tokens } of texts) {
      this.#figures.documents += documents;
      this.#figures.tokens += tokens;
    }
  }

  /** Has a corpus maintained when the changes that were asked for before have been made. */
  #maintainLater(name: string): void {
    this.#lock
      .run(name, async () => {
        if (!(await this.#store.has(name))) return;
        await this.#stage('ingest.merge', () => this.#committer.maintain(name));
      })
      .catch(this.#onError);
  }

  /** What the work results in. Sets a corpus aside that it finds damaged. */
  async #settling<T>(work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (error) {
      throw await this.#corpora.settle(error);
    }
  }
}

/** What the committing thread gets of every upload in addition to its texts. */
function received({ job, room }: Received, key: string | undefined) {
  return { spillPath: room.spillPath, progress: job.progress.memory, now: now(), key };
}

function now(): string {
  return new Date().toISOString();
}

function corpusExists(name: string): NgramdError {
  return new NgramdError(
    'corpus-exists',
    `There is a corpus named ${JSON.stringify(name)} with other settings or another text. Delete it first, or choose another name.`,
  );
}
