import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { resultOf } from '../../errors.ts';
import type { CorpusSettings } from '../../store/store.ts';
import { canonicalLocale } from '../../text/locale.ts';
import { callerKey, nameCorpus } from '../access/caller.ts';
import { cursorDecoder, pageOf } from '../paging.ts';
import { quoted } from '../quoted.ts';
import {
  CorpusAnswer,
  CorpusList,
  CorpusPath,
  CreatedCorpus,
  CreatedOrReplayedCorpus,
  NamedSettingsSchema,
  SettingsSchema,
  settingsAndText,
} from '../schemas/corpora.ts';
import { ListQuery } from '../schemas/pages.ts';
import { problemResponses } from '../schemas/problems.ts';
import { Accepted, PostHeaders, PutHeaders } from '../schemas/uploads.ts';
import type { Services } from '../services.ts';
import { answerUpload } from '../uploads/answer.ts';
import { readUpload, type Upload } from '../uploads/read-upload.ts';
import { invalidField } from '../validation.ts';
import { corpusView } from '../views.ts';

const tags = ['Corpora'];
/** Creates corpora. Register it in a scope that accepts texts. */
export function corpusUploads({ ingest, maxUploadBytes, access }: Services): FastifyPluginAsyncTypebox {
  return async (app) => {
    const create = (
      request: FastifyRequest,
      name: string,
      { fields, texts }: Upload<CorpusSettings>,
      options: { unlessSame?: boolean; key?: string | undefined },
    ) => ingest.create(name, readSettings(request, fields), texts, { ...options, requestId: request.id });

    app.post(
      '/corpora',
      {
        config: { scope: 'write' },
        schema: {
          operationId: 'createCorpus',
          summary: 'Create a corpus',
          description:
            'Creates a corpus from the texts in the body, all or nothing. A JSON body without `text` creates an empty corpus.',
          tags,
          querystring: NamedSettingsSchema,
          headers: PostHeaders,
          body: settingsAndText(NamedSettingsSchema),
          response: {
            201: CreatedOrReplayedCorpus,
            202: Accepted,
            ...problemResponses(400, 409, 413, 415, 422, 507),
          },
        },
      },
      async (request, reply) => {
        const upload = await readUpload<CorpusSettings & { name?: string }>(
          request,
          NamedSettingsSchema,
          maxUploadBytes,
        );
        const { name } = upload.fields;
        if (name === undefined) {
          throw invalidField(
            '/query/name',
            'The corpus has no name: add ?name=… or send name as a field of the body.',
          );
        }
        nameCorpus(access, request, 'write', name);
        const key = request.headers['idempotency-key'];
        return answerUpload(request, reply, await create(request, name, upload, { key }));
      },
    );

    app.put(
      '/corpora/:corpus',
      {
        config: { scope: 'write' },
        schema: {
          operationId: 'putCorpus',
          summary: 'Create a corpus under this name',
          description:
            'Like createCorpus, and safe to repeat: sending the same texts with the same settings again changes nothing (200).',
          tags,
          params: CorpusPath,
          querystring: SettingsSchema,
          headers: PutHeaders,
          body: settingsAndText(SettingsSchema),
          response: {
            200: CreatedCorpus,
            201: CreatedCorpus,
            202: Accepted,
            ...problemResponses(400, 409, 413, 415, 507),
          },
        },
      },
      async (request, reply) => {
        const upload = await readUpload<CorpusSettings>(request, SettingsSchema, maxUploadBytes);
        const { corpus } = request.params;
        return answerUpload(request, reply, await create(request, corpus, upload, { unlessSame: true }));
      },
    );
  };
}

/** The settings among an upload's fields. Throws `invalid-request` for a locale that is invalid or that the tokenizer ignores. */
function readSettings(
  request: FastifyRequest,
  { tokenizer, order, sequences, locale: tag }: CorpusSettings,
): CorpusSettings {
  if (tag === undefined) return { tokenizer, order, sequences };
  const pointer = `${partOf(request, 'locale')}/locale`;
  if (tokenizer !== 'unicode') {
    throw invalidField(
      pointer,
      `The tokenizer ${tokenizer} follows no locale: leave it out, or choose unicode.`,
    );
  }
  const locale = canonicalLocale(tag);
  if (locale === undefined) {
    throw invalidField(pointer, `${quoted(tag)} is not a language tag of BCP 47, such as tr or de-CH.`);
  }
  return { tokenizer, order, sequences, locale };
}

/** The part of the request that holds a field of an upload. */
function partOf(request: FastifyRequest, field: string): string {
  const { body } = request;
  const isInJson = typeof body === 'object' && body !== null && field in body;
  return isInJson || request.mediaType === 'multipart/form-data' ? '/body' : '/query';
}

/** Where the list continues: after a name. */
const decodeCursor = cursorDecoder<[name: string]>(Type.Tuple([Type.String()]));

/** Lists, reads and deletes corpora. */
export function corpora({ corpora, ingest, access, questions }: Services): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.get(
      '/corpora',
      {
        config: { scope: 'read' },
        schema: {
          operationId: 'listCorpora',
          summary: 'List the corpora that the caller may read',
          tags,
          querystring: ListQuery,
          response: {
            200: CorpusList,
            ...problemResponses(400),
          },
        },
      },
      async (request) => {
        const { cursor, limit } = request.query;
        const [after] = decodeCursor(cursor) ?? [''];
        const key = callerKey(access, request);
        const names = (await corpora.store.names()).filter(
          (name) => name > after && access.allows(key, 'read', name),
        );
        const page = pageOf(names, limit, (name) => [name]);
        const found = await questions.summaries(page.items);
        const items = [];
        for (const [i, summary] of found.entries()) {
          try {
            items.push(corpusView(page.items[i], resultOf(summary)));
          } catch (error) {
            const settled = await corpora.settle(error);
            request.log.warn(settled, `the corpus ${page.items[i]} is left out of the list`);
          }
        }
        return { ...page, items };
      },
    );

    app.get(
      '/corpora/:corpus',
      {
        config: { scope: 'read' },
        schema: {
          operationId: 'getCorpus',
          summary: 'Read a corpus: its settings and sizes',
          tags,
          params: CorpusPath,
          response: {
            200: CorpusAnswer,
            ...problemResponses(400, 404),
          },
        },
      },
      async ({ params }) =>
        corpusView(params.corpus, await corpora.read(params.corpus, (snapshot) => snapshot.summary())),
    );

    app.delete(
      '/corpora/:corpus',
      {
        config: { scope: 'admin' },
        schema: {
          operationId: 'deleteCorpus',
          summary: 'Delete a corpus permanently',
          tags,
          params: CorpusPath,
          response: {
            204: { description: 'The corpus was deleted', type: 'null' },
            ...problemResponses(400, 404),
          },
        },
      },
      async ({ params }, reply) => {
        await ingest.remove(params.corpus);
        return reply.code(204).send(null);
      },
    );
  };
}
