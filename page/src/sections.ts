import type { ComponentType } from 'preact';
import { Corpora } from './sections/corpora/corpora.tsx';
import { Start } from './sections/start/start.tsx';

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
];
