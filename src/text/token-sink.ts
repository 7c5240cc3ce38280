/** Takes the tokens of a text, in its order. */
export interface TokenSink {
  /** `bytes[start, end)` is the token's UTF-8, valid only during the call. */
  token(bytes: Uint8Array, start: number, end: number): void;
  /** Called after the tokens of each line, also where there are none; a last line without line feed is a line. */
  lineEnd(): void;
}
