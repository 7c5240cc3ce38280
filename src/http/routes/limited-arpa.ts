import { Readable } from 'node:stream';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import { sendArpa } from '../arpa-answers.ts';
import { textOfBody } from '../bodies/texts.ts';
import { invalidField, movePointer } from '../invalid-fields.ts';
import { ArpaFile, type LimitedArpaBody, LimitedArpaQuery, limitedArpaBodies } from '../schemas/arpa.ts';
import { CorpusPath } from '../schemas/corpora.ts';
import { problemResponses } from '../schemas/problems.ts';
import type { Services } from '../services.ts';
import { readVocabularyForm } from '../uploads/vocabulary-form.ts';
import { maxWordListBytes, readWordList, wordListOf, wordListTooLarge } from '../uploads/word-list.ts';

/** Writes the model as a file with the words of a list. Register it in a scope that accepts texts. */
export function limitedArpa(services: Services): FastifyPluginAsyncTypebox {
  const { maxUploadBytes } = services;
  return async (app) => {
    app.post(
      '/corpora/:corpus/arpa',
      {
        config: { scope: 'read' },
        schema: {
          operationId: 'getLimitedArpa',
          summary: 'The model as an ARPA file with these words',
          description:
            'As the GET request, without the n-grams that have words which are not in the list, as by `lmplz --limit_vocab_file`. `<unk>`, `<s>` and `</s>` are always kept; words that the corpus does not have are ignored.',
          tags: ['Export'],
          params: CorpusPath,
          querystring: LimitedArpaQuery,
          body: limitedArpaBodies,
          response: {
            200: ArpaFile,
            ...problemResponses(400, 404, 413, 415, 503, 507),
          },
        },
      },
      async (request, reply) => {
        const list = await readList(request, maxUploadBytes);
        const { params, query } = request;
        const requested = { corpus: params.corpus, query, vocabulary: { list } };
        return sendArpa(services, request, reply, requested).catch((error) => {
          const pointers = ['/query/body/vocabulary', '/query/vocabulary'];
          throw pointers.reduce((moved, from) => movePointer(moved, from, pointerOf(request)), error);
        });
      },
    );
  };
}

/** The list in a body, as lines. */
async function readList(request: FastifyRequest, maxUploadBytes: number): Promise<Uint8Array> {
  const list = await listIn(request, maxUploadBytes);
  if (list.length > 0) return list;
  throw invalidField(pointerOf(request), 'The vocabulary is empty.');
}

async function listIn(request: FastifyRequest, maxUploadBytes: number): Promise<Uint8Array> {
  const { body, headers } = request;
  if (!(body instanceof Readable))
    return wordListOf((body as LimitedArpaBody | undefined)?.vocabulary ?? []).bytes;
  if (!isForm(request)) return readSent(request);
  return (await readVocabularyForm(body, headers['content-type'] as string, maxUploadBytes)).bytes;
}

/** Reads a list that is the whole body. Throws `invalid-request` if it is not UTF-8. */
async function readSent(request: FastifyRequest): Promise<Uint8Array> {
  try {
    return (await readWordList(textOfBody(request, maxWordListBytes, wordListTooLarge))).bytes;
  } catch (error) {
    throw movePointer(error, '/body/vocabulary', pointerOf(request));
  }
}

function isForm({ mediaType }: FastifyRequest): boolean {
  return mediaType === 'multipart/form-data';
}

/** Where the list is. */
function pointerOf(request: FastifyRequest): string {
  return request.body instanceof Readable && !isForm(request) ? '/body' : '/body/vocabulary';
}
