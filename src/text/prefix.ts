import { withoutIgnored } from './ignored.ts';
import { type QuerySettings, reservedTokens, tokenizePart } from './reserved.ts';
import { languageOf } from './unicode.ts';

/**
 * How a token that begins with `prefix` can begin, once the tokenizer has folded it; none where no token begins so, and
 * `''` where all do. Nothing is left out of the prefix at which the tokenizer would split. Beginnings of reserved tokens
 * stay as they are.
 */
export function foldPrefix(settings: QuerySettings, prefix: string): string[] {
  if (reservedTokens(settings.sequences).some((token) => token.startsWith(prefix))) return [prefix];
  switch (settings.tokenizer) {
    case 'whitespace':
      return [prefix];
    case 'word':
      return /^[A-Za-z]+$/.test(prefix) ? [prefix.toLowerCase()] : [];
    case 'char':
      return [tokenizePart(settings, prefix).join('')];
    case 'unicode': {
      const { finder } = languageOf(settings.locale);
      const text = withoutIgnored(prefix);
      const whole = finder.fold(text);
      // At the end of a word Σ becomes ς, and inside of one σ: both can follow.
      const inside = finder.fold(`${text}α`).slice(0, -1);
      return whole === inside ? [whole] : [whole, inside];
    }
  }
}
