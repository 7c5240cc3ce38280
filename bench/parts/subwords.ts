import { readFileSync } from 'node:fs';
import type { Bench, Row } from '../bench.ts';
import type { Service } from '../service.ts';

/** Tokenizers by name, and small ones of the tests as files. */
const names = ['unicode', 'jieba', 'gpt2', 'cl100k_base', 'o200k_base'];
const files = ['gpt2', 'llama3', 'bert', 't5', 'llama2'];
const folder = new URL('../../test/text/tokenizer-json/files/', import.meta.url);

/** From the first byte of the tenth of the text to the 201, order 3, under tokenizers of subwords and of words. */
export async function subwords(bench: Bench): Promise<Row[]> {
  const service = await bench.service();
  const text = readFileSync(bench.tenth.path);
  const rows: Row[] = [];
  for (const name of names) rows.push(await upload(service, name, text));
  for (const file of files) rows.push(await upload(service, `tokenizer.json like ${file}`, text, file));
  return rows;
}

async function upload(service: Service, what: string, text: Uint8Array, file?: string): Promise<Row> {
  const form = new FormData();
  if (file === undefined) form.append('tokenizer', what);
  else form.append('tokenizer', new Blob([readFileSync(new URL(`${file}.json`, folder))]), 'tokenizer.json');
  form.append('file', new Blob([new Uint8Array(text)]), 'text.txt');
  const corpus = what.replaceAll(/[^a-z0-9]+/g, '-');
  const begun = performance.now();
  const answer = await fetch(`${service.address}/v1/corpora/subwords-${corpus}`, {
    method: 'PUT',
    body: form,
  });
  const { tokens, detail } = (await answer.json()) as { tokens: number; detail?: string };
  if (answer.status !== 201) throw new Error(`${what}: ${detail}`);
  const seconds = (performance.now() - begun) / 1000;
  return {
    what: `upload of ${(text.length / 1e6).toFixed(1)} MB, ${what}, ${(tokens / 1e6).toFixed(2)} M tokens`,
    ours: `${(text.length / 1e6 / seconds).toFixed(1)} MB/s`,
    reference: '',
    ratio: undefined,
  };
}
