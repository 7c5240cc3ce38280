import type { Corpora } from '../index/corpora.ts';
import type { CorpusSettings, CorpusSummary } from '../store/corpus.ts';
import type { DraftSummary } from './receiving/draft.ts';
import { requestDigest } from './request-digest.ts';

/** What a request asks that creates a corpus. */
export interface CreationRequest {
  readonly name: string;
  readonly settings: CorpusSettings;
  /** Whether a corpus with the same settings and texts may be what it creates. */
  readonly unlessSame: boolean;
  /** Its idempotency key. */
  readonly key: string | undefined;
}

/** Whether the corpus that has the name already may be what the request creates. Throws `corpus-not-found`. */
export function mayBeKnown(corpora: Corpora, { name, settings, unlessSame, key }: CreationRequest): boolean {
  return corpora.read(
    name,
    ({ reader }) =>
      (unlessSame && hasSameSettings(reader.settings, settings)) || (key !== undefined && reader.hasKey(key)),
  );
}

/**
 * The corpus that the same request created before, as it was then; undefined where the corpus is another. Throws
 * `idempotency-key-reused`.
 */
export function knownCorpus(
  corpora: Corpora,
  { name, settings, unlessSame, key }: CreationRequest,
  texts: readonly DraftSummary[],
): CorpusSummary | undefined {
  return corpora.read(name, ({ reader }) => {
    if (key !== undefined) return reader.answerTo(key, requestDigest(settings, texts));
    if (!unlessSame || !hasSameSettings(reader.settings, settings)) return undefined;
    const hashes = reader.createdFrom();
    const isSame = hashes?.length === texts.length && texts.every(({ sha256 }, i) => sha256 === hashes[i]);
    return isSame ? reader.summary() : undefined;
  });
}

function hasSameSettings(a: CorpusSettings, b: CorpusSettings): boolean {
  return (
    a.tokenizer === b.tokenizer && a.order === b.order && a.sequences === b.sequences && a.locale === b.locale
  );
}
