import type { FastifyRequest } from 'fastify';
import { choiceJson } from '../../model/completion-json.ts';
import type { Completions, StreamedCompletions } from '../../model/completions.ts';
import type { ModelDescription } from '../../model/language-model.ts';
import { toProblem } from '../problems/problem.ts';
import { openAiError } from './errors.ts';
import type { NamedModel } from './model-names.ts';

/** The completions that an answer is about. */
export interface AnsweredModel extends NamedModel {
  /** The model as the request names it. */
  name: string;
}

/** The answer to a request for completions, as JSON in UTF-8. */
export function completionsJson(
  { model, choices, ...usage }: Completions,
  { id }: FastifyRequest,
  asked: AnsweredModel,
): Buffer {
  const pieces: Uint8Array[] = [Buffer.from(`${headJson(id, asked, model)},"choices":[`)];
  for (const [i, part] of choices.entries()) {
    if (i > 0) pieces.push(Buffer.from(','));
    pieces.push(part);
  }
  pieces.push(Buffer.from(`],"usage":${JSON.stringify(usageView(usage))}}`));
  return Buffer.concat(pieces);
}

/** Completions as server-sent events: their parts, the usage if requested, and `[DONE]`; or an error. */
export async function* completionEvents(
  { model, parts, usage }: StreamedCompletions,
  { id, log }: FastifyRequest,
  asked: AnsweredModel,
  includesUsage: boolean,
): AsyncGenerator<string, void> {
  const head = headJson(id, asked, model);
  const tail = includesUsage ? ',"usage":null' : '';
  try {
    for await (const { index, fields, finish } of parts) {
      yield `data: ${head},"choices":[${choiceJson(index, fields, finish)}]${tail}}\n\n`;
    }
    if (includesUsage) yield `data: ${head},"choices":[],"usage":${JSON.stringify(usageView(usage))}}\n\n`;
    yield 'data: [DONE]\n\n';
  } catch (error) {
    const problem = toProblem(error, id);
    if (problem.status >= 500) log.error(error);
    yield `data: ${JSON.stringify(openAiError(problem))}\n\n`;
  }
}

/** The first fields of an answer; the object is not closed. */
function headJson(
  id: string,
  { corpus, name }: AnsweredModel,
  { version, partVersions = [], estimator }: ModelDescription,
): string {
  return JSON.stringify({
    id: `cmpl-${id}`,
    object: 'text_completion',
    created: Math.floor(Date.now() / 1000),
    model: name,
    system_fingerprint: `${corpus}:${estimator.name}@${[version, ...partVersions].join()}`,
  }).slice(0, -1);
}

function usageView({ promptTokens, completionTokens }: { promptTokens: number; completionTokens: number }) {
  return {
    prompt_tokens: promptTokens,
    completion_tokens: completionTokens,
    total_tokens: promptTokens + completionTokens,
  };
}
