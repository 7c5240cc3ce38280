import type { AnyCorpus, Corpus } from '../../index/corpus.ts';
import { CorpusText } from '../../index/corpus-text.ts';
import type { Snapshot } from '../../store/store.ts';
import type { Page } from '../paging.ts';
import { columns } from '../schemas/tables.ts';
import { type PartQuery, type PartSize, partOf, type TablePart } from '../tables.ts';
import { collocates } from './collocates.ts';
import { concordance } from './concordance.ts';
import { type ContinuationsQuestion, continuationsPage } from './continuations.ts';
import { keyness } from './keyness.ts';
import { documents, mixedVocabulary, vocabulary } from './listings.ts';
import { ngrams } from './ngrams.ts';
import { preceding } from './preceding.ts';
import { zipfPoints } from './zipf.ts';

/** The tables of a corpus, which are read in threads: some rows of each. */
export const tables = {
  vocabulary: ofSnapshot('vocabulary', vocabulary),
  mixedVocabulary: ofCorpus('vocabulary', mixedVocabulary),
  documents: ofSnapshot('documents', documents),
  zipf: ofSnapshot('zipf', zipfPoints),
  keyness: ofSnapshot('keyness', keyness),
  concordance: ofText('concordance', concordance),
  collocates: ofText('collocates', collocates),
  preceding: ofText('continuations', preceding),
  ngrams: ofCorpus('ngrams', ngrams),
  associations: ofCorpus('associations', ngrams),
  matches: ofCorpus('ngrams', ngrams),
  continuations: ofCorpus(
    'continuations',
    (corpus: Corpus, question: PartQuery & Omit<ContinuationsQuestion, 'k'>) =>
      continuationsPage(corpus, { ...question, k: question.limit }),
  ),
};

/** The same for tables of which each part is found by starting anew: larger, so that there are few parts. */
export const tableSizes: Partial<Record<TableName, PartSize>> = {
  continuations: { bytes: 2 ** 22, rows: 2 ** 16 },
  collocates: { bytes: 2 ** 22, rows: 2 ** 16 },
  keyness: { bytes: 2 ** 22, rows: 2 ** 16 },
  associations: { bytes: 2 ** 22, rows: 2 ** 16 },
  matches: { bytes: 2 ** 22, rows: 2 ** 16 },
};

export type TableName = keyof typeof tables;

/** What is asked for a table, without the part of it. */
export type TableQuestion<Name extends TableName> = Omit<Parameters<(typeof tables)[Name]>[1], 'limit'> & {
  limit?: number | undefined;
};

/** Lists some items of something. */
type Listing<Of, Question> = (of: Of, question: Question) => Promise<Page<object> & { version: number }>;

function ofCorpus<Of extends AnyCorpus, Question>(name: keyof typeof columns, list: Listing<Of, Question>) {
  return async (corpus: Of, question: Question): Promise<TablePart> => {
    const page = await list(corpus, question);
    const partVersions = 'parts' in corpus ? corpus.parts.map(({ version }) => version) : undefined;
    return { ...partOf(columns[name], page), version: page.version, partVersions };
  };
}

function ofSnapshot<Question>(name: keyof typeof columns, list: Listing<Snapshot, Question>) {
  return ofCorpus(name, (corpus: Corpus, question: Question) =>
    corpus.read((snapshot) => list(snapshot, question)),
  );
}

function ofText<Question>(name: keyof typeof columns, list: Listing<CorpusText, Question>) {
  return ofCorpus(name, (corpus: Corpus, question: Question) =>
    corpus.read(async (snapshot) => list(await CorpusText.of(snapshot, corpus.tokens), question)),
  );
}
