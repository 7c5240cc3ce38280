import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Corpus } from '../../../clients/typescript/src/index.ts';
import { corpusName } from '../place.ts';
import { call } from './call.ts';
import type { Answering } from './use-answer.ts';

export const corporaCall = call('get', '/v1/corpora', { query: { limit: 1000 } });

/** All corpora, which the frame of the page reads once for everything in it. */
export const CorporaContext = createContext<Answering<{ items: Corpus[] }>>({ isLoading: true });

export function useCorpora(): Answering<{ items: Corpus[] }> {
  return useContext(CorporaContext);
}

/** The chosen corpus; undefined if there is none of this name. */
export function useCorpus(): Corpus | undefined {
  return useCorpora().data?.items.find(({ name }) => name === corpusName.value);
}
