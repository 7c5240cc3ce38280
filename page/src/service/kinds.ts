import type { Corpus } from '../../../clients/typescript/src/index.ts';

/** What corpora of other kinds than texts are, and what they have; every corpus has a model. */
const kinds: Record<string, { made: string; about: string; has: readonly string[] }> = {
  arpa: {
    made: 'an ARPA file',
    about: 'was read from an ARPA file: it has probabilities, and neither counts nor a text',
    has: [],
  },
  mixture: {
    made: 'other corpora',
    about: 'is a mixture of other corpora: it has neither counts nor a text of its own',
    has: [],
  },
  counts: {
    made: 'counts',
    about: 'was made from counts: it has no text',
    has: ['counts'],
  },
};

/** What a corpus is made of. */
export function madeOf({ kind }: Corpus): string {
  return kinds[kind]?.made ?? 'texts';
}

/** What a corpus is, if it is no texts. */
export function aboutKind({ name, kind }: Corpus): string {
  return `${name} ${kinds[kind]?.about ?? 'is not made of texts'}.`;
}

/** Whether a corpus lacks what something needs. */
export function lacks({ kind }: Corpus, needed: 'model' | 'counts' | 'text'): boolean {
  return needed !== 'model' && kinds[kind]?.has.includes(needed) === false;
}
