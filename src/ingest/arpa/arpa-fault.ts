import { NgramdError } from '../../errors.ts';

/** What is wrong with the line of an ARPA file that is being read, or with another one. */
export class ArpaFault extends Error {
  override readonly name = 'ArpaFault';
  readonly line: number | undefined;

  constructor(detail: string, line?: number) {
    super(detail);
    this.line = line;
  }
}

/**
 * `invalid-text` for a fault, if an error is one: of the line `line` where it names no other. Other errors stay what
 * they are.
 */
export function faultProblem(error: unknown, line: number): unknown {
  if (!(error instanceof ArpaFault)) return error;
  return new NgramdError('invalid-text', `Line ${error.line ?? line} of the ARPA file: ${error.message}.`);
}
