import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply } from 'fastify';
import type { CorpusAddress } from '../../index/corpus.ts';
import { textStart } from '../../text/prompt-tokens.ts';
import { disconnectSignal } from '../disconnect-signal.ts';
import { belowPart, movePointer } from '../invalid-fields.ts';
import { CorpusPath } from '../schemas/corpora.ts';
import {
  DetokenizeAnswer,
  DetokenizeBody,
  openAiErrorResponses,
  TokenizeAnswer,
  TokenizeBody,
  TokenizerInfo,
} from '../schemas/openai.ts';
import type { Services } from '../services.ts';

const config = { scope: 'read', errors: 'openai' } as const;
const tags = ['OpenAI'];

/** The tokenizer of a corpus, as vLLM serves that of its model. */
export function tokenizer({ corpora, workers }: Services): FastifyPluginAsyncTypebox {
  const answer = async (
    reply: FastifyReply,
    corpus: string,
    field: 'prompt' | 'tokens',
    ask: (corpus: CorpusAddress, signal: AbortSignal) => Promise<Uint8Array>,
  ): Promise<never> => {
    const signal = disconnectSignal(reply);
    try {
      const counts = { adjusted: false };
      const json = await ask(await corpora.modelAddress(corpus, { ...counts, ofPart: () => counts }), signal);
      reply.type('application/json; charset=utf-8');
      // Bytes are sent as they are, whatever the schema of the answer.
      return Buffer.from(json.buffer, json.byteOffset, json.byteLength) as never;
    } catch (error) {
      throw movePointer(belowPart('/body', error), '/body/prompt', `/body/${field}`);
    }
  };
  return async (app) => {
    app.get(
      '/corpora/:corpus/tokenizer_info',
      {
        config,
        schema: {
          operationId: 'getTokenizerInfo',
          summary: "The corpus's tokenizer and its marks",
          tags,
          params: CorpusPath,
          response: { 200: TokenizerInfo, ...openAiErrorResponses(400, 404) },
        },
      },
      async ({ params: { corpus } }) => {
        const { settings } = await corpora.open(corpus);
        const isOfLines = settings.sequences === 'line';
        return {
          tokenizer_class: settings.tokenizer,
          bos_token: isOfLines ? '<s>' : textStart,
          eos_token: isOfLines ? '</s>' : textStart,
          unk_token: '<unk>',
          pad_token: null,
          chat_template: null,
        };
      },
    );

    app.post(
      '/corpora/:corpus/tokenize',
      {
        config,
        schema: {
          operationId: 'tokenize',
          summary: 'The ids of the tokens of a text',
          description:
            'The marks `<s>`, `</s>` and `<unk>` of a corpus of lines, and `<unk>` and `<|endoftext|>` of one of documents, are a token each where they stand alone between white space. In a corpus of lines, a line that has tokens ends with `</s>` at its line feed.',
          tags,
          params: CorpusPath,
          body: TokenizeBody,
          response: { 200: TokenizeAnswer, ...openAiErrorResponses(400, 404, 409, 413, 415, 503) },
        },
      },
      ({ params, body }, reply) =>
        answer(reply, params.corpus, 'prompt', (corpus, signal) => {
          const { prompt: text, add_special_tokens: begins, return_token_strs: withTokens } = body;
          return workers.ask('tokenize', { corpus, text, begins, withTokens }, signal);
        }),
    );

    app.post(
      '/corpora/:corpus/detokenize',
      {
        config,
        schema: {
          operationId: 'detokenize',
          summary: 'The text of the ids of tokens',
          tags,
          params: CorpusPath,
          body: DetokenizeBody,
          response: { 200: DetokenizeAnswer, ...openAiErrorResponses(400, 404, 409, 413, 415, 503) },
        },
      },
      ({ params, body }, reply) =>
        answer(reply, params.corpus, 'tokens', (corpus, signal) =>
          workers.ask('detokenize', { corpus, ids: body.tokens }, signal),
        ),
    );
  };
}
