import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { KenLm } from './kenlm.ts';
import { Service, time } from './service.ts';
import type { BenchText } from './text.ts';

/** A line of the table. */
export interface Row {
  what: string;
  ours: string;
  reference: string;
  /** How many times better ngramd is; undefined if there is nothing to compare with. */
  ratio: number | undefined;
}

/** The parts of a corpus's description that are used here. */
export interface CorpusView {
  tokens: number;
  ngrams: { order: number; distinct: number }[];
}

/** The result and the costs of an upload. */
export interface Ingested {
  corpus: CorpusView;
  seconds: number;
  /** The processor time of the service, in seconds. */
  cpu: number | undefined;
  /** Of the service up to the end of the upload, in bytes. */
  peakMemory: number | undefined;
}

/** The environment of the parts: a text, the service on an empty folder, and KenLM if it is available. */
export class Bench {
  readonly text: BenchText;
  /** The first tenth of the text. */
  readonly tenth: BenchText;
  readonly kenlm: KenLm | undefined;
  /** KenLM on the tenth. */
  readonly kenlmOnTenth: KenLm | undefined;
  readonly folder: string;
  readonly #ingested = new Map<number, Ingested>();
  #service: Service | undefined;

  constructor(text: BenchText, tenth: BenchText, folder: string, kenlmBin: string | undefined) {
    this.text = text;
    this.tenth = tenth;
    this.folder = folder;
    if (kenlmBin !== undefined) {
      this.kenlm = new KenLm(kenlmBin, join(folder, 'kenlm'), text);
      this.kenlmOnTenth = new KenLm(kenlmBin, join(folder, 'kenlm'), tenth);
    }
    rmSync(this.dataFolder, { recursive: true, force: true });
  }

  get dataFolder(): string {
    return join(this.folder, 'data');
  }

  async service(): Promise<Service> {
    this.#service ??= await Service.start(this.dataFolder);
    return this.#service;
  }

  /** The corpus of the text, uploaded at the first call: the faster of two uploads, which vary. */
  async ingested(order: number): Promise<Ingested> {
    const known = this.#ingested.get(order);
    if (known !== undefined) return known;
    const first = await this.#ingest(order);
    await (await this.service()).request(`/v1/corpora/order${order}`, { method: 'DELETE' });
    const second = await this.#ingest(order);
    const ingested = first.seconds < second.seconds ? first : second;
    this.#ingested.set(order, ingested);
    return ingested;
  }

  async #ingest(order: number): Promise<Ingested> {
    // A new process, so that its peak memory is that of this upload.
    await this.stop();
    const service = await this.service();
    let answer = '';
    let seconds = 0;
    const cpu = await service.cpuOf(async () => {
      seconds = await time(async () => {
        const path = `/v1/corpora/order${order}?order=${order}&tokenizer=${this.text.tokenizer}`;
        answer = await service.send(path, 'PUT', this.text.path);
      });
    });
    return { corpus: JSON.parse(answer) as CorpusView, seconds, cpu, peakMemory: service.peakMemory() };
  }

  /** The corpus's path, once its index is in memory. */
  async ready(order: number): Promise<string> {
    await this.ingested(order);
    const path = `/v1/corpora/order${order}`;
    await (await this.service()).request(`${path}/probability?word=the&estimator=kneser-ney`);
    return path;
  }

  async stop(): Promise<void> {
    await this.#service?.stop();
    this.#service = undefined;
  }
}
