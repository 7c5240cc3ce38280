import { kindOf } from '../index/kinds.ts';
import { describeModel, type LanguageModel, type ModelDescription } from '../model/language-model.ts';
import type { ClosedVocabulary, CorpusSummary, DocumentSummary, MixedCorpus } from '../store/store.ts';
import type { EstimatorView } from './schemas/estimators.ts';
import type { MixtureList } from './schemas/mixtures.ts';

/** A corpus, with the names of the API. */
export function corpusView(name: string, corpus: CorpusSummary) {
  const { tokenizer, order, sequences, locale, version, documents, tokens, ngrams, bytes } = corpus;
  const blankLines = sequences === 'line' ? { blank_lines: corpus.blankLines ?? ('skip' as const) } : {};
  return {
    name,
    kind: kindOf(corpus),
    tokenizer,
    order,
    sequences,
    ...blankLines,
    ...(locale === undefined ? {} : { locale }),
    ...(corpus.dictionary === undefined ? {} : { dictionary: corpus.dictionary }),
    ...vocabularyView(corpus.vocabulary),
    ...mixtureView(corpus),
    version,
    documents,
    tokens,
    vocabulary_size: corpus.vocabularySize,
    token_ids: corpus.tokenIds,
    ngrams,
    bytes,
    created_at: corpus.createdAt,
    updated_at: corpus.updatedAt,
  };
}

function vocabularyView(vocabulary: ClosedVocabulary | undefined) {
  if (vocabulary === undefined) return {};
  if ('ids' in vocabulary) {
    const file = 'sha256' in vocabulary ? { tokenizer_sha256: vocabulary.sha256 } : {};
    return { ...file, vocabulary_ids: vocabulary.ids };
  }
  return 'minCount' in vocabulary
    ? { vocabulary_min_count: vocabulary.minCount }
    : { vocabulary_sha256: vocabulary.sha256 };
}

function mixtureView({ content }: CorpusSummary) {
  return content?.kind === 'mixture' ? { mixture: content.parts.map(mixedView) } : {};
}

/** A part of a mixture, as a request would name it. */
export function mixedView({ corpus, weight, order, estimator, parameters }: MixedCorpus) {
  return { corpus, weight, order, estimator, ...parameters } as MixtureList[number];
}

/** A document, with the names of the API. */
export function documentView(document: DocumentSummary) {
  const { id, tokens, bytes, sha256, version, createdAt, title, date } = document;
  const labels = { ...(title === undefined ? {} : { title }), ...(date === undefined ? {} : { date }) };
  return { id, tokens, bytes, sha256, version, created_at: createdAt, ...labels };
}

/** What a response says about its model. */
export function modelView({ version, estimator }: ModelDescription) {
  return {
    version,
    estimator: { name: estimator.name, ...estimator.parameters } as EstimatorView,
    // Undefined fields are omitted from the JSON; a spread that omits them costs more than the rest of the response.
    normalized: (estimator.normalized ? undefined : false) as false,
  };
}

const modelFields = new WeakMap<LanguageModel['estimator'], string>();

/** The fields of `modelView` in JSON, without braces. */
export function modelJson(model: LanguageModel): string {
  return `"version":${model.version},${estimatorJson(model)}`;
}

/** The same without the version. That of an estimator is written once. */
export function estimatorJson(model: LanguageModel): string {
  let fields = modelFields.get(model.estimator);
  if (fields === undefined) {
    const { estimator, normalized } = modelView(describeModel(model));
    fields = JSON.stringify({ estimator, normalized }).slice(1, -1);
    modelFields.set(model.estimator, fields);
  }
  return fields;
}

/** A number in JSON, which has none that are not finite. */
export function numberJson(number: number | null): string {
  return number === null || !Number.isFinite(number) ? 'null' : String(number);
}
