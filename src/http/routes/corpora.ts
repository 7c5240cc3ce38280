import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import { type TProperties, Type } from 'typebox';
import { resultOf } from '../../errors.ts';
import type { CorpusSettings } from '../../store/corpus.ts';
import { canonicalLocale } from '../../text/locale.ts';
import { callerKey, nameCorpus } from '../access/caller.ts';
import { cursorDecoder, pageOf } from '../paging.ts';
import { quoted } from '../quoted.ts';
import { problemResponses } from '../schemas/problems.ts';
import {
  CorpusPath,
  IdempotencyHeaders,
  NamedSettingsSchema,
  PageQuery,
  pageSchema,
  replayedHeader,
  SettingsSchema,
  textStreams,
} from '../schemas.ts';
import type { Services } from '../services.ts';
import { Accepted, answerUpload, PreferHeader } from '../upload-answer.ts';
import { readUpload, type Upload } from '../uploads.ts';
import { invalidField } from '../validation.ts';
import { corpusView } from '../views.ts';

const tags = ['Corpora'];
const exampleText = 'the time traveller smiled\nthe time machine stood still';

const Created = {
  description: 'The corpus',
  headers: { Location: { type: 'string', description: 'Where the corpus is' } },
  content: { 'application/json': { schema: Type.Ref('Corpus') } },
};

/** The bodies that carry a text together with settings. */
function textBodies(settings: typeof SettingsSchema | typeof NamedSettingsSchema, required: string[]) {
  const { properties } = settings;
  const text = { type: 'string', description: 'The text, in UTF-8', examples: [exampleText] };
  const file = {
    type: 'array',
    items: { type: 'string', contentMediaType: 'text/plain' },
    description: 'One or more texts, after all other fields: files, or fields; gzip too',
  };
  return {
    content: {
      'text/plain': { schema: text },
      'application/json': {
        schema: Type.Unsafe<object>({
          type: 'object',
          properties: { ...withoutDefaults(properties), text },
          required,
          additionalProperties: false,
        }),
      },
      'multipart/form-data': {
        schema: Type.Unsafe<object>({
          type: 'object',
          properties: { ...properties, file },
          required: [...required, 'file'],
        }),
      },
      ...textStreams('The text, in UTF-8'),
    },
  };
}

/** The fields of JSON, whose defaults would win over what the query says. */
function withoutDefaults(properties: TProperties): object {
  const fields = Object.entries(properties).map(([name, field]) => {
    const { default: _, ...rest } = field as { default?: unknown };
    return [name, rest];
  });
  return Object.fromEntries(fields);
}

/** Creating corpora. Belongs into a scope that accepts texts. */
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
            'Creates a corpus, and ingests the texts that come along, all or nothing. A JSON body without `text` creates an empty corpus.',
          tags,
          querystring: NamedSettingsSchema,
          headers: Type.Object({ ...IdempotencyHeaders.properties, ...PreferHeader.properties }),
          body: textBodies(NamedSettingsSchema, []),
          response: {
            201: { ...Created, headers: { ...Created.headers, ...replayedHeader } },
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
        return answerUpload(request, reply, create(request, name, upload, { key }));
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
            'As createCorpus, and safe to repeat: the same texts with the same settings again change nothing (200).',
          tags,
          params: CorpusPath,
          querystring: SettingsSchema,
          headers: PreferHeader,
          body: textBodies(SettingsSchema, []),
          response: {
            200: Created,
            201: Created,
            202: Accepted,
            ...problemResponses(400, 409, 413, 415, 507),
          },
        },
      },
      async (request, reply) => {
        const upload = await readUpload<CorpusSettings>(request, SettingsSchema, maxUploadBytes);
        const { corpus } = request.params;
        return answerUpload(request, reply, create(request, corpus, upload, { unlessSame: true }));
      },
    );
  };
}

/** The settings among an upload's fields. Throws `invalid-request` for a locale that is none, or that nothing would follow. */
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

/** The part of the request that a field of an upload came in. */
function partOf(request: FastifyRequest, field: string): string {
  const { body } = request;
  const isInJson = typeof body === 'object' && body !== null && field in body;
  return isInJson || request.mediaType === 'multipart/form-data' ? '/body' : '/query';
}

/** Where the list continues: after a name. */
const decodeCursor = cursorDecoder<[name: string]>(Type.Tuple([Type.String()]));

/** Listing, reading and deleting corpora. */
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
          querystring: Type.Object(PageQuery, { additionalProperties: false }),
          response: {
            200: pageSchema(Type.Ref('Corpus'), {}),
            ...problemResponses(400),
          },
        },
      },
      async (request) => {
        const { cursor, limit } = request.query;
        const [after] = decodeCursor(cursor) ?? [''];
        const key = callerKey(access, request);
        const names = corpora.names().filter((name) => name > after && access.allows(key, 'read', name));
        const page = pageOf(names, limit, (name) => [name]);
        const found = await questions.summaries(page.items);
        const items = found.flatMap((summary, i) => {
          try {
            return [corpusView(page.items[i], resultOf(summary))];
          } catch (error) {
            request.log.warn(corpora.settle(error), `the corpus ${page.items[i]} is left out of the list`);
            return [];
          }
        });
        return { ...page, items };
      },
    );

    app.get(
      '/corpora/:corpus',
      {
        config: { scope: 'read' },
        schema: {
          operationId: 'getCorpus',
          summary: 'Read a corpus: its settings and its size',
          tags,
          params: CorpusPath,
          response: {
            200: {
              description: 'The corpus',
              content: { 'application/json': { schema: Type.Ref('Corpus') } },
            },
            ...problemResponses(400, 404),
          },
        },
      },
      async ({ params }) =>
        corpora.read(params.corpus, ({ name, reader }) => corpusView(name, reader.summary())),
    );

    app.delete(
      '/corpora/:corpus',
      {
        config: { scope: 'admin' },
        schema: {
          operationId: 'deleteCorpus',
          summary: 'Delete a corpus for good',
          tags,
          params: CorpusPath,
          response: {
            204: { description: 'The corpus is gone', type: 'null' },
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
