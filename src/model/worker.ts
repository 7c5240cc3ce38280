import { NgramdError, type Outcome, outcomeOf } from '../errors.ts';
import { type ArpaPart, type ArpaPlace, arpaPart } from './arpa.ts';
import {
  beginGeneration,
  continueGeneration,
  type GeneratedPart,
  type Generation,
  type Sampling,
} from './generate.ts';
import {
  type Counts,
  describeModel,
  type Model,
  type ModelChoice,
  type ModelDescription,
  withModel,
} from './model.ts';
import { addScores, type ScoreOptions, scoreLines, scoreText, type TextScore } from './score.ts';
import { type Tuning, tune } from './tune.ts';

/** What every question of this thread has: the model that it is asked of. */
interface Question {
  counts: Counts;
  choice: ModelChoice;
}

/** Scores texts, each by itself. */
export function scoreTexts({
  counts,
  choice,
  options,
  texts,
}: Question & { options: ScoreOptions; texts: string[] }): Outcome<{
  model: ModelDescription;
  scores: Outcome<TextScore>[];
}> {
  return outcomeOf(() =>
    withModel(counts, choice, (model) => ({
      model: describeModel(model),
      scores: texts.map((text) =>
        outcomeOfText(() => {
          const score = scoreText(model, options, Buffer.from(text));
          if (score.tokens > 0) return score;
          throw new NgramdError(
            'empty-text',
            `The tokenizer ${model.settings.tokenizer} found no token in this text: there is nothing to score.`,
          );
        }),
      ),
    })),
  );
}

/** Some lines of a text, whole, of which the first is the text's line `firstLine`. */
export interface LinesQuestion extends Question {
  options: ScoreOptions;
  lines: Uint8Array;
  firstLine: number;
}

/** Scores each line; where one of them cannot be read, it alone has a problem. */
export function scoreEachLine({ counts, choice, options, lines, firstLine }: LinesQuestion): Outcome<{
  model: ModelDescription;
  scores: Outcome<TextScore>[];
}> {
  return outcomeOf(() =>
    withModel(counts, choice, (model) => {
      const whole = outcomeOfText(() => scoreLines(model, options, lines, firstLine === 1));
      const scores =
        'result' in whole
          ? whole.result.map((result) => ({ result }))
          : splitLines(lines).map((line, i) =>
              outcomeOfText(() => scoreLines(model, options, line, firstLine + i === 1)[0]),
            );
      return { model: describeModel(model), scores };
    }),
  );
}

/** The sum over all lines. */
export function scoreAllLines({ counts, choice, options, lines, firstLine }: LinesQuestion): Outcome<{
  model: ModelDescription;
  lines: number;
  score: TextScore;
}> {
  return outcomeOf(() =>
    withModel(counts, choice, (model) => {
      const whole = outcomeOfText(() => scoreLines(model, options, lines, firstLine === 1));
      const scores = 'result' in whole ? whole.result : scoreOneByOne(model, options, lines, firstLine);
      return { model: describeModel(model), lines: scores.length, score: addScores(scores) };
    }),
  );
}

/** A part of the model's ARPA file. */
export function writeArpa({
  counts,
  choice,
  place,
  limit,
}: Question & { place?: ArpaPlace | undefined; limit: number }): Outcome<ArpaPart> {
  return outcomeOf(() => withModel(counts, choice, (model) => arpaPart(model, place, limit)));
}

/** Begins a text after a prompt, with at most `limit` tokens, of one version with the prompt. */
export function beginText({
  counts,
  choice,
  prompt,
  seed,
  sampling,
  limit,
}: Question & { prompt: string; seed: number; sampling: Sampling; limit: number }): Outcome<{
  model: ModelDescription;
  prompt: string[];
  part: GeneratedPart;
}> {
  return outcomeOf(() =>
    withModel(counts, choice, (model) => {
      const { prompt: tokens, generation } = beginGeneration(model, prompt, seed);
      const part = continueGeneration(model, sampling, generation, limit);
      return { model: describeModel(model), prompt: tokens, part };
    }),
  );
}

/** Goes on with a text for at most `limit` tokens. */
export function continueText({
  counts,
  choice,
  sampling,
  generation,
  limit,
}: Question & { sampling: Sampling; generation: Generation; limit: number }): Outcome<GeneratedPart> {
  return outcomeOf(() =>
    withModel(counts, choice, (model) => continueGeneration(model, sampling, generation, limit)),
  );
}

/** Tunes the estimator's parameters on a held-out text. */
export function tuneParameters({
  counts,
  choice,
  text,
}: Question & { text: Uint8Array }): Outcome<{ model: ModelDescription; tuning: Tuning }> {
  return outcomeOf(() =>
    withModel(counts, choice, (model) => ({ model: describeModel(model), tuning: tune(model, text) })),
  );
}

/** How a text came out, also where it cannot be read. Throws errors that are not of the text. */
function outcomeOfText<T>(score: () => T): Outcome<T> {
  const outcome = outcomeOf(score);
  if ('error' in outcome) throw outcome.error;
  return outcome;
}

/** As `scoreLines`, with the number of the line in the problem of one that cannot be read. */
function scoreOneByOne(
  model: Model,
  options: ScoreOptions,
  lines: Uint8Array,
  firstLine: number,
): TextScore[] {
  return splitLines(lines).flatMap((line, i) => {
    try {
      return scoreLines(model, options, line, firstLine + i === 1);
    } catch (error) {
      if (!(error instanceof NgramdError)) throw error;
      throw new NgramdError(error.code, `Line ${firstLine + i}: ${error.message}`);
    }
  });
}

/** The lines of a text, each with its line feed. */
function splitLines(text: Uint8Array): Uint8Array[] {
  const lines: Uint8Array[] = [];
  for (let start = 0; start < text.length; ) {
    const lineFeed = text.indexOf(0x0a, start);
    const end = lineFeed < 0 ? text.length : lineFeed + 1;
    lines.push(text.subarray(start, end));
    start = end;
  }
  return lines;
}
