import { findKeywords, type KeynessSort, type KeywordKind, wordFrequencies } from '../../analysis/keyness.ts';
import type { CorpusAddress } from '../../index/corpus.ts';
import { requireCounts } from '../../index/kinds.ts';
import { readInThread } from '../../index/thread-corpora.ts';
import type { Snapshot } from '../../store/store.ts';
import { definitionOf } from '../../text/tokenizer.ts';
import { invalidField } from '../invalid-fields.ts';
import { cursorDecoder, isFiniteNumber, isText, pageOf } from '../paging.ts';
import type { PageQuestion } from './listings.ts';

/** What `…/keyness` is asked. */
export interface KeynessQuestion extends PageQuestion {
  /** The corpus that it is compared with. */
  reference: CorpusAddress;
  keywords: KeywordKind;
  sort: KeynessSort;
  min_count: number;
}

/** Where the keywords continue: after one with its score. */
const decodePlace = cursorDecoder<[score: number, word: string]>(isFiniteNumber, isText);

/** A page of the words in which a corpus differs from another; in a thread only. */
export async function keyness(snapshot: Snapshot, question: KeynessQuestion) {
  const { keywords, sort, min_count: minCount, limit } = question;
  const place = decodePlace(question.cursor);
  const reference = await readInThread(question.reference, async (other) => {
    checkTokenizers(snapshot, other);
    return { version: other.version, words: await wordFrequencies(other) };
  });
  const words = await wordFrequencies(snapshot);
  const after = place && { score: place[0], word: place[1] };
  const search = { keywords, sort, minCount, after, limit: limit + 1 };
  const { total, found } = findKeywords(words, reference.words, search);
  const page = pageOf(found, limit, ({ score, word }) => [score, word]);
  const items = page.items.map(({ word, count, referenceCount, logLikelihood, logRatio }) => ({
    word,
    count,
    reference_count: referenceCount,
    log_likelihood: logLikelihood,
    log_ratio: logRatio,
  }));
  return {
    version: snapshot.version,
    words: words.total,
    reference: {
      name: question.reference.corpus.name,
      version: reference.version,
      words: reference.words.total,
    },
    total,
    ...page,
    items,
  };
}

/** Words can only be compared if they are the same units. */
function checkTokenizers(one: Snapshot, other: Snapshot): void {
  for (const { settings } of [one, other]) requireCounts(settings);
  const { tokenizer } = other.settings;
  const isSameFile = definitionOf(other.settings)?.sha256 === definitionOf(one.settings)?.sha256;
  if (tokenizer === one.settings.tokenizer && isSameFile) return;
  throw invalidField(
    '/query/reference',
    `The tokenizer of ${other.ref.name} is ${tokenizer}, and that of ${one.ref.name} is ${one.settings.tokenizer}: their words cannot be compared.`,
  );
}
