import { NgramdError } from '../../errors.ts';
import type { CorpusWriter, StoredDocument } from '../../store/sqlite/corpus-writer.ts';
import { reservedId, type Sequences } from '../../text/reserved.ts';
import { pieceTokens, type WordStream } from '../counting/lay-out.ts';
import { noToken } from '../counting/sliced-text.ts';
import { type CountingSizes, TextCounter } from '../counting/text-counter.ts';

/**
 * Takes a document back: its counts by a run that is taken away, its tokens, what it had of the totals. Ids stay.
 * Called inside the writer's transaction. `scratchPath` is as for `commitDraft`.
 * Throws `document-not-found` where there is no document of this id.
 */
export function takeBack(
  writer: CorpusWriter,
  id: string,
  now: string,
  scratchPath: string,
  sizes?: CountingSizes,
): void {
  const document = writer.document(id);
  if (document === undefined) {
    throw new NgramdError('document-not-found', `The corpus has no document ${JSON.stringify(id)}.`);
  }
  const { order, sequences } = writer.corpus();
  const text = readText(writer, document, sequences);
  const counter = new TextCounter(text, { order, spillPath: scratchPath, sizes });
  try {
    writer.addRun(counter, -1);
  } finally {
    counter.dispose();
  }
  if (text.sequenceEnd === undefined) {
    writer.takeSequenceEnd(text.read(Math.max(0, text.length - (order - 1)), text.length));
  }
  writer.tokenChunks.remove(document.first, document.tokens);
  writer.removeDocument(document, now);
}

/** The text of a document as it is stored, where the numbers of words are their ids. */
function readText(
  writer: CorpusWriter,
  { first, tokens: length }: StoredDocument,
  sequences: Sequences,
): WordStream {
  const sequenceStart = reservedId(sequences, '<s>');
  const sequenceEnd = reservedId(sequences, '</s>');
  const read = (start: number, end: number) => {
    const ids = new Int32Array(end - start);
    writer.tokenChunks.read(first + start, ids);
    return new Uint32Array(ids.buffer);
  };
  const occurs = new Uint8Array(writer.lastId() + 1);
  if (sequenceStart !== undefined) occurs[sequenceStart] = 1;
  let ends = 0;
  for (let at = 0; at < length; at += pieceTokens) {
    for (const id of read(at, Math.min(at + pieceTokens, length))) {
      occurs[id] = 1;
      if (id === sequenceEnd) ends++;
    }
  }
  const rankOf = new Uint32Array(occurs.length);
  const idOf: number[] = [];
  for (const [id, isThere] of occurs.entries()) if (isThere === 1) rankOf[id] = idOf.push(id) - 1;
  idOf.push(noToken);
  return {
    length,
    read,
    rankOf,
    idOf: Uint32Array.from(idOf),
    sequenceStart,
    sequenceEnd,
    sequences: ends + 1,
    ends: [length],
  };
}
