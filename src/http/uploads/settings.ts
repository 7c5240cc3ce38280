import type { FastifyRequest } from 'fastify';
import type { NgramdError } from '../../errors.ts';
import type { ArpaContent, ClosedVocabulary, CorpusSettings } from '../../store/store.ts';
import { installedDictionary } from '../../text/jieba.ts';
import { canonicalLocale } from '../../text/locale.ts';
import type { BlankLines } from '../../text/reserved.ts';
import { hasOwnIds, wordTokenizers } from '../../text/tokenizer.ts';
import type { TokenizerDefinition } from '../../text/tokenizer-json/loaded.ts';
import { invalidField } from '../invalid-fields.ts';
import { quoted } from '../quoted.ts';
import type { WordList } from './word-list.ts';

/** The fields of an upload that are settings. */
type SettingsFields = Omit<CorpusSettings, 'blankLines' | 'dictionary' | 'vocabulary'> & {
  blank_lines?: BlankLines;
  vocabulary_min_count?: number;
  vocabulary_ids?: number;
};

/** What determines the settings of an upload in addition to its fields. */
interface SettingsFiles {
  /** The list to which it closes the vocabulary. */
  readonly wordList?: WordList | undefined;
  /** What its tokenizer.json is, if it has one. */
  readonly definition?: TokenizerDefinition | undefined;
  /** The names of the fields that the request has. */
  readonly given?: readonly string[];
  /** Whether it has counts of n-grams. */
  readonly isOfCounts?: boolean;
}

/**
 * The settings among an upload's fields. Throws `invalid-request` for a locale that is invalid or that the tokenizer
 * ignores, for `blank_lines` without lines, and for a vocabulary that is closed in two ways.
 */
export function readSettings(
  request: FastifyRequest,
  sent: SettingsFields,
  { wordList, definition, given = [], isOfCounts = false }: SettingsFiles = {},
): CorpusSettings {
  const fields = { ...sent, tokenizer: readTokenizer(request, sent, given, definition) };
  const { tokenizer, order, sequences } = fields;
  const locale = readLocale(request, fields);
  const blankLines = readBlankLines(request, fields);
  const vocabulary = readVocabulary(request, fields, wordList) ?? definition;
  const dictionary = tokenizer === 'jieba' ? readDictionary(request) : undefined;
  if (isOfCounts && !(wordTokenizers as readonly string[]).includes(tokenizer))
    throw noCountsOfSubwords(request, fields);
  return {
    ...(isOfCounts ? { content: { kind: 'counts' } } : {}),
    tokenizer,
    order,
    sequences,
    ...(locale === undefined ? {} : { locale }),
    ...(dictionary === undefined ? {} : { dictionary }),
    ...(blankLines === undefined ? {} : { blankLines }),
    ...(vocabulary === undefined ? {} : { vocabulary }),
  };
}

function readTokenizer(
  request: FastifyRequest,
  { tokenizer }: SettingsFields,
  given: readonly string[],
  definition: TokenizerDefinition | undefined,
): CorpusSettings['tokenizer'] {
  const pointer = `${partOf(request, 'tokenizer')}/tokenizer`;
  if (definition === undefined) {
    if (tokenizer !== 'huggingface') return tokenizer;
    throw invalidField(
      pointer,
      'With tokenizer=huggingface, the tokenizer.json is a part of the form: curl -F tokenizer=@tokenizer.json -F file=@book.txt.',
    );
  }
  if (!given.includes('tokenizer') || tokenizer === 'huggingface') return 'huggingface';
  throw invalidField(
    pointer,
    `The tokenizer is given twice: as a tokenizer.json, and as ${tokenizer}. Leave one of them out.`,
  );
}

function noCountsOfSubwords(request: FastifyRequest, { tokenizer }: SettingsFields): NgramdError {
  return invalidField(
    `${partOf(request, 'tokenizer')}/tokenizer`,
    `Counts are read under the tokenizers ${wordTokenizers.join(', ')}, and not under ${tokenizer}: choose one of them.`,
  );
}

/** How texts are read that an ARPA file scores: as the tools read them that write such files. */
const readAsArpa = { tokenizer: 'whitespace', sequences: 'line' } as const;

/**
 * The settings of a corpus that is read from an ARPA file, which has most of them in it; `given` are the names of the
 * fields that the request has. Throws `invalid-request` if it has others.
 */
export function readArpaSettings(
  request: FastifyRequest,
  fields: SettingsFields,
  given: readonly string[],
  content: ArpaContent,
): CorpusSettings {
  const order = content.ngrams.length;
  const own: Record<string, unknown> = { ...readAsArpa, order };
  const refused = ['locale', 'vocabulary', 'vocabulary_min_count'];
  for (const name of given) {
    const isOther = name in own && (fields as Record<string, unknown>)[name] !== own[name];
    if (!isOther && !refused.includes(name)) continue;
    throw invalidField(
      `${partOf(request, name)}/${name}`,
      `An ARPA file is a model of words between white space in lines, and this one has order ${order}: leave ${name} out.`,
    );
  }
  const blankLines = fields.blank_lines === 'sentence' ? { blankLines: fields.blank_lines } : {};
  return { ...readAsArpa, order, ...blankLines, content };
}

function readBlankLines(
  request: FastifyRequest,
  { sequences, blank_lines: blankLines }: SettingsFields,
): 'sentence' | undefined {
  if (blankLines !== undefined && sequences !== 'line') {
    throw invalidField(
      `${partOf(request, 'blank_lines')}/blank_lines`,
      'Blank lines matter where the sequences are lines: leave it out, or choose sequences=line.',
    );
  }
  return blankLines === 'sentence' ? blankLines : undefined;
}

function readVocabulary(
  request: FastifyRequest,
  fields: SettingsFields,
  wordList: WordList | undefined,
): ClosedVocabulary | undefined {
  const { tokenizer, vocabulary_min_count: minCount, vocabulary_ids: ids } = fields;
  const isClosed = minCount !== undefined || wordList !== undefined;
  if (isClosed && hasOwnIds(tokenizer)) throw closedAlready(request, fields);
  if (tokenizer === 'ids') {
    if (ids !== undefined) return { ids };
    throw invalidField(
      `${partOf(request, 'tokenizer')}/vocabulary_ids`,
      'With tokenizer=ids, say how many ids there are, such as vocabulary_ids=50257 for those of GPT-2: they range from 0 to one less.',
    );
  }
  if (ids !== undefined) {
    throw invalidField(
      `${partOf(request, 'vocabulary_ids')}/vocabulary_ids`,
      `The tokenizer ${tokenizer} does not read ids: leave it out, or choose ids.`,
    );
  }
  if (minCount === undefined) return wordList && { sha256: wordList.sha256 };
  if (wordList === undefined) return { minCount };
  throw invalidField(
    `${partOf(request, 'vocabulary_min_count')}/vocabulary_min_count`,
    'The vocabulary is closed by a list: leave out vocabulary_min_count, or the list.',
  );
}

function readDictionary(request: FastifyRequest): string {
  const dictionary = installedDictionary();
  if (dictionary !== undefined) return dictionary;
  throw invalidField(
    `${partOf(request, 'tokenizer')}/tokenizer`,
    'The dictionary of jieba is not installed at this server: npm install @node-rs/jieba.',
  );
}

function closedAlready(
  request: FastifyRequest,
  { tokenizer, vocabulary_min_count: minCount }: SettingsFields,
): NgramdError {
  const field = minCount === undefined ? 'vocabulary' : 'vocabulary_min_count';
  return invalidField(
    `${partOf(request, field)}/${field}`,
    `The tokenizer ${tokenizer} has a vocabulary of its own, which cannot be closed to other words: leave it out.`,
  );
}

function readLocale(request: FastifyRequest, { tokenizer, locale: tag }: SettingsFields): string | undefined {
  if (tag === undefined) return undefined;
  const pointer = `${partOf(request, 'locale')}/locale`;
  if (tokenizer !== 'unicode') {
    throw invalidField(
      pointer,
      `The tokenizer ${tokenizer} follows no locale: leave it out, or choose unicode.`,
    );
  }
  const locale = canonicalLocale(tag);
  if (locale === undefined) {
    throw invalidField(pointer, `${quoted(tag)} is not a language tag of BCP 47, such as tr or de-CH.`);
  }
  return locale;
}

/** The part of the request that holds a field of an upload. */
export function partOf(request: FastifyRequest, field: string): string {
  const { body } = request;
  const isInJson = typeof body === 'object' && body !== null && field in body;
  return isInJson || request.mediaType === 'multipart/form-data' ? '/body' : '/query';
}
