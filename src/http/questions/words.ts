import { inField } from '../../errors.ts';
import type { AnyCorpus, MixtureCorpus } from '../../index/corpus.ts';
import type { TokenId } from '../../index/count-index.ts';
import type { IdQuery, LanguageModel } from '../../model/language-model.ts';
import { whenThere } from '../../platform/when-there.ts';
import type { CorpusSettings } from '../../store/store.ts';
import { lastTokens } from '../../text/last-tokens.ts';
import { foldPrefix } from '../../text/prefix.ts';
import { reservedId, tokenizeQuery } from '../../text/reserved.ts';
import { maxTokenBytes } from '../../text/stretches.ts';
import { separatorOf } from '../../text/token-text.ts';
import { definitionOf, isOwnToken } from '../../text/tokenizer.ts';
import { whiteSpaceOf } from '../../text/whitespace.ts';
import { invalidField } from '../invalid-fields.ts';
import { quoted, quotedList } from '../quoted.ts';

/** A context as it is used: its last order - 1 tokens, as texts and as the ids under which they are counted. */
export interface Context {
  readonly tokens: readonly string[];
  readonly ids: readonly TokenId[];
}

/** A word after a context. */
export interface WordQuery {
  readonly word: string;
  /** The context's last tokens. */
  readonly context: readonly string[];
}

/** The same with the ids under which its tokens are counted. */
export interface CountedQuery extends WordQuery {
  readonly ids: IdQuery;
}

/** Reads a context from text, at once if the model is in memory. Throws what its tokenizer does, under `pointer`. */
export function readContext(model: LanguageModel, text: string, pointer: string): Context | Promise<Context> {
  const tokens = contextTokens(model, text, pointer);
  return whenThere(readIds(model, tokens), ({ counted: ids }) => ({ tokens, ids }));
}

/** The tokens of a context that a model reads. Throws what its tokenizer does, under `pointer`. */
export function contextTokens({ settings, order }: LanguageModel, text: string, pointer: string): string[] {
  return inField(pointer, () => lastTokens(settings, text, order - 1));
}

/** The ids of tokens, and those under which they are counted. */
interface TokenIds {
  readonly own: readonly TokenId[];
  readonly counted: readonly TokenId[];
}

function readIds(model: LanguageModel, tokens: readonly string[]): TokenIds | Promise<TokenIds> {
  return whenThere(model.vocabulary.tokenIds(tokens), (found) => {
    const own = listOf(found);
    const counted = model.countedIds(own, reservedId(model.settings, '<s>'));
    return whenThere(counted, (counted) => ({ own, counted }));
  });
}

/** The same ids as a list; `Array.from` takes longer for a few than looking them up. */
function listOf(ids: Int32Array): TokenId[] {
  const list = new Array<TokenId>(ids.length);
  for (let i = 0; i < list.length; i++) list[i] = ids[i];
  return list;
}

/** Reads a token from text. Throws `invalid-request`, under `pointer`, where it is not exactly one. */
export function readToken(settings: CorpusSettings, text: string, pointer: string): string {
  if (Buffer.byteLength(text) > maxTokenBytes) {
    throw invalidField(pointer, `A word is one token, and a token has at most ${maxTokenBytes} bytes.`);
  }
  // Most texts that are a name of such tokens are another token, too, with the mark of a space or of a word's beginning.
  if (definitionOf(settings) !== undefined && isOwnToken(settings, text)) return text;
  const tokens = inField(pointer, () => tokenizeQuery(settings, text));
  if (tokens.length !== 1) {
    // Words can be asked for as answers write them: the names of subwords, and those of jieba's dictionary with capitals.
    if (isOwnToken(settings, text) || isWrittenInCapitals(settings, text)) return text;
    throw invalidField(
      pointer,
      `A word is one token; the tokenizer ${settings.tokenizer} makes ${tokens.length} of ${quoted(text)}: ${quotedList(tokens)}.`,
    );
  }
  return tokens[0];
}

/** Whether a text is one word of jieba's dictionary in lower case. */
function isWrittenInCapitals(settings: CorpusSettings, text: string): boolean {
  if (settings.tokenizer !== 'jieba') return false;
  const tokens = tokenizeQuery(settings, text.toUpperCase());
  return tokens.length === 1 && tokens[0] === text;
}

/** Reads a token that can be a next word. Throws `invalid-request`, under `pointer`, if it cannot. */
export function readWord(settings: CorpusSettings, text: string, pointer: string): string {
  const token = readToken(settings, text, pointer);
  if (token === '<s>' && settings.sequences === 'line') {
    throw invalidField(pointer, '<s> begins each line; it is only ever a context and never a next word.');
  }
  return token;
}

/** Finds the ids under which the tokens of queries are looked up, at once if the model is in memory. */
export function countQueries(
  model: LanguageModel,
  queries: readonly WordQuery[],
): CountedQuery[] | Promise<CountedQuery[]> {
  const tokens: string[] = [];
  for (const { context, word } of queries) tokens.push(...context, word);
  return whenThere(readIds(model, tokens), ({ own, counted }) => {
    let end = 0;
    return queries.map(({ context, word }) => {
      const start = end;
      end += context.length + 1;
      const ids = { context: counted.slice(start, end - 1), word: counted[end - 1], own: own[end - 1] };
      return { context, word, ids };
    });
  });
}

/**
 * The words of a model that begin with `prefix`, as `idsWithPrefix` finds them; undefined where all do. Throws
 * `invalid-request`, under `pointer`, where it has white space that is in no token.
 */
export async function readPrefix(
  corpus: AnyCorpus,
  model: Pick<LanguageModel, 'nextWords'>,
  prefix: string,
  pointer: string,
): Promise<ReadonlySet<TokenId> | undefined> {
  const ids =
    'parts' in corpus
      ? await idsInParts(corpus, prefix, pointer)
      : await idsWithPrefix(corpus, prefix, pointer);
  if (ids === undefined) return undefined;
  // The corpus can be ahead of an index in memory.
  return new Set(await model.nextWords(ids));
}

/** As `idsWithPrefix`, of the tokens of all parts of a mixture. */
async function idsInParts(
  { parts, vocabulary }: MixtureCorpus,
  prefix: string,
  pointer: string,
): Promise<TokenId[] | undefined> {
  const found = new Set<TokenId>();
  for (const [i, part] of parts.entries()) {
    const ids = await idsWithPrefix(part, prefix, pointer);
    if (ids === undefined) return undefined;
    for (const id of await vocabulary.idsOf(i, ids)) found.add(id);
  }
  return [...found];
}

/**
 * The ids of the tokens that begin with `prefix`, which is folded as the corpus's tokenizer folds a word; undefined
 * where all do. Throws `invalid-request`, under `pointer`, where it has white space that is in no token.
 */
export async function idsWithPrefix(
  { settings, read }: Pick<AnyCorpus, 'settings' | 'read'>,
  prefix: string,
  pointer: string,
): Promise<TokenId[] | undefined> {
  const { tokenizer } = settings;
  const isSpace = (character: string) => whiteSpaceOf(settings).has(character.charCodeAt(0));
  if (separatorOf(settings) !== '' && [...prefix].some(isSpace)) {
    throw invalidField(
      pointer,
      `A prefix is the beginning of one token; the tokenizer ${tokenizer} splits ${quoted(prefix)} at white space.`,
    );
  }
  const beginnings = foldPrefix(settings, prefix);
  if (beginnings.includes('')) return undefined;
  return read(async (snapshot) => {
    const found = await Promise.all(beginnings.map((beginning) => snapshot.idsWithPrefix(beginning)));
    return found.flatMap((ids) => [...ids]);
  });
}

/** Why there is no probability after a context. */
export function unseenNote(tokens: readonly string[]): string {
  return `The context ${quoted(tokens.join(' '))} is never followed by anything in this corpus, so this estimator has no probability after it.`;
}

/** What can be in no token, at the places where it is not part of one. */
const droppable: Partial<Record<CorpusSettings['tokenizer'], RegExp>> = {
  word: /(?<!\S)[^A-Za-z\s]+(?!\S)/,
  unicode: /(?<!\S)[^\p{L}\p{N}\s]+(?!\S)/u,
  jieba: /(?<!\S)[^\p{L}\p{N}\s]+(?!\S)/u,
};

/** How many characters at the end of a context are looked at. */
const endOfContext = 256;

/**
 * Says what is left out of a context because the tokenizer has no token for it: what stands between white space among
 * the tokens in use. Undefined if nothing is.
 */
export function droppedNote(settings: CorpusSettings, text: string, used: number): string | undefined {
  if (used === 0 || !droppable[settings.tokenizer]?.test(text.slice(-endOfContext))) return undefined;
  const dropped: string[] = [];
  let left = used;
  for (const piece of text.slice(-endOfContext).trim().split(/\s+/).reverse()) {
    const { length } = tokenizeQuery(settings, piece);
    if (length === 0) dropped.unshift(piece);
    left -= length;
    if (left <= 0) break;
  }
  if (dropped.length === 0) return undefined;
  return `The tokenizer ${settings.tokenizer} makes no token of ${dropped.map(quoted).join(', ')}; the context is read without it.`;
}
