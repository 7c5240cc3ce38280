import { isDeepStrictEqual } from 'node:util';
import type { CorpusSettings, CorpusSummary, DocumentLabels, Store } from '../store/store.ts';
import type { DraftSummary } from './receiving/draft.ts';
import { hasLabels, requestDigest } from './request-digest.ts';

/** What a request asks that creates a corpus. */
export interface CreationRequest {
  readonly name: string;
  readonly settings: CorpusSettings;
  /** Whether a corpus with the same settings and texts may be what it creates. */
  readonly unlessSame: boolean;
  /** Its idempotency key. */
  readonly key: string | undefined;
  /** What it says of its texts. */
  readonly labels: DocumentLabels;
}

/** Whether the corpus that has the name already may be what the request creates. Throws `corpus-not-found`. */
export async function mayBeKnown(
  store: Store,
  { name, settings, unlessSame, key }: CreationRequest,
): Promise<boolean> {
  const corpus = await store.open(name);
  if (unlessSame && hasSameSettings(corpus.settings, settings)) return true;
  return key !== undefined && (await corpus.read((snapshot) => snapshot.hasKey(key)));
}

/**
 * The corpus that the same request created before, as it was then; undefined where the corpus is another. Throws
 * `corpus-not-found` and `idempotency-key-reused`.
 */
export async function knownCorpus(
  store: Store,
  { name, settings, unlessSame, key, labels }: CreationRequest,
  texts: readonly DraftSummary[],
): Promise<CorpusSummary | undefined> {
  const corpus = await store.open(name);
  return corpus.read(async (snapshot) => {
    if (key !== undefined) {
      const answer = await snapshot.answerTo<CorpusSummary>(key, requestDigest(settings, texts, labels));
      // Answers that earlier versions kept have no `tokenIds`.
      return answer === undefined ? undefined : { ...(await snapshot.summary()), ...answer };
    }
    if (!unlessSame || !hasSameSettings(snapshot.settings, settings)) return undefined;
    const hashes = await snapshot.createdFrom();
    const isSame = hashes?.length === texts.length && texts.every(({ sha256 }, i) => sha256 === hashes[i]);
    if (!isSame) return undefined;
    // All documents that it was created with have the same labels.
    const [first] = await snapshot.documents(0, 1);
    return first === undefined || hasLabels(first, labels) ? snapshot.summary() : undefined;
  });
}

function hasSameSettings(a: CorpusSettings, b: CorpusSettings): boolean {
  return (
    a.tokenizer === b.tokenizer &&
    a.order === b.order &&
    a.sequences === b.sequences &&
    a.blankLines === b.blankLines &&
    a.locale === b.locale &&
    isDeepStrictEqual(a.vocabulary, b.vocabulary) &&
    isDeepStrictEqual(a.content, b.content)
  );
}
