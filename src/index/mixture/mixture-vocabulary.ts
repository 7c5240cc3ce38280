import { whenThere } from '../../platform/when-there.ts';
import { firstReservedId, type ReservingSettings, reservedTokens } from '../../text/reserved.ts';
import { type TokenId, UNSEEN } from '../count-index.ts';
import type { TokenFinder, Vocabulary } from '../vocabulary.ts';

/** The id of a token in each part of a mixture; `UNSEEN` where the part has never had it. */
export type PartIds = readonly TokenId[];

/**
 * The tokens of several vocabularies. A token has its id in the first of them that has it, interleaved with those of the others: in
 * vocabulary p of n, what would be id i has i · n + p. Reserved tokens, and those of a tokenizer that has ids of its own, have the
 * same ids in all, and keep them.
 */
export class MixtureVocabulary implements Vocabulary {
  readonly parts: readonly Vocabulary[];
  /** The first id that is not the same in all. */
  readonly #shared: number;
  /** The ids in the parts of tokens that were looked up, by their own ids. */
  readonly #known = new Map<TokenId, PartIds>();

  constructor(parts: readonly Vocabulary[], settings: ReservingSettings) {
    this.parts = parts;
    this.#shared = firstReservedId(settings) + reservedTokens(settings.sequences).length;
  }

  tokenIds(tokens: readonly string[]): Int32Array | Promise<Int32Array> {
    return this.#all(
      (part) => part.tokenIds(tokens),
      (ids) => this.#joined(ids, tokens.length),
    );
  }

  tokens(ids: ArrayLike<TokenId>): string[] | Promise<string[]> {
    const list = Array.from(ids);
    const tokens = new Array<string>(list.length);
    const places = this.parts.map((_, part) =>
      [...list.keys()].filter((i) => this.#homeOf(list[i]).part === part),
    );
    return this.#all(
      (part, p) => part.tokens(places[p].map((i) => this.#homeOf(list[i]).id)),
      (found) => {
        for (const [p, names] of found.entries())
          for (const [j, name] of names.entries()) tokens[places[p][j]] = name;
        return tokens;
      },
    );
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

  /** The ids of tokens in the parts, by their ids here. */
  partIds(ids: Iterable<TokenId>): ReadonlyMap<TokenId, PartIds> | Promise<ReadonlyMap<TokenId, PartIds>> {
    const asked = [...new Set(ids)].filter((id) => !this.#known.has(id));
    if (asked.length === 0) return this.#known;
    return whenThere(this.tokens(asked.filter((id) => id >= 0)), (tokens) =>
      whenThere(this.tokenIds(tokens), () => {
        if (asked.includes(UNSEEN))
          this.#known.set(
            UNSEEN,
            this.parts.map(() => UNSEEN),
          );
        return this.#known;
      }),
    );
  }

  /** The ids here of tokens with these ids in a part. */
  idsOf(part: number, ids: readonly TokenId[]): Int32Array | Promise<Int32Array> {
    return whenThere(this.parts[part].tokens(ids), (tokens) => this.tokenIds(tokens));
  }

  /** The ids of tokens by their ids in the parts, which are remembered. */
  #joined(partIds: readonly Int32Array[], length: number): Int32Array {
    const joined = new Int32Array(length);
    for (let i = 0; i < length; i++) {
      const ids = partIds.map((ids) => ids[i]);
      const id = this.#idOf(ids);
      joined[i] = id;
      if (!this.#known.has(id)) this.#known.set(id, ids);
    }
    return joined;
  }

  #idOf(ids: PartIds): TokenId {
    const part = ids.findIndex((id) => id >= 0);
    if (part < 0) return UNSEEN;
    const id = ids[part];
    return id < this.#shared ? id : this.#shared + (id - this.#shared) * this.parts.length + part;
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
