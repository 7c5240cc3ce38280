import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, existsSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { TokenSink } from '../src/text/token-sink.ts';
import { createTokenizer } from '../src/text/tokenizer.ts';
import { decodeUtf8 } from '../src/text/utf8.ts';
import { time } from './service.ts';
import type { BenchText } from './text.ts';

const run = promisify(execFile);

/** KenLM's tools, run on the same tokens. */
export class KenLm {
  readonly #bin: string;
  readonly #folder: string;
  readonly #text: BenchText;
  readonly #estimated = new Map<number, number>();
  /** The number of tokens of the text and its lines' ends, which `query` reports in its summary. */
  #scored = Number.NaN;

  constructor(bin: string, folder: string, text: BenchText) {
    this.#bin = bin;
    this.#folder = folder;
    this.#text = text;
    mkdirSync(folder, { recursive: true });
  }

  /** Time from the text to a file that can be queried, in seconds: `lmplz`, then `build_binary probing`. */
  async build(order: number): Promise<number> {
    const estimating = await this.estimate(order);
    return estimating + (await time(() => this.convert(order)));
  }

  /** Makes the file that can be queried of the ARPA file, by `build_binary probing`. */
  async convert(order: number): Promise<void> {
    const files = [this.#arpa(order), this.#binary(order)];
    await run(join(this.#bin, 'build_binary'), ['probing', ...files], { maxBuffer: 2 ** 26 });
  }

  /** The path of the ARPA file of `lmplz`. */
  async arpa(order: number): Promise<string> {
    await this.estimate(order);
    return this.#arpa(order);
  }

  /** Time from the text to an ARPA file, in seconds: `lmplz`, the first time that it is asked for. */
  async estimate(order: number): Promise<number> {
    const known = this.#estimated.get(order);
    if (known !== undefined) return known;
    const tokens = await this.tokens();
    const options = ['-S', '1G', '-T', this.#folder, '-o', String(order), '--discount_fallback'];
    const files = ['--text', tokens, '--arpa', this.#arpa(order)];
    const seconds = await time(() =>
      run(join(this.#bin, 'lmplz'), [...options, ...files], { maxBuffer: 2 ** 26 }),
    );
    this.#estimated.set(order, seconds);
    return seconds;
  }

  /** Tokens per second of `query`, which uses one core: for a summary, or printing each token to a pipe. */
  async query(order: number, verbosity: 'summary' | 'word'): Promise<number> {
    if (!existsSync(this.#binary(order))) await this.build(order);
    const input = openSync(await this.tokens(), 'r');
    let end = '';
    const seconds = await time(async () => {
      const child = spawn(join(this.#bin, 'query'), ['-v', verbosity, this.#binary(order)], {
        stdio: [input, 'pipe', 'ignore'],
      });
      child.stdout?.on('data', (chunk: Buffer) => {
        if (verbosity === 'summary') end += chunk;
      });
      await once(child, 'close');
    });
    if (verbosity === 'summary') this.#scored = Number(/Tokens:\s*(\d+)/.exec(end)?.[1]);
    return this.#scored / seconds;
  }

  /** The path of a file with the text's tokens, separated by spaces, line by line. */
  async tokens(): Promise<string> {
    const path = join(this.#folder, `${this.#text.bytes}-${this.#text.tokenizer}.tokens`);
    if (existsSync(path)) return path;
    const file = createWriteStream(path);
    let line: string[] = [];
    const sink: TokenSink = {
      token: (bytes, start, end) => line.push(decodeUtf8(bytes, start, end)),
      lineEnd: () => {
        if (line.length > 0) file.write(`${line.join(' ')}\n`);
        line = [];
      },
    };
    const tokenizer = createTokenizer(this.#text, sink, true);
    tokenizer.write(readFileSync(this.#text.path));
    tokenizer.end();
    file.end();
    await once(file, 'close');
    return path;
  }

  #arpa(order: number): string {
    return join(this.#folder, `${this.#text.bytes}-${order}.arpa`);
  }

  #binary(order: number): string {
    return join(this.#folder, `${this.#text.bytes}-${order}.binary`);
  }
}
