import { invalidTokenizer, isObject, type JsonObject, shown, stringIn } from './json.ts';
import { MergeTable, Merging } from './merges.ts';
import { Trie } from './trie.ts';

/** Finds the tokens of a piece of a text. */
export interface SubwordModel {
  /** Calls `take` with the id of each token. */
  tokenize(piece: string, take: (id: number) => void): void;
}

/** A model of a tokenizer.json, with what its other parts depend on. */
export interface ReadModel {
  readonly model: SubwordModel;
  /** The tokens with their ids. */
  readonly vocabulary: ReadonlyMap<string, number>;
  /** The beginning of tokens that continue a word, and the end of those that end one. */
  readonly prefix?: string | undefined;
  readonly suffix?: string | undefined;
  /** Whether the tokens of two texts are those of both together wherever no token goes over the border. */
  readonly isLocal: boolean;
  /** Whether every character has tokens, by its bytes if it has none itself. */
  readonly hasBytes: boolean;
}

/** Reads a model. Throws `invalid-request` if it is damaged or of a kind that is not known. */
export function readModel(model: JsonObject): ReadModel {
  switch (kindOf(model)) {
    case 'BPE':
      return readBytePairs(model);
    case 'WordPiece':
      return readWordPiece(model);
    case 'Unigram':
      return readUnigram(model);
    case 'WordLevel':
      return readWordLevel(model);
    default:
      throw invalidTokenizer(
        `its model is ${shown(model.type)}; known are BPE, WordPiece, Unigram and WordLevel.`,
      );
  }
}

/** The kind of a model; files of early versions do not name it. */
function kindOf({ type, vocab, merges, max_input_chars_per_word: longest }: JsonObject): unknown {
  if (type !== undefined && type !== null) return type;
  if (Array.isArray(vocab)) return 'Unigram';
  if (merges !== undefined) return 'BPE';
  return longest === undefined ? 'WordLevel' : 'WordPiece';
}

/** The tokens of a model by their text. */
function readVocabulary({ vocab }: JsonObject): Map<string, number> {
  if (!isObject(vocab))
    throw invalidTokenizer('the vocab of its model must be an object of tokens with ids.');
  const vocabulary = new Map<string, number>();
  for (const [token, id] of Object.entries(vocab)) vocabulary.set(token, id as number);
  return vocabulary;
}

/** The id of the token for what is unknown; undefined where there is none. */
function unknownIn(model: JsonObject, vocabulary: ReadonlyMap<string, number>): number | undefined {
  const token = stringIn(model, 'unk_token');
  if (token === undefined) return undefined;
  const id = vocabulary.get(token);
  if (id === undefined) throw invalidTokenizer(`its unk_token ${shown(token)} is not in its vocab.`);
  return id;
}

/** The same for a model that must have one. */
function requiredUnknown(model: JsonObject, vocabulary: ReadonlyMap<string, number>): number {
  const id = unknownIn(model, vocabulary);
  if (id === undefined)
    throw invalidTokenizer('its model has no unk_token, so that not every text has tokens.');
  return id;
}

function byteTokens(vocabulary: ReadonlyMap<string, number>): Int32Array {
  return Int32Array.from({ length: 256 }, (_, byte) => {
    return vocabulary.get(`<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`) ?? -1;
  });
}

function readBytePairs(model: JsonObject): ReadModel {
  if (model.dropout) throw invalidTokenizer('its model has dropout, with which its tokens would be random.');
  const vocabulary = readVocabulary(model);
  const unknown = stringIn(model, 'unk_token') === '' ? undefined : unknownIn(model, vocabulary);
  const prefix = stringIn(model, 'continuing_subword_prefix') ?? '';
  const suffix = stringIn(model, 'end_of_word_suffix') ?? '';
  const { merges } = model;
  if (!Array.isArray(merges)) throw invalidTokenizer('the merges of its model must be a list.');
  const table = new MergeTable(merges.length);
  for (const [rank, merge] of merges.entries()) {
    const [left, right, ...others] =
      typeof merge === 'string' ? merge.split(' ') : Array.isArray(merge) ? merge : [];
    const ids = [left, right, String(left) + String(right).slice(prefix.length)].map((token) =>
      vocabulary.get(token),
    );
    if (others.length > 0 || ids.includes(undefined))
      throw invalidTokenizer(`its merge ${rank}, ${shown(merge)}, is not of tokens that its vocab has.`);
    table.add(ids[0] as number, ids[1] as number, rank, ids[2] as number);
  }
  const bytes = model.byte_fallback === true ? byteTokens(vocabulary) : undefined;
  const isWhole = model.ignore_merges === true;
  const fuses = model.fuse_unk === true;
  return {
    model: new BytePairModel({ vocabulary, table, unknown, bytes, prefix, suffix, isWhole, fuses }),
    vocabulary,
    prefix: prefix === '' ? undefined : prefix,
    suffix: suffix === '' ? undefined : suffix,
    isLocal: !isWhole && prefix === '' && suffix === '',
    hasBytes: bytes?.every((id) => id >= 0) === true,
  };
}

interface BytePairs {
  readonly vocabulary: ReadonlyMap<string, number>;
  readonly table: MergeTable;
  readonly unknown: number | undefined;
  /** The tokens of bytes, by which unknown characters are written. */
  readonly bytes: Int32Array | undefined;
  readonly prefix: string;
  readonly suffix: string;
  /** Whether a piece that is a token is not merged. */
  readonly isWhole: boolean;
  /** Whether neighbouring unknown characters are one token. */
  readonly fuses: boolean;
}

/** Begins with the characters of a piece and merges them. */
class BytePairModel implements SubwordModel {
  readonly #pairs: BytePairs;
  readonly #merging: Merging;

  constructor(pairs: BytePairs) {
    this.#pairs = pairs;
    this.#merging = new Merging(pairs.table);
  }

  tokenize(piece: string, take: (id: number) => void): void {
    const whole = this.#pairs.isWhole ? this.#pairs.vocabulary.get(piece) : undefined;
    if (whole === undefined) this.#merging.merge(this.#characters(piece), take);
    else take(whole);
  }

  #characters(piece: string): number[] {
    const { vocabulary, unknown, bytes, prefix, suffix, fuses } = this.#pairs;
    const ids: number[] = [];
    let isUnknown = false;
    let at = 0;
    for (const character of piece) {
      const end = at + character.length;
      const isLast = end === piece.length;
      const token = `${at === 0 ? '' : prefix}${character}${isLast ? suffix : ''}`;
      at = end;
      const id = vocabulary.get(token);
      const ofBytes = id === undefined && bytes !== undefined ? bytesOf(token, bytes) : undefined;
      if (id !== undefined) ids.push(id);
      else if (ofBytes !== undefined) ids.push(...ofBytes);
      else if (unknown !== undefined && !(isUnknown && fuses)) ids.push(unknown);
      isUnknown = id === undefined && ofBytes === undefined;
    }
    return ids;
  }
}

/** The tokens of the bytes of a text; undefined if one has none. */
function bytesOf(text: string, tokens: Int32Array): number[] | undefined {
  const ids = Array.from(Buffer.from(text), (byte) => tokens[byte]);
  return ids.some((id) => id < 0) ? undefined : ids;
}

function readWordPiece(model: JsonObject): ReadModel {
  const vocabulary = readVocabulary(model);
  const unknown = requiredUnknown({ unk_token: '[UNK]', ...model }, vocabulary);
  const prefix = stringIn(model, 'continuing_subword_prefix') ?? '##';
  const { max_input_chars_per_word: longest = 100 } = model;
  if (!Number.isInteger(longest) || (longest as number) < 0)
    throw invalidTokenizer(`its max_input_chars_per_word, ${shown(longest)}, must be a whole number.`);
  return {
    model: new WordPieceModel(vocabulary, prefix, unknown, longest as number),
    vocabulary,
    prefix,
    isLocal: false,
    hasBytes: false,
  };
}

/**
 * Takes the longest token that a word begins with, then the longest one that continues it, and so on (Schuster &
 * Nakajima 2012).
 */
class WordPieceModel implements SubwordModel {
  readonly #trie = new Trie();
  readonly #continued: number;
  readonly #unknown: number;
  readonly #longest: number;

  constructor(vocabulary: ReadonlyMap<string, number>, prefix: string, unknown: number, longest: number) {
    for (const [token, id] of vocabulary) this.#trie.add(token, id);
    this.#continued = nodeOf(this.#trie, prefix);
    this.#unknown = unknown;
    this.#longest = longest;
  }

  tokenize(piece: string, take: (id: number) => void): void {
    const ids = this.#tokens(piece);
    if (ids === undefined) take(this.#unknown);
    else for (const id of ids) take(id);
  }

  #tokens(piece: string): number[] | undefined {
    if (piece.length > this.#longest && [...piece].length > this.#longest) return undefined;
    const ids: number[] = [];
    for (let start = 0; start < piece.length; ) {
      let node = start === 0 ? Trie.root : this.#continued;
      let found = -1;
      let end = start;
      for (let at = start; node >= 0 && at < piece.length; ) {
        node = this.#trie.child(node, piece.charCodeAt(at++));
        if (node < 0 || this.#trie.idAt(node) < 0) continue;
        found = this.#trie.idAt(node);
        end = at;
      }
      if (found < 0) return undefined;
      ids.push(found);
      start = end;
    }
    return ids;
  }
}

/** The node of a trie after a text; -1 if no string begins with it. */
function nodeOf(trie: Trie, text: string): number {
  let node = Trie.root;
  for (let i = 0; node >= 0 && i < text.length; i++) node = trie.child(node, text.charCodeAt(i));
  return node;
}

/** How much less probable than the least probable token an unknown character is, in log probability. */
const unknownPenalty = 10;

function readUnigram(model: JsonObject): ReadModel {
  const { vocab, unk_id: unknown = null } = model;
  if (!Array.isArray(vocab) || vocab.length === 0 || !vocab.every(isScored))
    throw invalidTokenizer('the vocab of its model must be a list of tokens with scores.');
  const vocabulary = new Map<string, number>();
  const scores = new Float64Array(vocab.length);
  for (const [id, [token, score]] of (vocab as [string, number][]).entries()) {
    vocabulary.set(token, id);
    scores[id] = score;
  }
  if (unknown === null || !Number.isInteger(unknown) || scores[unknown as number] === undefined)
    throw invalidTokenizer('its model has no unk_id, so that not every text has tokens.');
  const bytes = model.byte_fallback === true ? byteTokens(vocabulary) : undefined;
  return {
    model: new UnigramModel(vocabulary, scores, unknown as number, bytes),
    vocabulary,
    isLocal: true,
    hasBytes: false,
  };
}

function isScored(entry: unknown): boolean {
  return Array.isArray(entry) && typeof entry[0] === 'string' && Number.isFinite(entry[1]);
}

/**
 * Finds the tokens that a piece most probably consists of, by the Viterbi algorithm (Kudo 2018). Characters that no
 * token has are one unknown token together, or their bytes.
 */
class UnigramModel implements SubwordModel {
  readonly #trie = new Trie();
  readonly #scores: Float64Array;
  readonly #unknown: number;
  readonly #unknownScore: number;
  readonly #bytes: Int32Array | undefined;
  /** Of the best way to each place in the piece: its score, its last token and where this begins. */
  #best = new Float64Array(64);
  #token = new Int32Array(64);
  #from = new Int32Array(64);

  constructor(
    vocabulary: ReadonlyMap<string, number>,
    scores: Float64Array,
    unknown: number,
    bytes: Int32Array | undefined,
  ) {
    for (const [token, id] of vocabulary) if (token !== '') this.#trie.add(token, id);
    this.#scores = scores;
    this.#unknown = unknown;
    this.#unknownScore = scores.reduce((least, score) => Math.min(least, score)) - unknownPenalty;
    this.#bytes = bytes;
  }

  tokenize(piece: string, take: (id: number) => void): void {
    this.#walk(piece);
    const tokens: [id: number, start: number, end: number][] = [];
    for (let end = piece.length; end > 0; ) {
      const start = this.#from[end];
      const id = this.#token[end];
      const after = tokens.at(-1);
      if (id === this.#unknown && after?.[0] === this.#unknown) after[1] = start;
      else tokens.push([id, start, end]);
      end = start;
    }
    for (const [id, start, end] of tokens.reverse()) {
      const isUnknown = id === this.#unknown && this.#bytes !== undefined;
      const ofBytes = isUnknown ? bytesOf(piece.slice(start, end), this.#bytes as Int32Array) : undefined;
      if (ofBytes === undefined) take(id);
      else for (const byte of ofBytes) take(byte);
    }
  }

  #walk(piece: string): void {
    const { length } = piece;
    if (length >= this.#best.length) {
      this.#best = new Float64Array(2 * length);
      this.#token = new Int32Array(2 * length);
      this.#from = new Int32Array(2 * length);
    }
    this.#from.fill(-1, 0, length + 1);
    this.#best[0] = 0;
    for (let start = 0; start < length; ) {
      const step = (piece.codePointAt(start) as number) < 0x10000 ? 1 : 2;
      let hasCharacter = false;
      let node = Trie.root;
      for (let at = start; at < length; ) {
        node = this.#trie.child(node, piece.charCodeAt(at++));
        if (node < 0) break;
        const id = this.#trie.idAt(node);
        if (id < 0) continue;
        this.#reach(start, at, id, this.#scores[id]);
        hasCharacter ||= at === start + step;
      }
      if (!hasCharacter) this.#reach(start, start + step, this.#unknown, this.#unknownScore);
      start += step;
    }
  }

  #reach(from: number, to: number, id: number, score: number): void {
    const sum = this.#best[from] + score;
    if (this.#from[to] >= 0 && sum <= this.#best[to]) return;
    this.#best[to] = sum;
    this.#token[to] = id;
    this.#from[to] = from;
  }
}

function readWordLevel(model: JsonObject): ReadModel {
  const vocabulary = readVocabulary(model);
  const unknown = requiredUnknown({ unk_token: '<unk>', ...model }, vocabulary);
  const tokenize = (piece: string, take: (id: number) => void) => take(vocabulary.get(piece) ?? unknown);
  return { model: { tokenize }, vocabulary, isLocal: false, hasBytes: false };
}
