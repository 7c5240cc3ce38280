import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';

/** Bytes, cut into pieces at some places, in their order. */
export function cut(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
  const ends = [...places.map((place) => place % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
  return ends.map((end, i) => bytes.subarray(ends[i - 1] ?? 0, end));
}

/** Where something may be cut into pieces, which can be empty. */
export const places = fc.array(fc.nat(), { maxLength: 12 });

/** The pieces, one after the other. */
export async function* comingIn(pieces: Iterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  for (const piece of pieces) {
    await setImmediate();
    yield piece;
  }
}

/** The answer to a request whose body is sent in these pieces, each of which the server gets by itself. */
export async function sendInPieces(
  { server }: { server: { address(): unknown } },
  request: string,
  headers: Record<string, string>,
  pieces: readonly Uint8Array[],
): Promise<{ status: number; body: Record<string, unknown> }> {
  const socket = connect((server.address() as { port: number }).port, '127.0.0.1');
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.write(
    `${request} HTTP/1.1\r\nhost: x\r\nconnection: close\r\ntransfer-encoding: chunked\r\n${lines.join('')}\r\n`,
  );
  for (const piece of pieces) {
    if (piece.length === 0) continue;
    socket.write(`${piece.length.toString(16)}\r\n`);
    socket.write(piece);
    socket.write('\r\n');
  }
  socket.write('0\r\n\r\n');
  const answer = await text(socket);
  const [head] = answer.split('\r\n\r\n', 1);
  return { status: Number(head.split(' ')[1]), body: JSON.parse(answer.slice(head.length + 4)) };
}
