import { type TProperties, type TSchema, Type } from 'typebox';
import { defaulted } from './fields.ts';

export const CursorQuery = Type.Optional(
  Type.String({
    pattern: '^[A-Za-z0-9_-]+$',
    description: 'Where to continue: the `next_cursor` of the previous page. Opaque.',
  }),
);

/** The parameters of a list that is returned in pages. */
export const PageQuery = {
  cursor: CursorQuery,
  limit: defaulted(
    Type.Integer({ minimum: 1, maximum: 1000, default: 100, description: 'Maximum number of items' }),
  ),
};

/** The query of a list that takes no other parameters. */
export const ListQuery = Type.Object(PageQuery, { additionalProperties: false });

/** A page of a list, with properties of the whole list. */
export function pageSchema<Item extends TSchema, About extends TProperties>(item: Item, about: About) {
  return Type.Object(
    {
      ...about,
      items: Type.Array(item),
      next_cursor: Type.Optional(Type.String({ description: 'Present if there are more items' })),
    },
    { description: 'A page of the list' },
  );
}
