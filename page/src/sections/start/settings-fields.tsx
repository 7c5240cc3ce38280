import { NumberField } from '../../parts/number-field.tsx';
import { fieldError } from '../../parts/problem-note.tsx';
import { SelectField } from '../../parts/select-field.tsx';
import { param, setParams } from '../../place.ts';
import type { Settings } from '../../service/upload.ts';

const tokenizers = {
  word: ['Words: A–Z, lower-cased', 'The chapter’s words. Everything but A–Z and a–z separates.'],
  char: ['Characters', 'The chapter’s characters: letters, lower-cased, and single spaces.'],
  unicode: [
    'Words of any language',
    'Unicode’s word boundaries, lower-cased. A Chinese character is a word.',
  ],
  jieba: ['Chinese words', 'Chinese words by jieba’s dictionary; others by Unicode’s word boundaries.'],
  gpt2: ['Subwords of GPT-2', 'The byte pairs of tiktoken, with its ids. Ġ stands for a space.'],
  cl100k_base: ['Subwords of GPT-4', 'The byte pairs cl100k_base of tiktoken, with its ids.'],
  o200k_base: ['Subwords of GPT-4o', 'The byte pairs o200k_base of tiktoken, with its ids.'],
  whitespace: ['Between white space', 'Nothing is changed: for texts that are already split into tokens.'],
} as const satisfies Record<Exclude<Settings['tokenizer'], 'ids' | 'huggingface'>, readonly [string, string]>;

const sequences = {
  document: ['The whole text', 'N-grams run across line ends.'],
  line: ['Each line', 'Each line is a sentence between <s> and </s>.'],
} as const satisfies Record<Settings['sequences'], readonly [string, string]>;

/** The settings that the URL has, where they are some. */
export function chosenSettings(): Settings & { tokenizer: keyof typeof tokenizers } {
  const tokenizer = param('tokenizer') as keyof typeof tokenizers;
  return {
    tokenizer: Object.hasOwn(tokenizers, tokenizer) ? tokenizer : 'word',
    order: Number(param('order') || 3),
    sequences: param('sequences') === 'line' ? 'line' : 'document',
  };
}

/** How the text is read: the settings that a corpus keeps for good. */
export function SettingsFields({ error }: { error?: Error }) {
  const { tokenizer, order, sequences: chosen } = chosenSettings();
  return (
    <div class="fields">
      <SelectField
        label="Tokens"
        value={tokenizer}
        options={Object.entries(tokenizers).map(([value, [name]]) => [value, name])}
        hint={tokenizers[tokenizer][1]}
        error={fieldError(error, 'tokenizer')}
        onChange={(value) => setParams({ tokenizer: value === 'word' ? '' : value })}
      />
      <NumberField
        label="Order N"
        value={String(order)}
        min={1}
        max={6}
        hint="The longest n-grams that are counted, 1 to 6."
        error={fieldError(error, 'order')}
        onChange={(value) => setParams({ order: value === '3' ? '' : value })}
      />
      <SelectField
        label="N-grams stay within"
        value={chosen}
        options={Object.entries(sequences).map(([value, [name]]) => [value, name])}
        hint={sequences[chosen][1]}
        error={fieldError(error, 'sequences')}
        onChange={(value) => setParams({ sequences: value === 'document' ? '' : value })}
      />
    </div>
  );
}
