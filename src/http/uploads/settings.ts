import type { FastifyRequest } from 'fastify';
import type { CorpusSettings } from '../../store/store.ts';
import { canonicalLocale } from '../../text/locale.ts';
import { quoted } from '../quoted.ts';
import { invalidField } from '../validation.ts';

/** The settings among an upload's fields. Throws `invalid-request` for a locale that is invalid or that the tokenizer ignores. */
export function readSettings(
  request: FastifyRequest,
  { tokenizer, order, sequences, locale: tag }: CorpusSettings,
): CorpusSettings {
  if (tag === undefined) return { tokenizer, order, sequences };
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
  return { tokenizer, order, sequences, locale };
}

/** The part of the request that holds a field of an upload. */
function partOf(request: FastifyRequest, field: string): string {
  const { body } = request;
  const isInJson = typeof body === 'object' && body !== null && field in body;
  return isInJson || request.mediaType === 'multipart/form-data' ? '/body' : '/query';
}
