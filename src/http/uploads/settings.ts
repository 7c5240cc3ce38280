import type { FastifyRequest } from 'fastify';
import type { CorpusSettings } from '../../store/store.ts';
import { canonicalLocale } from '../../text/locale.ts';
import type { BlankLines } from '../../text/reserved.ts';
import { invalidField } from '../invalid-fields.ts';
import { quoted } from '../quoted.ts';

/** The fields of an upload that are settings. */
type SettingsFields = Omit<CorpusSettings, 'blankLines'> & { blank_lines?: BlankLines };

/**
 * The settings among an upload's fields. Throws `invalid-request` for a locale that is invalid or that the tokenizer ignores,
 * and for `blank_lines` without lines.
 */
export function readSettings(request: FastifyRequest, fields: SettingsFields): CorpusSettings {
  const { tokenizer, order, sequences } = fields;
  const locale = readLocale(request, fields);
  const blankLines = readBlankLines(request, fields);
  return {
    tokenizer,
    order,
    sequences,
    ...(locale === undefined ? {} : { locale }),
    ...(blankLines === undefined ? {} : { blankLines }),
  };
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
function partOf(request: FastifyRequest, field: string): string {
  const { body } = request;
  const isInJson = typeof body === 'object' && body !== null && field in body;
  return isInJson || request.mediaType === 'multipart/form-data' ? '/body' : '/query';
}
