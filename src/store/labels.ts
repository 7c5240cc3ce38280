import type { DocumentLabels } from './corpus.ts';

/** A document as a row has it, in which labels can be null, without the labels that it does not have. */
export function withoutNulls<Document extends DocumentLabels>(row: Document): Document {
  const { title, date, ...document } = row;
  return {
    ...document,
    ...(title == null ? {} : { title }),
    ...(date == null ? {} : { date }),
  } as Document;
}
