import { FileField } from '../../parts/file-field.tsx';
import { NumberField } from '../../parts/number-field.tsx';
import { fieldError } from '../../parts/problem-note.tsx';
import { SelectField } from '../../parts/select-field.tsx';
import { param, setParams } from '../../place.ts';
import type { Settings } from '../../service/upload.ts';

const tokenizers: Record<Settings['tokenizer'], readonly [name: string, hint: string]> = {
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
  huggingface: [
    'A tokenizer.json',
    'The subwords of a tokenizer of Hugging Face, with its ids. Its file is kept with the corpus.',
  ],
  ids: [
    'Ids of tokens',
    'The text is numbers, which stay as they are, with spaces, commas or the brackets of lists between them.',
  ],
  whitespace: ['Between white space', 'Nothing is changed: for texts that are already split into tokens.'],
};

/** The tokenizers of texts, which samples are. */
const ofTexts = Object.keys(tokenizers).filter((name) => name !== 'ids' && name !== 'huggingface');

const sequences = {
  document: ['The whole text', 'N-grams run across line ends.'],
  line: ['Each line', 'Each line is a sentence between <s> and </s>.'],
} as const satisfies Record<Settings['sequences'], readonly [string, string]>;

/** The settings that the URL has, where they are some; those of a sample are those of a text. */
export function chosenSettings(isOfSample: boolean): Settings {
  const asked = param('tokenizer');
  const isKnown = isOfSample ? ofTexts.includes(asked) : Object.hasOwn(tokenizers, asked);
  const tokenizer = isKnown ? (asked as Settings['tokenizer']) : 'word';
  const ids = tokenizer === 'ids' ? Number(param('vocabulary_ids')) : 0;
  return {
    tokenizer,
    ...(ids > 0 ? { vocabulary_ids: ids } : {}),
    order: Number(param('order') || 3),
    sequences: param('sequences') === 'line' ? 'line' : 'document',
  };
}

interface SettingsFieldsProps {
  isOfSample: boolean;
  /** The tokenizer.json, where one is chosen. */
  tokenizerFile: File | undefined;
  onTokenizerFile(file: File): void;
  error?: Error;
}

/** How the text is read: the settings that a corpus keeps for good. */
export function SettingsFields({ isOfSample, tokenizerFile, onTokenizerFile, error }: SettingsFieldsProps) {
  const { tokenizer, order, sequences: chosen } = chosenSettings(isOfSample);
  const options = Object.entries(tokenizers).filter(([name]) => !isOfSample || ofTexts.includes(name));
  const hasFile = tokenizer === 'huggingface';
  return (
    <div class="fields">
      <SelectField
        label="Tokens"
        value={tokenizer}
        options={options.map(([value, [name]]) => [value, name])}
        hint={tokenizers[tokenizer][1]}
        error={hasFile ? undefined : fieldError(error, 'tokenizer')}
        onChange={(value) => setParams({ tokenizer: value === 'word' ? '' : value, vocabulary_ids: '' })}
      />
      {hasFile ? (
        <FileField
          label="Its tokenizer.json"
          file={tokenizerFile}
          accept=".json,.gz"
          hint="As Hugging Face’s library writes it, also compressed with gzip."
          error={fieldError(error, 'tokenizer')}
          onChoose={onTokenizerFile}
        />
      ) : null}
      {tokenizer === 'ids' ? (
        <NumberField
          label="Number of ids"
          value={param('vocabulary_ids')}
          min={1}
          hint="How many the tokenizer has, such as 50257: ids are from 0 to one less."
          error={fieldError(error, 'vocabulary_ids')}
          onChange={(value) => setParams({ vocabulary_ids: value })}
        />
      ) : null}
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
