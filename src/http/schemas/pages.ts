import { type TProperties, type TSchema, Type } from 'typebox';
import { defaultItems, maxItems } from '../paging.ts';
import { formatField, jsonResponse, textBody } from './fields.ts';

/** The formats of lists. */
export const tableFormats = ['json', 'csv'] as const;

export const CursorQuery = Type.Optional(
  Type.String({
    pattern: '^[A-Za-z0-9_-]+$',
    description: 'Where to continue: the `next_cursor` of the previous page. Opaque.',
  }),
);

/** The parameters of a list that is returned in pages. */
export const PageQuery = {
  cursor: CursorQuery,
  limit: Type.Optional(
    Type.Integer({
      minimum: 1,
      description: `Maximum number of items: in JSON ${defaultItems} by default and at most ${maxItems}, as CSV all by default`,
    }),
  ),
  format: formatField(tableFormats),
};

/** The query of a list that is answered whole. */
export const FormatQuery = Type.Object(
  { format: formatField(tableFormats) },
  { additionalProperties: false },
);

/** The query of a list that takes no other parameters. */
export const ListQuery = Type.Object(PageQuery, { additionalProperties: false });

/** A response that is a page in JSON, or a whole list as CSV with these columns. */
export function pageOrTable<Page extends TSchema>(page: Page, columns: readonly string[]) {
  const { description, content } = jsonResponse('A page of the list, or all of it as CSV', page);
  return { description, headers: tableHeaders, content: { ...content, 'text/csv': tableBody(columns) } };
}

/** The schema of CSV with these columns. */
export function tableBody(columns: readonly string[]) {
  return textBody(`The columns ${columns.join(', ')}, which the first line names`);
}

/** Headers of CSV. */
export const tableHeaders = {
  'corpus-version': {
    type: 'string',
    description: "As CSV: the corpus's version, for lists of one corpus",
  },
};

/** A page of a list, called `title`, with properties of the whole list. */
export function pageSchema<Item extends TSchema, About extends TProperties>(
  title: string,
  item: Item,
  about: About,
) {
  return Type.Object(
    {
      ...about,
      items: Type.Array(item),
      next_cursor: Type.Optional(Type.String({ description: 'Present if there are more items' })),
    },
    { title, description: 'A page of the list' },
  );
}
