import t from 'tap';
import { readPrefix } from '../../../src/http/questions/words.ts';
import { buildTrie } from '../../../src/index/resident/build-trie.ts';
import { ResidentIndex } from '../../../src/index/resident/resident-index.ts';
import { ingest } from '../../ingest/build-corpus.ts';
import { temporaryFolder } from '../harness.ts';

t.test('a prefix names no word that the file has and the index in memory has not yet', async (t) => {
  const folder = temporaryFolder(t);
  const settings = { tokenizer: 'whitespace', order: 2, sequences: 'line' } as const;
  const before = ingest(folder, ['zebra ape'], settings, {});
  const after = ingest(folder, ['zebra ape', 'zebu ape'], settings, {});
  const index = before.snapshot(() => new ResidentIndex(buildTrie(before)));
  const words = (prefix: string) =>
    [...(readPrefix({ reader: after, index }, prefix, '/query/prefix') ?? [])].map((id) => index.token(id));
  t.same(words('ze'), ['zebra']);
  t.same(words('<'), ['</s>'], 'nor <s>, which is never a next word');
  before.close();
  after.close();
});
