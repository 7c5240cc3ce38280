import { withoutIgnored } from './ignored.ts';
import { type QuerySettings, reservedTokens, tokenizePart } from './reserved.ts';
import { nameOfBytes } from './subwords/byte-names.ts';
import { spellingOf } from './token-text.ts';
import { lowerOneEighthBlock } from './tokenizer-json/pre-tokenizers.ts';
import { languageOf } from './unicode.ts';

/**
 * The possible prefixes, after folding, of tokens that start with `prefix`: an empty list if no token can, and `''` if
 * all do. Characters at which the tokenizer would split are kept. Prefixes of reserved tokens are returned unchanged.
 */
export function foldPrefix(settings: QuerySettings, prefix: string): string[] {
  if (reservedTokens(settings.sequences).some((token) => token.startsWith(prefix))) return [prefix];
  switch (settings.tokenizer) {
    case 'whitespace':
    case 'ids':
      return [prefix];
    case 'gpt2':
    case 'cl100k_base':
    case 'o200k_base': {
      // The prefix of a token's text, or of its name.
      const name = nameOfBytes(Buffer.from(prefix));
      return name === prefix ? [name] : [name, prefix];
    }
    case 'huggingface': {
      const spelling = spellingOf(settings)?.as;
      const name =
        spelling === 'bytes' ? nameOfBytes(Buffer.from(prefix)) : prefix.replaceAll(' ', lowerOneEighthBlock);
      return name === prefix || spelling === 'words' ? [prefix] : [name, prefix];
    }
    case 'word':
      return /^[A-Za-z]+$/.test(prefix) ? [prefix.toLowerCase()] : [];
    case 'char':
      return [tokenizePart(settings, prefix).join('')];
    case 'jieba':
    case 'unicode': {
      const { finder } = languageOf(settings.locale);
      const text = withoutIgnored(prefix);
      const whole = finder.fold(text);
      // Σ becomes ς at the end of a word and σ inside one: the prefix can be either.
      const inside = finder.fold(`${text}α`).slice(0, -1);
      return whole === inside ? [whole] : [whole, inside];
    }
  }
}
