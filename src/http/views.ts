import type { CorpusSummary, DocumentSummary } from '../store/corpus.ts';

/** A corpus in the names of the wire. */
export function corpusView(name: string, corpus: CorpusSummary) {
  const { tokenizer, order, sequences, version, documents, tokens, ngrams, bytes } = corpus;
  return {
    name,
    tokenizer,
    order,
    sequences,
    version,
    documents,
    tokens,
    vocabulary_size: corpus.vocabularySize,
    ngrams,
    bytes,
    created_at: corpus.createdAt,
    updated_at: corpus.updatedAt,
  };
}

/** A document in the names of the wire. */
export function documentView({ id, tokens, bytes, sha256, version, createdAt }: DocumentSummary) {
  return { id, tokens, bytes, sha256, version, created_at: createdAt };
}
