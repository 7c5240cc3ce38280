import type supertest from 'supertest';

export type Api = ReturnType<typeof supertest>;

/** Follows a list to its end. */
export async function all<Item>(api: Api, path: string): Promise<Item[]> {
  const items: Item[] = [];
  for (let cursor: string | undefined = ''; cursor !== undefined; ) {
    const { body } = await api.get(path + (cursor === '' ? '' : `&cursor=${cursor}`));
    items.push(...body.items);
    cursor = body.next_cursor;
  }
  return items;
}
