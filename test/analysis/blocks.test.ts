import t from 'tap';
import { findCollocates } from '../../src/analysis/collocates.ts';
import { concordanceLines, concordanceOf } from '../../src/analysis/concordance.ts';
import { CorpusText } from '../../src/index/corpus-text.ts';
import { TokenMemory } from '../../src/index/token-stream.ts';
import { storedCorpus } from '../index/stored-corpora.ts';

/** How many tokens a page of the token stream has. */
const pageTokens = 496;

t.test(
  'a text read in many blocks, from memory or not, has the same concordances and collocates',
  async (t) => {
    const texts = [2.5, 0.1, 3].map((pages, document) =>
      Array.from({ length: pages * pageTokens }, (_, i) => `w${((i * i + document) % 1009) % 23}`).join(' '),
    );
    const settings = { tokenizer: 'whitespace', order: 1, sequences: 'document' } as const;
    const { stored } = await storedCorpus(t, texts, settings);
    await stored.read(async (snapshot) => {
      const { version, tokens } = await snapshot.summary();
      const words = texts.map((text) => text.split(' '));
      const [, ...phrase] = words[0].slice(pageTokens - 3, pageTokens + 1);
      const nodes = [['w1'], ['w4', 'w9'], phrase, ['w2', 'zz']];
      const readings = [
        await CorpusText.of(snapshot, undefined),
        await CorpusText.of(snapshot, undefined, 1),
        await CorpusText.of(snapshot, new TokenMemory().pagesOf('all', version, tokens), 1),
        await CorpusText.of(snapshot, new TokenMemory(3 * pageTokens).pagesOf('some', version, tokens), 2),
        await CorpusText.of(snapshot, new TokenMemory().pagesOf('earlier', version - 1, tokens), 1),
      ];
      for (const node of nodes) {
        const ids = [...(await snapshot.tokenIds(node))];
        const answers = [];
        for (const text of readings) {
          const { positions, words, ranks } = await concordanceOf(text, ids, 'left1');
          const lines = await concordanceLines(text, [...positions], node.length, { left: 9, right: 3 });
          const search = {
            node: ids,
            window: 50,
            minCount: 1,
            sort: 't',
            after: undefined,
            limit: 99,
          } as const;
          answers.push({ positions, words, ranks, lines, near: await findCollocates(text, search) });
        }
        const expected = words.flatMap((tokens) =>
          tokens.filter((_, at) => node.every((token, i) => tokens[at + i] === token)),
        ).length;
        t.equal(answers[0].positions.length, expected);
        for (const answer of answers.slice(1)) t.same(answer, answers[0]);
      }
    });
  },
);
