import type { AnyCorpus, MixtureCorpus } from '../index/corpus.ts';
import { spend } from '../platform/turn.ts';
import { whenThere } from '../platform/when-there.ts';
import type { Snapshot, TokenId } from '../store/store.ts';
import { reservedTokens } from '../text/reserved.ts';
import type { CountedToken } from './vocabulary-page.ts';

/** A token of a mixture; it has no count. */
type MixedToken = Omit<CountedToken, 'count'>;

/**
 * The number of tokens that are looked up at a time, and about how long that takes for each in each part, in
 * microseconds.
 */
const tokensAtATime = 256;
const lookUpTime = 2;

/**
 * At most `limit` tokens of a mixture, by its ids, from the id `from` on: the words that occur in a part, and the
 * reserved tokens. A token is listed once, under the id of the first part that has one for it.
 */
export function mixedVocabularyPage(
  corpus: MixtureCorpus,
  from: TokenId,
  limit: number,
): Promise<MixedToken[]> {
  return withSnapshots(corpus.parts, async (snapshots) => {
    const listed: MixedToken[] = [];
    let some: MixedToken[] = [];
    for await (const token of mergedTokens(corpus, snapshots, from)) {
      some.push(token);
      if (some.length < tokensAtATime) continue;
      listed.push(...(await ownTokens(corpus, some)));
      some = [];
      if (listed.length >= limit) break;
    }
    listed.push(...(await ownTokens(corpus, some)));
    return listed.slice(0, limit);
  });
}

/** A token of a mixture by its name; undefined if the mixture does not have it. */
export async function mixedVocabularyItem(
  corpus: MixtureCorpus,
  token: string,
): Promise<MixedToken | undefined> {
  const [id] = await corpus.vocabulary.tokenIds([token]);
  const [found] = await ownTokens(corpus, [{ id, token }]);
  return found;
}

/** Those of these tokens that a mixture has under these ids. */
async function ownTokens(corpus: MixtureCorpus, tokens: readonly MixedToken[]): Promise<MixedToken[]> {
  const { parts, vocabulary, settings } = corpus;
  spend(lookUpTime * tokens.length * parts.length);
  const ids = await vocabulary.tokenIds(tokens.map(({ token }) => token));
  const own = tokens.filter(({ id }, i) => id >= 0 && id === ids[i]);
  const reserved = new Set(reservedTokens(settings.sequences));
  const occurs = own.map(({ token }) => reserved.has(token));
  for (const [p, part] of parts.entries()) {
    const ofPart = await vocabulary.idsIn(
      p,
      own.map(({ id }) => id),
    );
    for (const [i, isWord] of (await areWords(part, ofPart)).entries()) occurs[i] ||= isWord;
  }
  return own.filter((_, i) => occurs[i]);
}

/** Whether ids are those of words of a part. */
function areWords(part: AnyCorpus, ids: readonly TokenId[]): boolean[] | Promise<boolean[]> {
  if ('parts' in part) throw new Error('A part of a mixture is no mixture.');
  if ('index' in part) return ids.map((id) => part.index.hasWord(id));
  return whenThere(part.counts.prepare({ words: ids }), (index) => ids.map((id) => index.hasWord(id)));
}

/** The tokens of all parts with their ids in the mixture, by these; those of the same id once. */
async function* mergedTokens(
  { parts, vocabulary }: MixtureCorpus,
  snapshots: readonly Snapshot[],
  from: TokenId,
): AsyncGenerator<MixedToken, void> {
  const streams = parts.map((_, part) =>
    tokensFrom(snapshots[part], vocabulary.firstFrom(part, from), (id) => vocabulary.idOf(part, id)),
  );
  const next = await Promise.all(streams.map((stream) => stream.next()));
  try {
    for (;;) {
      const ids = next.map(({ done, value }) => (done ? Number.POSITIVE_INFINITY : (value as MixedToken).id));
      const least = Math.min(...ids);
      if (least === Number.POSITIVE_INFINITY) return;
      yield next[ids.indexOf(least)].value as MixedToken;
      for (const [part, id] of ids.entries()) if (id === least) next[part] = await streams[part].next();
    }
  } finally {
    for (const stream of streams) await stream.return();
  }
}

async function* tokensFrom(
  snapshot: Snapshot,
  from: TokenId,
  idOf: (id: TokenId) => TokenId,
): AsyncGenerator<MixedToken, void> {
  let id = from;
  for await (const tokens of snapshot.vocabulary(from)) {
    for (const token of tokens) yield { id: idOf(id++), token };
  }
}

/** Asks a question of snapshots of all these corpora, opened one inside the other. */
function withSnapshots<T>(
  corpora: readonly AnyCorpus[],
  question: (snapshots: readonly Snapshot[]) => Promise<T>,
  opened: readonly Snapshot[] = [],
): Promise<T> {
  if (opened.length === corpora.length) return question(opened);
  return corpora[opened.length].read((snapshot) => withSnapshots(corpora, question, [...opened, snapshot]));
}
