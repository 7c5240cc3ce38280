import { isProblem, NgramdError } from '../../errors.ts';
import type { Text } from '../../ingest/ingest.ts';
import { uploadTooLarge } from '../bodies/errors.ts';
import { openText, type TextOptions } from '../bodies/text.ts';
import type { SentText } from './documents.ts';

/** The limit of a text: `most` bytes, of the `maxBytes` of the whole upload. */
export function upTo(maxBytes: number, most = maxBytes): Pick<TextOptions, 'most' | 'tooLarge'> {
  return { most, tooLarge: () => uploadTooLarge(maxBytes) };
}

/** What a text is, by its content type: gzip; documents in JSON, one per line; counts of n-grams. */
export interface TextKind {
  isGzip?: boolean;
  isLines?: boolean;
  isOfCounts?: boolean;
  /** An ARPA file, also one with lines before its `\data\`. */
  isDeclaredArpa?: boolean;
}

/** A text that is read on demand; it has `length` bytes unless it turns out to be compressed. */
export function textFrom(
  sent: AsyncIterable<Uint8Array>,
  options: TextOptions & TextKind,
  about: Text['about'],
  length?: number | string,
): SentText {
  const read = async function* () {
    const opened = { mayBeJson: isLines || isOfCounts, mayHaveArpaWithin: isDeclaredArpa, ...options };
    const { body, wasGzip, isArpa } = await openText(sent, opened);
    if (wasGzip) text.bytes = undefined;
    if (isArpa) text.isArpa = true;
    yield* body;
  };
  const { isLines = false, isOfCounts = false, isDeclaredArpa = false } = options;
  const bytes = length === undefined ? undefined : Number(length);
  const text: SentText = { body: read(), about, bytes, isLines, isOfCounts, isArpa: isDeclaredArpa };
  return text;
}

/** Makes errors about a text point to it, and begin with `subject` if there is one. */
export function atPlace(pointer: string, subject?: string): Text['about'] {
  return (error) => {
    if (!isProblem(error, 'invalid-text', 'empty-text')) return error;
    const { code, message } = error;
    const detail = subject === undefined ? message : `${subject}: ${message}`;
    return new NgramdError(code, detail, [{ pointer, detail: message }]);
  };
}

/** The error for an ARPA file that is sent to a corpus that there is. */
export function arpaMakesCorpus(): NgramdError {
  return new NgramdError(
    'unsupported-media-type',
    'An ARPA file makes a corpus of its own: PUT it to /v1/corpora/{corpus} under another name.',
  );
}
