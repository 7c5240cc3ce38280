import t from 'tap';
import { reservedId, reservedTokens, tokenizeQuery } from '../../src/text/reserved.ts';

t.test('ids of reserved tokens are fixed', async (t) => {
  t.same(reservedTokens('document'), ['<unk>']);
  t.same(reservedTokens('line'), ['<unk>', '<s>', '</s>']);
  t.equal(reservedId({ tokenizer: 'word', sequences: 'line' }, '</s>'), 2);
  t.equal(reservedId({ tokenizer: 'word', sequences: 'document' }, '</s>'), undefined);
});

t.test('a reserved token between white space in a query is kept under every tokenizer', async (t) => {
  t.same(tokenizeQuery({ tokenizer: 'word', sequences: 'line' }, '<s> The time'), ['<s>', 'the', 'time']);
  t.same(tokenizeQuery({ tokenizer: 'unicode', sequences: 'line' }, 'so </s>'), ['so', '</s>']);
  t.same(tokenizeQuery({ tokenizer: 'word', sequences: 'document' }, 'an <unk> word'), [
    'an',
    '<unk>',
    'word',
  ]);
});

t.test('a reserved token inside a word, or of other sequences, is ordinary text', async (t) => {
  t.same(tokenizeQuery({ tokenizer: 'word', sequences: 'line' }, 'a<s>b'), ['a', 's', 'b']);
  t.same(tokenizeQuery({ tokenizer: 'word', sequences: 'document' }, '<s> a'), ['s', 'a']);
  t.same(tokenizeQuery({ tokenizer: 'whitespace', sequences: 'document' }, '<s> a'), ['<s>', 'a']);
});

t.test('char: leading and trailing spaces of a query are kept', async (t) => {
  t.same(tokenizeQuery({ tokenizer: 'char', sequences: 'document' }, ' '), [' ']);
  t.same(tokenizeQuery({ tokenizer: 'char', sequences: 'document' }, 'The '), ['t', 'h', 'e', ' ']);
  t.same(tokenizeQuery({ tokenizer: 'char', sequences: 'document' }, ''), []);
});
