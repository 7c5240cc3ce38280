import { createServer } from 'node:http';
import { buffer } from 'node:stream/consumers';
import type { Test } from 'tap';

/** What is read of a span. */
export interface ReceivedSpan {
  name: string;
  traceId: string;
  spanId: string;
  parentId: string;
  /** The whole message, with the attributes' texts in it. */
  text: string;
}

/** A collector of traces that keeps what it is sent (OTLP, protobuf over HTTP). */
export async function startCollector(t: Test) {
  const spans: ReceivedSpan[] = [];
  const server = createServer(async (request, response) => {
    const body = await buffer(request);
    if (request.url === '/v1/traces' && request.headers['content-type'] === 'application/x-protobuf') {
      // ExportTraceServiceRequest.resource_spans, ResourceSpans.scope_spans, ScopeSpans.spans
      const messages = fields(body, 1)
        .flatMap((spans) => fields(spans, 2))
        .flatMap((spans) => fields(spans, 2));
      spans.push(...messages.map(readSpan));
    }
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => server.close());
  const { port } = server.address() as { port: number };
  return { endpoint: `http://127.0.0.1:${port}`, spans };
}

function readSpan(message: Buffer): ReceivedSpan {
  const [traceId, spanId, parentId, name] = [1, 2, 4, 5].map((number) => fields(message, number)[0]);
  return {
    name: name.toString(),
    traceId: traceId.toString('hex'),
    spanId: spanId.toString('hex'),
    parentId: parentId?.toString('hex') ?? '',
    text: message.toString(),
  };
}

/** The values of one field of a protobuf message, those that have a length. */
function fields(message: Buffer, wanted: number): Buffer[] {
  const values: Buffer[] = [];
  let at = 0;
  const varint = () => {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = message[at++];
      value += (byte & 127) * factor;
      if (byte < 128) return value;
    }
  };
  while (at < message.length) {
    const tag = varint();
    const [number, kind] = [tag >> 3, tag & 7];
    if (kind === 0) varint();
    else if (kind === 1) at += 8;
    else if (kind === 5) at += 4;
    else {
      const length = varint();
      if (number === wanted) values.push(message.subarray(at, at + length));
      at += length;
    }
  }
  return values;
}
