import { once } from 'node:events';
import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { setImmediate } from 'node:timers/promises';

/** A record of a stream of scores, or a total. */
export interface ScoreRecord {
  line: number;
  version: number;
  tokens: number;
  log_probability: number;
  texts: number;
  rank: number;
  per_token: { token: string }[];
  continued?: boolean;
  problem?: { type: string; detail: string };
}

/** Begins a request with a text, whose body the caller writes. */
export function sendingText(port: number, path: string) {
  return request({ port, method: 'POST', path, headers: { 'content-type': 'text/plain' } });
}

/** Sends the chunks one by one; the records of the answer. */
export async function streamed(
  port: number,
  path: string,
  chunks: Iterable<Uint8Array>,
): Promise<ScoreRecord[]> {
  const client = sendingText(port, path);
  client.setNoDelay(true);
  const answered = once(client, 'response');
  for (const chunk of chunks) {
    client.write(chunk);
    await setImmediate();
  }
  client.end();
  const [response] = await answered;
  const answer = await text(response);
  if (response.statusCode !== 200) throw new Error(answer);
  return answer
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}

/** The bytes in chunks of these lengths in turn. */
export function* cut(bytes: Uint8Array, lengths: readonly number[]): Generator<Uint8Array, void> {
  for (let at = 0, i = 0; at < bytes.length; i++) {
    yield bytes.subarray(at, at + lengths[i % lengths.length]);
    at += lengths[i % lengths.length];
  }
}
