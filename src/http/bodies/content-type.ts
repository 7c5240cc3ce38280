import { MIMEType } from 'node:util';
import { NgramdError } from '../../errors.ts';

/** Names of UTF-8 and of its subset ASCII. */
const charsets = new Set(['utf-8', 'utf8', 'us-ascii', 'ascii']);

/**
 * Reads the value of a Content-Type header. `subject` begins the sentence of an error. Throws `unsupported-media-type`
 * if it is malformed or names a charset other than UTF-8.
 */
export function readContentType(value: string, subject = 'The body'): MIMEType {
  const type = parse(value, subject);
  const charset = type.params.get('charset');
  if (charset !== null) checkCharset(charset, subject);
  return type;
}

/** Throws `unsupported-media-type` if a charset is not UTF-8. */
export function checkCharset(charset: string, subject: string): void {
  if (charsets.has(charset.trim().toLowerCase())) return;
  throw new NgramdError(
    'unsupported-media-type',
    `${subject} is in the charset ${charset} and must be in UTF-8.`,
  );
}

function parse(value: string, subject: string): MIMEType {
  try {
    // White space around the sign is not allowed, and would hide the parameter.
    return new MIMEType(value.replaceAll(/[ \t]*=[ \t]*/g, '='));
  } catch {
    throw new NgramdError('unsupported-media-type', `${subject} has an invalid content type: ${value}.`);
  }
}
