import { isDeepStrictEqual } from 'node:util';
import type { CorpusSettings, CorpusSummary, DocumentLabels, Snapshot, Store } from '../store/store.ts';
import type { DraftedText } from './receiving/draft.ts';
import { hasLabels, requestDigest } from './request-digest.ts';

/** How many documents are compared at a time. */
const pageDocuments = 1000;

/** What a request asks that creates a corpus. */
export interface CreationRequest {
  readonly name: string;
  readonly settings: CorpusSettings;
  /** Whether a corpus with the same settings and texts may be what it creates. */
  readonly unlessSame: boolean;
  /** Its idempotency key. */
  readonly key: string | undefined;
  /** What it says of its texts. */
  readonly labels?: DocumentLabels | undefined;
}

/** Whether the corpus that has the name already may be what the request creates. Throws `corpus-not-found`. */
export async function mayBeKnown(
  store: Store,
  { name, settings, unlessSame, key }: CreationRequest,
): Promise<boolean> {
  const corpus = await store.open(name);
  // Only an ARPA file itself says which settings it has.
  if (unlessSame && (corpus.settings.content?.kind === 'arpa' || hasSameSettings(corpus.settings, settings)))
    return true;
  return key !== undefined && (await corpus.read((snapshot) => snapshot.hasKey(key)));
}

/**
 * The corpus that the same request created before, as it was then; undefined where the corpus is another. Throws
 * `corpus-not-found` and `idempotency-key-reused`.
 */
export async function knownCorpus(
  store: Store,
  { name, settings, unlessSame, key, labels = {} }: CreationRequest,
  texts: readonly DraftedText[],
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
    return isSame && (await haveNames(snapshot, texts, labels)) ? snapshot.summary() : undefined;
  });
}

/** Whether the first documents of a corpus have the ids and the labels of texts, as far as these are given. */
async function haveNames(
  snapshot: Snapshot,
  texts: readonly DraftedText[],
  labels: DocumentLabels,
): Promise<boolean> {
  let after = 0;
  for (let from = 0; from < texts.length; from += pageDocuments) {
    const documents = await snapshot.documents(after, Math.min(pageDocuments, texts.length - from));
    const haveThem = documents.every((document, i) => {
      const { id = document.id, ...own } = texts[from + i];
      return id === document.id && hasLabels(document, { ...labels, ...own });
    });
    if (!haveThem) return false;
    after = documents.at(-1)?.ordinal ?? after;
  }
  return true;
}

function hasSameSettings(a: CorpusSettings, b: CorpusSettings): boolean {
  return (
    a.tokenizer === b.tokenizer &&
    a.order === b.order &&
    a.sequences === b.sequences &&
    a.blankLines === b.blankLines &&
    a.locale === b.locale &&
    a.dictionary === b.dictionary &&
    isDeepStrictEqual(a.vocabulary, b.vocabulary) &&
    isDeepStrictEqual(a.content, b.content)
  );
}
