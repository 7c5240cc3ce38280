import { inField, NgramdError } from '../errors.ts';
import type { AnyCorpus, MixtureCorpus } from '../index/corpus.ts';
import { type TokenId, UNSEEN } from '../index/count-index.ts';
import type { CorpusSettings } from '../store/store.ts';
import { promptTokens, textStart } from '../text/prompt-tokens.ts';
import { reservedId, unknownId } from '../text/reserved.ts';
import { nameOfBytes } from '../text/subwords/byte-names.ts';
import { encodings, isEncoding } from '../text/subwords/encodings.ts';
import { isOfBytes, separatorOf, spellingOf, textOfTokens, textsOfTokens } from '../text/token-text.ts';
import { definitionOf } from '../text/tokenizer.ts';
import { whiteSpaceOf } from '../text/whitespace.ts';

/** A prompt: a text, or the ids of its tokens. */
export type PromptSource = string | readonly TokenId[];

/** A prompt as it was read. */
export interface Prompt {
  /** The prompt as it was given or, if it was given as ids, its tokens joined. */
  readonly text: string;
  readonly tokens: readonly string[];
  /**
   * The corpus's own id of each token: that of `<unk>` for tokens of a text that it has never had, and `textStartId`.
   */
  readonly ids: readonly TokenId[];
  /** The index in `text` of the first character of each token, in UTF-16 code units. */
  readonly starts: readonly number[];
  /** Of ids of tokens that are bytes, the name of those at the end that begin a character; otherwise empty. */
  readonly pending: string;
}

/**
 * The id of `textStart`: that of a tokenizer which has it among ids of its own, otherwise the highest one, which no
 * token of a corpus has.
 */
export function textStartId(settings: Pick<CorpusSettings, 'tokenizer' | 'vocabulary'>): TokenId {
  const { tokenizer } = settings;
  if (isEncoding(tokenizer)) return encodings[tokenizer].special[textStart];
  return definitionOf(settings)?.start ?? 2 ** 31 - 1;
}

/** What stands between a prompt and the token that continues it, as `textsOfTokens` takes it. */
export function jointAfter({ settings }: Pick<AnyCorpus, 'settings'>, { text, pending }: Prompt): string {
  if (isOfBytes(settings)) return pending;
  return text === '' || whiteSpaceOf(settings).has(text.charCodeAt(text.length - 1))
    ? ''
    : separatorOf(settings);
}

/** The most characters of a text that is made of tokens, which can have 65,535 bytes each. */
const maxCharacters = 2 ** 24;

/** Throws `content-too-large` for a text that is too long for an answer. */
export function checkCharacters(characters: number, pointer: string): void {
  if (characters <= maxCharacters) return;
  const detail = `The answer would have more than ${maxCharacters} characters, since tokens of this corpus are very long.`;
  throw new NgramdError('content-too-large', detail, [{ pointer, detail }]);
}

/**
 * Reads a prompt. Throws `invalid-request` for an id that no token has, and `invalid-text` for a token that is too
 * long.
 */
export async function readPrompt(corpus: AnyCorpus, source: PromptSource): Promise<Prompt> {
  return typeof source === 'string' ? readText(corpus, source) : readIds(corpus, source);
}

/** A prompt that begins with the token that begins a text, unless it does already. */
export function afterStart(
  { settings }: Pick<AnyCorpus, 'settings'>,
  { ids, tokens }: Pick<Prompt, 'ids' | 'tokens'>,
): Pick<Prompt, 'ids' | 'tokens'> {
  const lineStart = reservedId(settings, '<s>');
  const start = lineStart ?? textStartId(settings);
  if (ids[0] === start) return { ids, tokens };
  return { ids: [start, ...ids], tokens: [lineStart === undefined ? textStart : '<s>', ...tokens] };
}

async function readText(corpus: AnyCorpus, text: string): Promise<Prompt> {
  const read = inField('/prompt', () => promptTokens(corpus.settings, text));
  const tokens = read.map(({ token }) => token);
  const isStart =
    corpus.settings.sequences === 'document' ? (token: string) => token === textStart : () => false;
  const own = await corpus.vocabulary.tokenIds(tokens);
  const ids = tokens.map((token, i) => {
    if (isStart(token)) return textStartId(corpus.settings);
    return own[i] === UNSEEN ? unknownId(corpus.settings) : own[i];
  });
  return { text, tokens, ids, starts: read.map(({ start }) => start), pending: '' };
}

async function readIds(corpus: AnyCorpus, given: readonly TokenId[]): Promise<Prompt> {
  const tokens = await namesOf(corpus, given);
  const ids = 'parts' in corpus ? await mixedIds(corpus, given, tokens) : given;
  if (isOfBytes(corpus.settings)) return promptOfBytes(corpus.settings, tokens, ids);
  const separator = separatorOf(corpus.settings);
  const spelling = spellingOf(corpus.settings);
  const starts: number[] = [];
  // Pieces, since looking at the end of a text that grows would copy all of it for each token.
  const pieces: string[] = [];
  let length = 0;
  let last = '';
  let isOpen = false;
  for (const name of tokens) {
    // A mark is recognized between white space.
    const token = spelling === undefined ? name : textOfTokens(corpus.settings, [name]);
    const continues = isOpen || (spelling?.prefix !== undefined && name.startsWith(spelling.prefix));
    const isApart = length > 0 && !continues && (separator !== '' || token.length > 1 || last.endsWith('>'));
    isOpen = spelling?.suffix !== undefined && !name.endsWith(spelling.suffix);
    if (isApart && !last.endsWith(' ')) {
      pieces.push(' ');
      length++;
    }
    starts.push(length);
    pieces.push(token);
    length += token.length;
    last = token;
    checkCharacters(length, '/prompt');
  }
  const text = pieces.join('');
  return { text, tokens, ids, starts, pending: '' };
}

/**
 * The prompt of tokens that are bytes. In a corpus of lines the marks are what they are read from: line feeds, and
 * nothing.
 */
function promptOfBytes(settings: CorpusSettings, tokens: readonly string[], ids: readonly TokenId[]): Prompt {
  const isOfLines = settings.sequences === 'line';
  const written = (token: string) =>
    isOfLines && token === '</s>' ? lineFeedName : isOfLines && token === '<s>' ? '' : token;
  const { texts: found, joint } = textsOfTokens(settings, tokens.map(written), '');
  // Some tokenizers put a space before a text.
  const isPrepended = spellingOf(settings)?.prepends === true && found[0]?.startsWith(' ') === true;
  const texts = isPrepended ? [found[0].slice(1), ...found.slice(1)] : found;
  let length = 0;
  const starts = texts.map((text) => {
    length += text.length;
    checkCharacters(length, '/prompt');
    return length - text.length;
  });
  return { text: texts.join(''), tokens, ids, starts, pending: joint };
}

const lineFeedName = nameOfBytes(Buffer.from('\n'));

/** The tokens of ids. Throws `invalid-request` for an id that no token has. */
async function namesOf(corpus: AnyCorpus, ids: readonly TokenId[]): Promise<string[]> {
  const hasStart = corpus.settings.sequences === 'document';
  const startId = textStartId(corpus.settings);
  const distinct = [...new Set(ids)].filter((id) => !(hasStart && id === startId));
  const names = new Map<TokenId, string>(hasStart ? [[startId, textStart]] : []);
  const found = await newestTokens(corpus, distinct, distinct);
  for (const [i, id] of distinct.entries()) names.set(id, found[i]);
  return ids.map((id) => names.get(id) as string);
}

/**
 * The ids of tokens under which a mixture knows them. They can differ from the given ones: a part can have got a token
 * since its id was given out, and an index in memory can be behind a part.
 */
async function mixedIds(
  { settings, vocabulary }: MixtureCorpus,
  given: readonly TokenId[],
  tokens: readonly string[],
): Promise<TokenId[]> {
  const ids = await vocabulary.tokenIds(tokens);
  const startId = settings.sequences === 'document' ? textStartId(settings) : undefined;
  return given.map((id, i) => (id === startId ? id : ids[i]));
}

/** The tokens of distinct ids, of which problems name the one in `given`. */
async function newestTokens(
  corpus: AnyCorpus,
  ids: readonly TokenId[],
  given: readonly TokenId[],
): Promise<string[]> {
  if (ids.length === 0) return [];
  if ('parts' in corpus) {
    const { parts, vocabulary } = corpus;
    return vocabulary.tokensOf(ids, (part, own, places) =>
      newestTokens(
        parts[part],
        own,
        places.map((i) => given[i]),
      ),
    );
  }
  // An index in memory can be behind the corpus, which gives out the ids.
  return corpus.read(async (snapshot) => {
    const highest = ids.reduce((most, id) => Math.max(most, id), 0);
    for await (const tokens of snapshot.vocabulary(highest))
      if (tokens.length > 0) return snapshot.tokens(ids);
    throw noSuchId(given[ids.indexOf(highest)]);
  });
}

function noSuchId(id: TokenId): NgramdError {
  const detail = `No token of this corpus has the id ${id}.`;
  return new NgramdError('invalid-request', detail, [{ pointer: '/prompt', detail }]);
}

/** The tokens after which the model predicts the next one. */
export class History {
  readonly #start: readonly TokenId[];
  readonly #startId: TokenId;
  readonly #endId: TokenId | undefined;
  readonly #length: number;
  #tokens: readonly TokenId[];

  /** Begins a text, in a corpus of lines after `<s>`, or continues after `context`; `order` - 1 tokens are kept. */
  constructor({ settings }: Pick<AnyCorpus, 'settings'>, order: number, context?: readonly TokenId[]) {
    const sequenceStart = reservedId(settings, '<s>');
    this.#start = sequenceStart === undefined || order === 1 ? [] : [sequenceStart];
    this.#startId = sequenceStart ?? textStartId(settings);
    this.#endId = reservedId(settings, '</s>');
    this.#length = order - 1;
    this.#tokens = context ?? this.#start;
  }

  /** The last tokens, oldest first. */
  get context(): readonly TokenId[] {
    return this.#tokens;
  }

  /** Whether a token is not predicted but begins a text. */
  isStart(id: TokenId): boolean {
    return id === this.#startId;
  }

  /** Adds a token by the id under which it is counted. */
  add(id: TokenId): void {
    if (id === this.#startId || id === this.#endId) this.#tokens = this.#start;
    else if (this.#length > 0) this.#tokens = [...this.#tokens, id].slice(-this.#length);
  }
}
