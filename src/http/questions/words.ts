import type { Corpus } from '../../index/corpora.ts';
import { countedContext, type TokenId, UNSEEN } from '../../index/count-index.ts';
import { lastTokens } from '../../text/last-tokens.ts';
import { foldPrefix } from '../../text/prefix.ts';
import { tokenizeQuery } from '../../text/reserved.ts';
import { maxTokenBytes } from '../../text/stretches.ts';
import { quoted, quotedList } from '../quoted.ts';
import { invalidField } from '../validation.ts';

/** A context as it is used: its last order - 1 tokens, as texts and as the ids under which they are counted. */
export interface Context {
  tokens: string[];
  ids: readonly TokenId[];
}

/** A word, and whether the corpus has it. Its id is the one under which it is counted. */
export interface Word {
  token: string;
  id: TokenId;
  inVocabulary: boolean;
}

/** Reads a context from text. */
export function readContext({ reader, index, tokens: known }: Corpus, text: string, order: number): Context {
  const tokens = lastTokens(reader.settings, text, order - 1);
  const ids = tokens.map((token) => known.tokenId(token) ?? UNSEEN);
  return { tokens, ids: countedContext(index, ids, reader.sequenceStart) };
}

/** Reads a word from text. Throws `invalid-request`, under `pointer`, where it is not exactly one token. */
export function readWord({ reader, index, tokens: known }: Corpus, text: string, pointer: string): Word {
  const { tokenizer } = reader.settings;
  if (Buffer.byteLength(text) > maxTokenBytes) {
    throw invalidField(pointer, `A word is one token, and a token has at most ${maxTokenBytes} bytes.`);
  }
  const tokens = tokenizeQuery(reader.settings, text);
  if (tokens.length !== 1) {
    throw invalidField(
      pointer,
      `A word is one token; the tokenizer ${tokenizer} makes ${tokens.length} of ${quoted(text)}: ${quotedList(tokens)}.`,
    );
  }
  const id = known.tokenId(tokens[0]) ?? UNSEEN;
  if (id === reader.sequenceStart) {
    throw invalidField(pointer, '<s> begins each line; it is only ever a context and never a next word.');
  }
  const inVocabulary = index.hasWord(id);
  return { token: tokens[0], id: inVocabulary ? id : index.unknown, inVocabulary };
}

/**
 * The words of the index that begin with `prefix`, which is folded as the corpus's tokenizer folds a word; undefined where
 * all do. Throws `invalid-request`, under `pointer`, where it has white space that is in no token.
 */
export function readPrefix(
  { reader, index }: Pick<Corpus, 'reader' | 'index'>,
  prefix: string,
  pointer: string,
): ReadonlySet<TokenId> | undefined {
  const { tokenizer } = reader.settings;
  if (tokenizer !== 'char' && /\p{White_Space}/u.test(prefix)) {
    throw invalidField(
      pointer,
      `A prefix is the beginning of one token; the tokenizer ${tokenizer} splits ${quoted(prefix)} at white space.`,
    );
  }
  const beginnings = foldPrefix(reader.settings, prefix);
  if (beginnings.includes('')) return undefined;
  const ids = beginnings.flatMap((beginning) => reader.idsWithPrefix(beginning));
  // The file can be ahead of an index in memory.
  return new Set(index.wordsAmong(ids));
}

/** Why there is no probability after a context. */
export function unseenNote({ tokens }: Context): string {
  return `The context ${quoted(tokens.join(' '))} is never followed by anything in this corpus, so this estimator has no probability after it.`;
}
