/** Receives the tokens of a text, in order. */
export interface TokenSink {
  /** `bytes[start, end)` is the token's UTF-8, valid only during the call. */
  token(bytes: Uint8Array, start: number, end: number): void;
  /** Called after the tokens of each line, even if it has none; a last line without a line feed counts as a line. */
  lineEnd(): void;
}
