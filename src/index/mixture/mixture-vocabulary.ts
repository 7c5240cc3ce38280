import { whenThere } from '../../platform/when-there.ts';
import { firstReservedId, type ReservingSettings, reservedTokens } from '../../text/reserved.ts';
import { type TokenId, UNSEEN } from '../count-index.ts';
import type { TokenFinder, Vocabulary } from '../vocabulary.ts';
import { PartIds } from './part-ids.ts';

/**
 * The tokens of several vocabularies. A token has its id in the first of them that has it, interleaved with those of
 * the others: in vocabulary p of n, what would be id i has i · n + p. Reserved tokens, and those of a tokenizer that
 * has ids of its own, have the same ids in all, and keep them.
 */
export class MixtureVocabulary implements Vocabulary {
  readonly parts: readonly Vocabulary[];
  /** The first id that is not the same in all. */
  readonly #shared: number;
  /** The ids in the parts of tokens that were looked up. */
  readonly #known: PartIds;
  /** The ids of tokens of each part that were looked up, by their ids in the part. */
  readonly #idsOf: readonly Map<TokenId, TokenId>[];

  constructor(parts: readonly Vocabulary[], settings: ReservingSettings) {
    this.parts = parts;
    this.#known = new PartIds(parts.length);
    this.#idsOf = parts.map(() => new Map());
    this.#shared = firstReservedId(settings) + reservedTokens(settings.sequences).length;
  }

  tokenIds(tokens: readonly string[]): Int32Array | Promise<Int32Array> {
    return this.#all(
      (part) => part.tokenIds(tokens),
      (ids) => this.#joined(ids, tokens.length),
    );
  }

  tokens(ids: ArrayLike<TokenId>): string[] | Promise<string[]> {
    return this.tokensOf(ids, (part, own) => this.parts[part].tokens(own));
  }

  /**
   * The token of each id, as `read` reads those of some ids of a part; `places` are the indices of these in `ids`. It
   * is called once for each part, with none of its ids if there are none.
   */
  tokensOf(
    ids: ArrayLike<TokenId>,
    read: (part: number, own: TokenId[], places: readonly number[]) => string[] | Promise<string[]>,
  ): string[] | Promise<string[]> {
    const tokens = new Array<string>(ids.length);
    const own: TokenId[][] = this.parts.map(() => []);
    const places: number[][] = this.parts.map(() => []);
    for (let i = 0; i < ids.length; i++) {
      const { part, id } = this.#homeOf(ids[i]);
      own[part].push(id);
      places[part].push(i);
    }
    return this.#all(
      (_, part) => read(part, own[part], places[part]),
      (found) => {
        for (const [part, names] of found.entries())
          for (const [j, name] of names.entries()) tokens[places[part][j]] = name;
        return tokens;
      },
    );
  }

  /** The id here of a token that has an id in a part, and none in the parts before it. */
  idOf(part: number, id: TokenId): TokenId {
    const shared = this.#shared;
    return id < shared ? id : shared + (id - shared) * this.parts.length + part;
  }

  /** The first id in a part whose `idOf` is not below an id. */
  firstFrom(part: number, id: TokenId): TokenId {
    const shared = this.#shared;
    return id < shared ? id : shared + Math.max(0, Math.ceil((id - shared - part) / this.parts.length));
  }

  finder(): TokenFinder {
    const finders = this.parts.map((part) => part.finder());
    let length = 0;
    return {
      add: (bytes, start, end) => {
        for (const finder of finders) finder.add(bytes, start, end);
        length++;
      },
      take: () => {
        const taken = length;
        length = 0;
        return this.#all(
          (_, p) => finders[p].take(),
          (ids) => this.#joined(ids, taken),
        );
      },
    };
  }

  /** The ids of some tokens in a part; `UNSEEN` where it has never had one. */
  idsIn(part: number, ids: readonly TokenId[]): TokenId[] | Promise<TokenId[]> {
    return whenThere(this.partIds(ids, ids.length), (known) =>
      ids.map((id) => known.at(known.find(id), part)),
    );
  }

  /** The ids in the parts of all tokens that were looked up, with the first `length` of these. */
  partIds(ids: ArrayLike<TokenId>, length: number): PartIds | Promise<PartIds> {
    let asked: Set<TokenId> | undefined;
    for (let i = 0; i < length; i++) {
      if (this.#known.find(ids[i]) >= 0) continue;
      asked ??= new Set();
      asked.add(ids[i]);
    }
    return asked === undefined ? this.#known : this.#lookUp([...asked]);
  }

  /** The ids here of tokens with these ids in a part. */
  idsOf(part: number, ids: readonly TokenId[]): TokenId[] | Promise<TokenId[]> {
    const known = this.#idsOf[part];
    const asked = ids.filter((id) => !known.has(id));
    const found = () => ids.map((id) => known.get(id) as TokenId);
    if (asked.length === 0) return found();
    return whenThere(this.parts[part].tokens(asked), (tokens) =>
      whenThere(this.tokenIds(tokens), (own) => {
        for (const [i, id] of asked.entries()) known.set(id, own[i]);
        return found();
      }),
    );
  }

  /**
   * Looks up tokens by ids that need not be those of `tokenIds`: since they were given out, a part can have got the
   * token.
   */
  #lookUp(ids: readonly TokenId[]): PartIds | Promise<PartIds> {
    return whenThere(this.tokens(ids), (tokens) =>
      this.#all(
        (part) => part.tokenIds(tokens),
        (found) => {
          for (const [i, id] of ids.entries()) this.#remember(id, found, i);
          return this.#known;
        },
      ),
    );
  }

  /** The ids of tokens by their ids in the parts, which are remembered. */
  #joined(partIds: readonly Int32Array[], length: number): Int32Array {
    const joined = new Int32Array(length);
    for (let i = 0; i < length; i++) {
      const id = this.#firstIdOf(partIds, i);
      joined[i] = id;
      this.#remember(id, partIds, i);
    }
    return joined;
  }

  #remember(id: TokenId, partIds: readonly Int32Array[], i: number): void {
    if (this.#known.find(id) >= 0) return;
    const place = this.#known.add(id);
    for (let part = 0; part < partIds.length; part++) this.#known.set(place, part, partIds[part][i]);
  }

  /** The id of the token that has the ids at index i in the parts. */
  #firstIdOf(partIds: readonly Int32Array[], i: number): TokenId {
    for (let part = 0; part < partIds.length; part++) {
      const id = partIds[part][i];
      if (id >= 0) return this.idOf(part, id);
    }
    return UNSEEN;
  }

  /** The first part that has a token, and its id there. */
  #homeOf(id: TokenId): { part: number; id: TokenId } {
    const shared = this.#shared;
    if (id < shared) return { part: 0, id };
    const part = (id - shared) % this.parts.length;
    return { part, id: shared + (id - shared - part) / this.parts.length };
  }

  /** Asks all parts the same, at once if they answer at once. */
  #all<Answer, Result>(
    ask: (part: Vocabulary, p: number) => Answer | Promise<Answer>,
    then: (answers: readonly Answer[]) => Result | Promise<Result>,
  ): Result | Promise<Result> {
    const answers = this.parts.map(ask);
    if (answers.some((answer) => answer instanceof Promise)) return Promise.all(answers).then(then);
    return then(answers as Answer[]);
  }
}
