/** The lines of a stream of UTF-8, without their ends. */
export async function* linesOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<string, void> {
  const reader = stream.getReader();
  const decoder = new TextDecoder();
  let rest = '';
  try {
    for (;;) {
      const { done, value } = await reader.read();
      rest += done ? decoder.decode() : decoder.decode(value, { stream: true });
      const lines = rest.split('\n');
      rest = lines.pop() ?? '';
      yield* lines;
      if (done) break;
    }
    if (rest !== '') yield rest;
  } finally {
    // Of a stream that is not read to its end, the connection is closed.
    await reader.cancel().catch(() => {});
  }
}

/** The values of NDJSON. */
export async function* recordsOf<Value>(stream: ReadableStream<Uint8Array>): AsyncGenerator<Value, void> {
  for await (const line of linesOf(stream)) if (line !== '') yield JSON.parse(line) as Value;
}

/** Server-sent events whose data are JSON. */
export async function* eventsOf<Event>(stream: ReadableStream<Uint8Array>): AsyncGenerator<Event, void> {
  let event = 'message';
  let data = '';
  for await (const line of linesOf(stream)) {
    if (line.startsWith('event: ')) event = line.slice('event: '.length);
    else if (line.startsWith('data: ')) data += line.slice('data: '.length);
    else if (line === '' && data !== '') {
      yield { event, data: JSON.parse(data) } as Event;
      event = 'message';
      data = '';
    }
  }
}
