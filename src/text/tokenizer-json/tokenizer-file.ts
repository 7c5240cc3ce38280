import { type AddedToken, AddedTokenFinder, readAddedTokens, type Section } from './added-tokens.ts';
import { type Cuts, charactersBefore, cutsBefore } from './cuts.ts';
import type { JsonObject } from './json.ts';
import { invalidTokenizer, isObject, shown } from './json.ts';
import { type ReadModel, readModel, type SubwordModel } from './models.ts';
import { namesOf, type Spelling } from './names.ts';
import { type ReadNormalizer, readNormalizer, type Surroundings } from './normalizers.ts';
import { lowerOneEighthBlock, type ReadPreTokenizer, readPreTokenizer } from './pre-tokenizers.ts';

/**
 * The largest tokenizer.json in bytes, the most ids that it may have, and the longest of its tokens in UTF-16 code
 * units.
 */
export const maxTokenizerBytes = 48 * 2 ** 20;
const maxIds = 2 ** 21;
const maxTokenLength = 10_000;

/** What stands for the beginning of a text among the tokens of many tokenizers. */
const textStart = '<|endoftext|>';

/** What is known of a tokenizer.json without reading it again. */
export interface TokenizerOutline {
  /** One more than its highest id. */
  readonly ids: number;
  readonly spelling: Spelling;
  /** The id of `<|endoftext|>`, where it has one. */
  readonly start?: number | undefined;
}

/** A tokenizer of Hugging Face that was read from its tokenizer.json. */
export interface TokenizerFile {
  readonly outline: TokenizerOutline;
  /** The names of its tokens, by id. */
  readonly names: readonly string[];
  readonly cuts: Cuts;
  /** Calls `take` with the ids of a text, or of a part of one that was cut where it can be. */
  tokenize(text: string, surroundings: Surroundings, take: (id: number) => void): void;
}

/**
 * Reads a tokenizer.json. What it says of special tokens around texts, of truncation and of padding is left out: a
 * corpus has the tokens of its texts. Throws `invalid-request` if it is none, or has parts that are not known.
 */
export function readTokenizerFile(json: string): TokenizerFile {
  const tokenizer = parse(json);
  const model = readModel(tokenizer.model as JsonObject);
  const normalizer = readNormalizer(tokenizer.normalizer);
  const preTokenizer = readPreTokenizer(tokenizer.pre_tokenizer);
  const added = readAddedTokens(tokenizer);
  const contents = new Map(added.map(({ content, id }) => [content, id]));
  const ids = checkIds(model.vocabulary, added);
  checkAddedIds(model.vocabulary, added);
  const spelling = spellingOf(model, normalizer, preTokenizer);
  const start = contents.get(textStart) ?? model.vocabulary.get(textStart);
  return {
    outline: { ids, spelling, ...(start === undefined ? {} : { start }) },
    names: namesOf(spelling, ids, model.vocabulary, contents),
    cuts: cutsOf(model, normalizer, preTokenizer, added),
    tokenize: tokenizing(model.model, normalizer, preTokenizer, added),
  };
}

function parse(json: string): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    throw invalidTokenizer(`it is not JSON: ${(error as Error).message}.`);
  }
  if (isObject(value) && isObject(value.model)) return value;
  throw invalidTokenizer(
    'it has no model. A tokenizer.json is what the library tokenizers of Hugging Face writes; tokenizer_config.json and vocab.json are other files.',
  );
}

/** Checks that ids and tokens belong together one by one; returns how many ids there are. */
function checkIds(vocabulary: ReadonlyMap<string, number>, added: readonly AddedToken[]): number {
  const tokens = new Map<number, string>();
  const check = (token: string, id: unknown) => {
    if (!Number.isInteger(id) || (id as number) < 0 || (id as number) >= maxIds)
      throw invalidTokenizer(
        `the id of its token ${shown(token)} is ${shown(id)}; ids are whole numbers below ${maxIds}.`,
      );
    if (token.length > maxTokenLength || !token.isWellFormed())
      throw invalidTokenizer(`its token ${shown(token)} is too long, or has half of a surrogate pair.`);
    const other = tokens.get(id as number);
    if (other !== undefined && other !== token)
      throw invalidTokenizer(`its tokens ${shown(other)} and ${shown(token)} have the same id, ${id}.`);
    tokens.set(id as number, token);
  };
  for (const [token, id] of vocabulary) check(token, id);
  for (const { content, id } of added) check(content, id);
  if (tokens.size === 0) throw invalidTokenizer('it has no tokens.');
  let highest = 0;
  for (const id of tokens.keys()) highest = Math.max(highest, id);
  return highest + 1;
}

/**
 * Checks that added tokens have the ids that Hugging Face's library gives them, whatever their file says: those of the
 * vocabulary, or the next ones after it.
 */
function checkAddedIds(vocabulary: ReadonlyMap<string, number>, added: readonly AddedToken[]): void {
  const known = new Map<string, number>();
  let next = vocabulary.size;
  for (const { content, id } of added) {
    const expected = known.get(content) ?? vocabulary.get(content) ?? next;
    if (id !== expected)
      throw invalidTokenizer(
        `the id of its added token ${shown(content)} is ${shown(id)}, and Hugging Face's library reads it as ${expected}.`,
      );
    known.set(content, id);
    next = Math.max(next, id + 1);
  }
}

function spellingOf(
  { prefix, suffix }: ReadModel,
  normalizer: ReadNormalizer,
  preTokenizer: ReadPreTokenizer,
): Spelling {
  if (preTokenizer.isOfBytes && suffix === undefined) return { as: 'bytes' };
  if (preTokenizer.hasSpaceMark || normalizer.hasSpaceMark) {
    const prepends = preTokenizer.prepends || normalizer.prependsMark;
    return { as: 'spaces', ...(prepends ? { prepends } : {}) };
  }
  return {
    as: 'words',
    ...(prefix === undefined ? {} : { prefix }),
    ...(suffix === undefined ? {} : { suffix }),
  };
}

function cutsOf(
  model: ReadModel,
  normalizer: ReadNormalizer,
  preTokenizer: ReadPreTokenizer,
  added: readonly AddedToken[],
): Cuts {
  const found = added.filter(({ isSpecial }) => !isSpecial);
  const isCut = found.some(
    ({ content, stripsAfter }) => stripsAfter || /[\p{L}\p{N}\p{P}]\p{White_Space}/u.test(content),
  );
  if (isCut || normalizer.goesOverSpaces || (normalizer.marksEnds && found.length > 0)) return 'nowhere';
  const { ends } = preTokenizer;
  if (ends === 'pattern') {
    const isWhole = found.length > 0 || normalizer.changesKinds || normalizer.marksEnds;
    return isWhole ? cutsBefore(spacesOf(normalizer, ' ')) : 'pattern';
  }
  if (ends !== 'nowhere') return cutsBefore(spacesOf(normalizer, ends === 'space' ? ' ' : ' \t\n\r'));
  const marksSpaces = normalizer.hasSpaceMark || preTokenizer.hasSpaceMark;
  if (!model.isLocal || !normalizer.keepsCharacters || preTokenizer.isOfBytes || !marksSpaces)
    return 'nowhere';
  const { vocabulary, hasBytes } = model;
  if (!hasBytes && !(vocabulary.has(lowerOneEighthBlock) && vocabulary.has('\n'))) return 'nowhere';
  return new Map([
    [' ', charactersBefore(vocabulary.keys(), lowerOneEighthBlock)],
    ['\n', charactersBefore(vocabulary.keys(), '\n')],
  ]);
}

/** Those of some characters that are white space after they were normalized, or the mark of a space. */
function spacesOf(normalizer: ReadNormalizer, characters: string): string[] {
  const between = { continues: true, goesOn: true };
  return [...characters].filter((character) =>
    /^a[\p{White_Space}\u2581]+a$/u.test(normalizer.normalize(`a${character}a`, between)),
  );
}

/** The longest piece whose tokens are kept, in UTF-16 code units, and the most pieces. */
const maxKeptLength = 48;
const maxKept = 2 ** 16;

function tokenizing(
  model: SubwordModel,
  normalizer: ReadNormalizer,
  preTokenizer: ReadPreTokenizer,
  added: readonly AddedToken[],
): TokenizerFile['tokenize'] {
  // Special tokens in a text are plain text.
  const found = added.filter(({ isSpecial }) => !isSpecial);
  const raw = new AddedTokenFinder(
    found.filter(({ isNormalized }) => !isNormalized).map((token) => [token.content, token]),
  );
  const normalized = new AddedTokenFinder(
    found
      .filter(({ isNormalized }) => isNormalized)
      .map((token) => [normalizer.normalize(token.content, { continues: true, goesOn: true }), token]),
  );
  const kept = new Map<string, readonly number[]>();
  const tokenizePiece = (piece: string, take: (id: number) => void) => {
    if (piece.length > maxKeptLength) return model.tokenize(piece, take);
    let ids = kept.get(piece);
    if (ids === undefined) {
      const made: number[] = [];
      model.tokenize(piece, (id) => made.push(id));
      ids = made;
      if (kept.size === maxKept) kept.clear();
      kept.set(piece, ids);
    }
    for (const id of ids) take(id);
  };
  return (text, { continues, goesOn }, take) => {
    const outer = raw.split(text);
    for (const [i, section] of outer.entries()) {
      if (typeof section === 'number') {
        take(section);
        continue;
      }
      const surroundings = {
        continues: continues && i === 0,
        goesOn: goesOn && i === outer.length - 1,
      };
      const inner: Section[] = normalized.split(normalizer.normalize(section, surroundings));
      for (const [j, stretch] of inner.entries()) {
        if (typeof stretch === 'number') take(stretch);
        else
          for (const piece of preTokenizer.split([stretch], !continues && i === 0 && j === 0))
            if (piece !== '') tokenizePiece(piece, take);
      }
    }
  };
}
