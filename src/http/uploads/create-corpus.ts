import { isDeepStrictEqual } from 'node:util';
import type { FastifyRequest } from 'fastify';
import { isProblem } from '../../errors.ts';
import { kindOf } from '../../index/kinds.ts';
import type { CreationOptions } from '../../ingest/ingest.ts';
import type { Job, Uploaded } from '../../ingest/job.ts';
import type { CorpusSettings, DocumentLabels } from '../../store/store.ts';
import { callerKey } from '../access/caller.ts';
import { movePointer } from '../invalid-fields.ts';
import type { MixtureList } from '../schemas/mixtures.ts';
import type { Services } from '../services.ts';
import { readLabels } from './labels.ts';
import { readMixture } from './mixture.ts';
import type { Upload } from './read-upload.ts';
import { partOf, readArpaSettings, readSettings } from './settings.ts';

/** The fields of a request that creates a corpus. */
export type CorpusFields = CorpusSettings & DocumentLabels & { mixture?: MixtureList };

/** How a request may be repeated. */
type Repetition = Pick<CreationOptions, 'unlessSame' | 'key'>;

/**
 * Begins to create the corpus that an upload describes: of its texts, its counts or its ARPA file, or a mixture. Throws
 * `invalid-request` for settings that do not fit, and what `Ingest.create` throws.
 */
export function createCorpus(
  services: Services,
  request: FastifyRequest,
  name: string,
  upload: Upload<CorpusFields>,
  repetition: Repetition,
): Promise<Job<Uploaded>> {
  const create = upload.fields.mixture === undefined ? createFromTexts : createMixture;
  return create(services, request, name, upload, repetition);
}

async function createFromTexts(
  { ingest }: Services,
  request: FastifyRequest,
  name: string,
  { fields, wordList, tokenizer, texts, given, isOfCounts }: Upload<CorpusFields>,
  repetition: Repetition,
): Promise<Job<Uploaded>> {
  const definition = tokenizer && (await ingest.describeTokenizer(tokenizer));
  const settings = readSettings(request, fields, { wordList, definition, given, isOfCounts });
  const pointer = '/vocabulary_min_count';
  const givenOfArpa = tokenizer === undefined ? given : [...given, 'tokenizer'];
  return ingest.create(name, settings, texts, {
    ...repetition,
    labels: readLabels(request, fields),
    wordList: wordList?.bytes,
    tokenizer,
    settingsOfArpa: (content) => readArpaSettings(request, fields, givenOfArpa, content),
    about: (error) => movePointer(error, pointer, partOf(request, 'vocabulary_min_count') + pointer),
    requestId: request.id,
  });
}

async function createMixture(
  services: Services,
  request: FastifyRequest,
  name: string,
  { fields, given }: Upload<CorpusFields>,
  repetition: Repetition,
): Promise<Job<Uploaded>> {
  const { access, ingest } = services;
  const key = callerKey(access, request);
  const settings = await readMixture(services, request, fields.mixture ?? [], given, key);
  if (repetition.unlessSame) await removeOther(services, name, settings);
  return ingest.create(name, settings, none(), { ...repetition, requestId: request.id });
}

/** Deletes a mixture of this name that has other parts or weights: all that it has is its settings. */
async function removeOther(
  { store, ingest }: Services,
  name: string,
  { content }: CorpusSettings,
): Promise<void> {
  const isOther = async () => {
    if (!(await store.has(name))) return false;
    const { settings } = await store.open(name);
    return kindOf(settings) === 'mixture' && !isDeepStrictEqual(settings.content, content);
  };
  try {
    if (!(await isOther())) return;
    // While the request waited for its turn, the name can have got another corpus.
    await ingest.exchange(name, async () => {
      if (await isOther()) await store.remove(name);
    });
  } catch (error) {
    // Another request has deleted it.
    if (!isProblem(error, 'corpus-not-found')) throw error;
  }
}

async function* none(): AsyncGenerator<never, void> {}
