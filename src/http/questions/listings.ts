import { mixedVocabularyItem, mixedVocabularyPage } from '../../analysis/mixed-vocabulary.ts';
import { vocabularyPage } from '../../analysis/vocabulary-page.ts';
import type { MixtureCorpus } from '../../index/corpus.ts';
import { type Snapshot, UNSEEN } from '../../store/store.ts';
import { cursorDecoder, isPosition, isTokenId, pageOf } from '../paging.ts';
import { documentView } from '../views.ts';

/** Which page of a list is asked for. */
export interface PageQuestion {
  cursor?: string;
  limit: number;
}

/** Which page of a vocabulary is asked for, or which token. */
type VocabularyQuestion = PageQuestion & { token?: string };

/** Where the vocabulary continues: at an id. */
const decodeId = cursorDecoder<[id: number]>(isTokenId);

/** A page of the vocabulary or, if one is named, that token alone. */
export async function vocabulary(snapshot: Snapshot, { cursor, limit, token }: VocabularyQuestion) {
  if (token !== undefined) return { version: snapshot.version, items: await tokenItem(snapshot, token) };
  const [from] = decodeId(cursor) ?? [0];
  const found = await vocabularyPage(snapshot, from, limit + 1);
  return { version: snapshot.version, ...pageOf(found, limit, ({ id }) => [id + 1]) };
}

async function tokenItem(snapshot: Snapshot, token: string) {
  const [id] = await snapshot.tokenIds([token]);
  const found = id === UNSEEN ? [] : await vocabularyPage(snapshot, id, 1);
  return found.filter((item) => item.id === id);
}

/** As `vocabulary`, of a mixture. */
export async function mixedVocabulary(corpus: MixtureCorpus, { cursor, limit, token }: VocabularyQuestion) {
  const about = { version: corpus.version, part_versions: corpus.parts.map(({ version }) => version) };
  if (token !== undefined) {
    const item = await mixedVocabularyItem(corpus, token);
    return { ...about, items: item === undefined ? [] : [item] };
  }
  const [from] = decodeId(cursor) ?? [0];
  const found = await mixedVocabularyPage(corpus, from, limit + 1);
  return { ...about, ...pageOf(found, limit, ({ id }) => [id + 1]) };
}

/** Where the documents continue: after the one with an ordinal. */
const decodeOrdinal = cursorDecoder<[ordinal: number]>(isPosition);

/** A page of the documents, in the order in which they were added. */
export async function documents(snapshot: Snapshot, { cursor, limit }: PageQuestion) {
  const [after] = decodeOrdinal(cursor) ?? [0];
  const found = await snapshot.documents(after, limit + 1);
  const page = pageOf(found, limit, ({ ordinal }) => [ordinal]);
  return { version: snapshot.version, ...page, items: page.items.map(documentView) };
}
