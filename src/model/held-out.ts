import { NgramdError, withField } from '../errors.ts';
import type { LanguageModel } from './language-model.ts';
import { SequenceReader } from './sequences.ts';
import { type RowTask, TokenRows } from './token-rows.ts';

/**
 * Reads a held-out text row by row, each line with its marks in a corpus of lines: `visit` gets the places of the words
 * of each row when `task` has read it. Throws `invalid-request` for a text of more than `maxTokens` words, and
 * `invalid-text` for one that cannot be read.
 */
export async function readHeldOut(
  model: LanguageModel,
  text: Uint8Array,
  maxTokens: number,
  task: RowTask,
  visit: (words: readonly number[], row: TokenRows) => void,
): Promise<void> {
  let read = 0;
  const collector = new TokenRows(model.order, task, (row) => {
    const words: number[] = [];
    for (let i = 0; i < row.length; i++) if (row.isWord[i] === 1) words.push(i);
    read += words.length;
    if (read > maxTokens) {
      throw invalidTuning(
        '/text',
        `The text has more than ${maxTokens} tokens, the maximum for tuning: send a part of it.`,
      );
    }
    visit(words, row);
  });
  const marks = { bos: true, eos: true };
  const reader = new SequenceReader(model, collector, { marks, withTexts: false, isStart: true });
  try {
    await reader.write(text);
    await reader.end();
  } catch (error) {
    throw withField('/text', error);
  }
  reader.walker.endSequence();
  await collector.flush();
}

/** The error `invalid-request` for a field of a request to tune by a text. */
export function invalidTuning(pointer: string, detail: string): NgramdError {
  return new NgramdError('invalid-request', detail, [{ pointer, detail }]);
}
