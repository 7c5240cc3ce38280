import type { OpenAiError } from '../schemas/openai.ts';
import type { Problem } from '../schemas/problems.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The form of the route's errors: `application/problem+json`, or that of OpenAI's API. */
    errors?: 'openai';
  }
}

/** The codes of OpenAI's API for kinds of problems that it has too. */
const codes: Record<string, string> = {
  'corpus-not-found': 'model_not_found',
  unauthorized: 'invalid_api_key',
  'too-many-requests': 'rate_limit_exceeded',
};

/** A problem as OpenAI's clients read errors. */
export function openAiError({ type, status, detail, errors }: Problem): OpenAiError {
  const kind = type.slice('/problems#'.length);
  const field = errors
    ?.find(({ pointer }) => /^\/(body|path)\//.test(pointer))
    ?.pointer.replace(/^\/\w+\//, '');
  const param = kind === 'corpus-not-found' ? 'model' : field;
  return {
    error: {
      message: detail,
      type: typeOf(status),
      code: codes[kind] ?? kind.replaceAll('-', '_'),
      param: param?.replaceAll(/\/(\d+)/g, '[$1]').replaceAll('/', '.') ?? null,
    },
  };
}

function typeOf(status: number): string {
  if (status === 401) return 'authentication_error';
  if (status === 403) return 'permission_error';
  if (status === 429) return 'rate_limit_error';
  return status >= 500 ? 'server_error' : 'invalid_request_error';
}
