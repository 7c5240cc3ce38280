import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { readSample, type Sample, samples as texts } from '../../samples.ts';
import { nameCorpus } from '../access/caller.ts';
import { CreatedCorpus } from '../schemas/corpora.ts';
import { Accepted } from '../schemas/jobs.ts';
import { FormatQuery } from '../schemas/pages.ts';
import { problemResponses } from '../schemas/problems.ts';
import { SampleList, SamplePath, SampleQuery } from '../schemas/samples.ts';
import { columns } from '../schemas/tables.ts';
import { PutHeaders } from '../schemas/uploads.ts';
import type { Services } from '../services.ts';
import { answerList } from '../tables.ts';
import { answerUpload } from '../uploads/answer.ts';
import { readSettings } from '../uploads/settings.ts';
import { textFrom, upTo } from '../uploads/text.ts';

const tags = ['Samples'];

/** Texts to begin with. */
export function samples({ ingest, access, bulk }: Services): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.get(
      '/samples',
      {
        config: { scope: 'read' },
        schema: {
          operationId: 'listSamples',
          summary: 'The texts that come with the service',
          tags,
          querystring: FormatQuery,
          response: { 200: SampleList, ...problemResponses(400, 406) },
        },
      },
      async (request, reply) =>
        answerList(bulk, request, reply, {
          subject: 'Samples',
          file: 'samples',
          columns: columns.samples,
          page: () => ({ items: [...texts] }),
        }),
    );

    app.post(
      '/samples/:sample',
      {
        config: { scope: 'write' },
        schema: {
          operationId: 'createSampleCorpus',
          summary: 'Create a corpus of a sample',
          description:
            'As if the text were uploaded, and safe to repeat: if the corpus exists with this text and these settings, nothing changes (200).',
          tags,
          params: SamplePath,
          querystring: SampleQuery,
          headers: PutHeaders,
          response: {
            200: CreatedCorpus,
            201: CreatedCorpus,
            202: Accepted,
            ...problemResponses(400, 409, 413, 415, 507),
          },
        },
      },
      async (request, reply) => {
        const sample = texts.find(({ name }) => name === request.params.sample) as Sample;
        const { corpus = sample.name, ...settings } = request.query;
        nameCorpus(access, request, 'write', corpus);
        const labels = { title: sample.title, date: String(sample.year) };
        const options = { unlessSame: true, requestId: request.id, labels };
        const job = await ingest.create(corpus, readSettings(request, settings), textOf(sample), options);
        return answerUpload(ingest.jobs, request, reply, job);
      },
    );
  };
}

/** MAX_UPLOAD_BYTES limits what callers send, and does not apply to samples. */
async function* textOf(sample: Sample) {
  yield textFrom(readSample(sample), { ...upTo(sample.bytes), isGzip: true }, (error) => error);
}
