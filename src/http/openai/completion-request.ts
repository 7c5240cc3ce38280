import { randomInt } from 'node:crypto';
import type { ChoiceOptions } from '../../model/complete-prompts.ts';
import type { PromptSource } from '../../model/prompt.ts';
import { invalidField } from '../invalid-fields.ts';
import { maxSeed } from '../schemas/generate.ts';
import type { CompletionBody, PromptField } from '../schemas/openai.ts';

/** The most tokens that the completions of a request can have together, and its most prompts. */
const maxCompletionTokens = 100_000;
const maxPrompts = 10_000;

/** The prompts of a request and how they are completed. */
export interface CompletionRequest {
  prompts: PromptSource[];
  options: ChoiceOptions;
}

/** Reads the body of a request. Throws `invalid-request` for what no model here can do. */
export function readCompletionRequest(body: CompletionBody): CompletionRequest {
  refuseUnsupported(body);
  const n = body.n ?? 1;
  const bestOf = body.best_of ?? n;
  const maxTokens = body.max_tokens ?? 16;
  const prompts = promptsOf(body.prompt ?? '');
  if (bestOf < n) throw invalidField('/body/best_of', `best_of must be at least n, which is ${n}.`);
  if (bestOf > n && body.stream) {
    throw invalidField(
      '/body/best_of',
      'With stream, best_of must be n: nothing can be sent before all are there.',
    );
  }
  if (prompts.length * bestOf * maxTokens > maxCompletionTokens) {
    throw invalidField(
      '/body/max_tokens',
      `The completions of a request can have at most ${maxCompletionTokens} tokens together: max_tokens times best_of times the number of prompts.`,
    );
  }
  const sampling = {
    temperature: body.temperature ?? 1,
    topK: (body.top_k ?? 0) > 0 ? (body.top_k as number) : undefined,
    // With a share of 0 the most probable word is still there.
    topP: Math.max(body.top_p ?? 1, Number.MIN_VALUE),
  };
  return {
    prompts,
    options: {
      n,
      bestOf,
      maxTokens,
      sampling,
      seed: body.seed ?? randomInt(maxSeed + 1),
      echo: body.echo ?? false,
      logprobs: body.logprobs ?? undefined,
      stops: [body.stop ?? []].flat(),
    },
  };
}

function promptsOf(prompt: PromptField): PromptSource[] {
  if (typeof prompt === 'string') return [prompt];
  if (prompt.length === 0) throw invalidField('/body/prompt', 'The list of prompts is empty.');
  if (isListOf(prompt, 'number')) return [prompt as number[]];
  if (prompt.length > maxPrompts) {
    throw invalidField('/body/prompt', `A request can have at most ${maxPrompts} prompts.`);
  }
  if (isListOf(prompt, 'string') || isListOf(prompt, 'object')) return prompt as PromptSource[];
  throw invalidField(
    '/body/prompt',
    'prompt must be a text, a list of token ids, a list of texts or a list of lists of token ids.',
  );
}

function isListOf(list: readonly unknown[], type: 'number' | 'string' | 'object'): boolean {
  return list.every((item) => typeof item === type);
}

function refuseUnsupported(body: CompletionBody): void {
  if ((body.suffix ?? '') !== '') {
    throw invalidField('/body/suffix', 'A suffix cannot be taken into account: texts are only continued.');
  }
  for (const name of ['frequency_penalty', 'presence_penalty'] as const) {
    if ((body[name] ?? 0) !== 0) throw invalidField(`/body/${name}`, `${name} must be 0 here.`);
  }
  if (Object.keys(body.logit_bias ?? {}).length > 0) {
    throw invalidField('/body/logit_bias', 'logit_bias must be empty here.');
  }
}
