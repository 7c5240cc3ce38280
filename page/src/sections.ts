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
  /** What the chosen corpus must have, if there must be one: a model, its counts, or its text. */
  needs?: 'model' | 'counts' | 'text';
  View: ComponentType;
}

export const sections: readonly Section[] = [
  {
    id: 'start',
    title: 'Start',
    lead: 'Make a corpus: count the n-grams of a text.',
    View: Start,
  },
  {
    id: 'corpora',
    title: 'Corpora',
    lead: 'What the service has counted, and the documents that each corpus is made of.',
    View: Corpora,
  },
  {
    id: 'tables',
    title: 'Tables and Zipf',
    lead: 'Which n-grams a corpus has, how their frequency falls with their rank, and how counts become probabilities.',
    needs: 'counts',
    View: Tables,
  },
  {
    id: 'next-word',
    title: 'Next word',
    lead: 'Type a text: the bars are the probabilities of what comes next. Click a word to go on.',
    needs: 'model',
    View: NextWord,
  },
  {
    id: 'score',
    title: 'Score',
    lead: 'How probable lines are, and which of their words are a surprise.',
    needs: 'model',
    View: Score,
  },
  {
    id: 'phrases',
    title: 'Phrases',
    lead: 'How frequent phrases are in one corpus and in another. A click shows them in their contexts.',
    needs: 'counts',
    View: Phrases,
  },
  {
    id: 'concordance',
    title: 'Concordance',
    lead: 'A phrase in its contexts, the words near it, and the words that set one corpus apart from another.',
    needs: 'text',
    View: Concordance,
  },
  {
    id: 'minibatches',
    title: 'Minibatches',
    lead: 'What a neural model is trained on: x, and y one step later.',
    needs: 'text',
    View: Minibatches,
  },
  {
    id: 'operations',
    title: 'Operations',
    lead: 'How the service is doing: jobs, memory, disk, requests, and backups.',
    View: Operations,
  },
];
