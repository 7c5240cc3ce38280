import type { ComponentType } from 'preact';
import { Concordance } from './sections/concordance/concordance.tsx';
import { Corpora } from './sections/corpora/corpora.tsx';
import { Minibatches } from './sections/minibatches/minibatches.tsx';
import { NextWord } from './sections/next-word/next-word.tsx';
import { Operations } from './sections/operations/operations.tsx';
import { Phrases } from './sections/phrases/phrases.tsx';
import { Score } from './sections/score/score.tsx';
import { Start } from './sections/start/start.tsx';
import { Tables } from './sections/tables/tables.tsx';

export interface Section {
  /** Its name in the URL. */
  id: string;
  title: string;
  /** What one does here, in a sentence. */
  lead: string;
  /** Whether it shows one corpus, and nothing without. */
  ofCorpus: boolean;
  View: ComponentType;
}

export const sections: readonly Section[] = [
  {
    id: 'start',
    title: 'Start',
    lead: 'Make a corpus: count the n-grams of a text.',
    ofCorpus: false,
    View: Start,
  },
  {
    id: 'corpora',
    title: 'Corpora',
    lead: 'What the service has counted, and the documents that each corpus is made of.',
    ofCorpus: false,
    View: Corpora,
  },
  {
    id: 'tables',
    title: 'Tables and Zipf',
    lead: 'Which n-grams a corpus has, how their frequency falls with their rank, and how counts become probabilities.',
    ofCorpus: true,
    View: Tables,
  },
  {
    id: 'next-word',
    title: 'Next word',
    lead: 'Type a text: the bars are the probabilities of what comes next. Click a word to go on.',
    ofCorpus: true,
    View: NextWord,
  },
  {
    id: 'score',
    title: 'Score',
    lead: 'How probable lines are, and which of their words are a surprise.',
    ofCorpus: true,
    View: Score,
  },
  {
    id: 'phrases',
    title: 'Phrases',
    lead: 'How frequent phrases are in one corpus and in another. A click shows them in their contexts.',
    ofCorpus: true,
    View: Phrases,
  },
  {
    id: 'concordance',
    title: 'Concordance',
    lead: 'A phrase in its contexts, the words near it, and the words that set one corpus apart from another.',
    ofCorpus: true,
    View: Concordance,
  },
  {
    id: 'minibatches',
    title: 'Minibatches',
    lead: 'What a neural model is trained on: x, and y one step later.',
    ofCorpus: true,
    View: Minibatches,
  },
  {
    id: 'operations',
    title: 'Operations',
    lead: 'How the service is doing: jobs, memory, disk, requests, and backups.',
    ofCorpus: false,
    View: Operations,
  },
];
