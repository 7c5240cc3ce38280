import t from 'tap';
import { readPrefix } from '../../../src/http/questions/words.ts';
import { residentCorpus } from '../../../src/index/corpus.ts';
import { buildTrie } from '../../../src/index/resident/build-trie.ts';
import { ResidentIndex } from '../../../src/index/resident/resident-index.ts';
import { createModel } from '../../../src/model/count-model.ts';
import { addCorpus, emptyStore } from '../../index/stored-corpora.ts';

t.test('a prefix names no word that the store has and the index in memory has not yet', async (t) => {
  const store = await emptyStore(t);
  const settings = { tokenizer: 'whitespace', order: 2, sequences: 'line' } as const;
  const before = await addCorpus(store, ['zebra ape'], settings);
  const after = await addCorpus(store, ['zebra ape', 'zebu ape'], settings);
  const index = new ResidentIndex(await before.read((snapshot) => buildTrie(snapshot)));
  const corpus = residentCorpus(after, index, (question) => after.read(question));
  const model = await createModel(corpus, { order: 2, estimator: 'mle', parameters: {} });
  const words = async (prefix: string) =>
    index.vocabulary.tokens([...((await readPrefix(corpus, model, prefix, '/query/prefix')) ?? [])]);
  t.same(await words('ze'), ['zebra']);
  t.same(await words('<'), ['</s>'], 'nor <s>, which is never a next word');
});
