import { isDeepStrictEqual } from 'node:util';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import { kindOf } from '../../index/kinds.ts';
import type { CorpusSettings, DocumentLabels } from '../../store/store.ts';
import { callerKey, nameCorpus } from '../access/caller.ts';
import { invalidField, movePointer } from '../invalid-fields.ts';
import {
  CorpusPath,
  CreatedCorpus,
  CreatedOrReplayedCorpus,
  CreateFields,
  PutFields,
  settingsAndText,
} from '../schemas/corpora.ts';
import { Accepted } from '../schemas/jobs.ts';
import type { MixtureList } from '../schemas/mixtures.ts';
import { problemResponses } from '../schemas/problems.ts';
import { PostHeaders, PutHeaders } from '../schemas/uploads.ts';
import type { Services } from '../services.ts';
import { answerUpload } from '../uploads/answer.ts';
import { readLabels } from '../uploads/labels.ts';
import { readMixture } from '../uploads/mixture.ts';
import { readUpload, type Upload } from '../uploads/read-upload.ts';
import { partOf, readArpaSettings, readSettings } from '../uploads/settings.ts';

const tags = ['Corpora'];

/** The field of a request for a mixture. */
interface MixtureFields {
  mixture?: MixtureList;
}

async function* none(): AsyncGenerator<never, void> {}

/** Creates corpora. Register it in a scope that accepts texts. */
export function corpusUploads(services: Services): FastifyPluginAsyncTypebox {
  const { ingest, maxUploadBytes, access, store, corpora } = services;
  return async (app) => {
    const create = async (
      request: FastifyRequest,
      name: string,
      { fields, wordList, tokenizer, texts, given, isOfCounts }: Upload<CorpusSettings & DocumentLabels>,
      options: { unlessSame?: boolean; key?: string | undefined },
    ) => {
      const definition = tokenizer && (await ingest.describeTokenizer(tokenizer));
      const settings = readSettings(request, fields, { wordList, definition, given, isOfCounts });
      return ingest.create(name, settings, texts, {
        ...options,
        labels: readLabels(request, fields),
        wordList: wordList?.bytes,
        tokenizer,
        settingsOfArpa: (content) =>
          readArpaSettings(
            request,
            fields,
            tokenizer === undefined ? given : [...given, 'tokenizer'],
            content,
          ),
        about: (error) =>
          movePointer(
            error,
            '/vocabulary_min_count',
            `${partOf(request, 'vocabulary_min_count')}/vocabulary_min_count`,
          ),
        requestId: request.id,
      });
    };
    const mix = async (
      request: FastifyRequest,
      name: string,
      { fields, given }: Upload<MixtureFields>,
      options: { unlessSame?: boolean; key?: string | undefined },
    ) => {
      const settings = await readMixture(
        services,
        request,
        fields.mixture ?? [],
        given,
        callerKey(access, request),
      );
      if (options.unlessSame) await removeOther(name, settings);
      return ingest.create(name, settings, none(), { ...options, requestId: request.id });
    };

    /** Makes way for a mixture of the name with other parts or weights. It has nothing that another has not. */
    const removeOther = async (name: string, settings: CorpusSettings) => {
      if (!(await store.has(name))) return;
      const known = (await corpora.open(name)).settings;
      if (kindOf(known) === 'mixture' && !isDeepStrictEqual(known.content, settings.content)) {
        await ingest.remove(name);
      }
    };

    app.post(
      '/corpora',
      {
        config: { scope: 'write' },
        schema: {
          operationId: 'createCorpus',
          summary: 'Create a corpus',
          description:
            'Creates a corpus from the texts in the body, all or nothing. A JSON body without `text` creates an empty corpus, or with `mixture` a mixture of the models of other corpora.',
          tags,
          querystring: CreateFields,
          headers: PostHeaders,
          body: settingsAndText('CreateCorpus', CreateFields),
          response: {
            201: CreatedOrReplayedCorpus,
            202: Accepted,
            ...problemResponses(400, 404, 409, 413, 415, 422, 507),
          },
        },
      },
      async (request, reply) => {
        const upload = await readUpload<CorpusSettings & DocumentLabels & MixtureFields & { name?: string }>(
          request,
          CreateFields,
          maxUploadBytes,
          { createsCorpus: true },
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
        const make = upload.fields.mixture === undefined ? create : mix;
        return answerUpload(ingest.jobs, request, reply, await make(request, name, upload, { key }));
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
            'Like createCorpus, and safe to repeat: sending the same texts with the same settings again changes nothing (200). A mixture is replaced by one with other parts or weights.',
          tags,
          params: CorpusPath,
          querystring: PutFields,
          headers: PutHeaders,
          body: settingsAndText('PutCorpus', PutFields),
          response: {
            200: CreatedCorpus,
            201: CreatedCorpus,
            202: Accepted,
            ...problemResponses(400, 404, 409, 413, 415, 507),
          },
        },
      },
      async (request, reply) => {
        const upload = await readUpload<CorpusSettings & DocumentLabels & MixtureFields>(
          request,
          PutFields,
          maxUploadBytes,
          {
            createsCorpus: true,
          },
        );
        const { corpus } = request.params;
        const make = upload.fields.mixture === undefined ? create : mix;
        return answerUpload(
          ingest.jobs,
          request,
          reply,
          await make(request, corpus, upload, { unlessSame: true }),
        );
      },
    );
  };
}
