import { useEffect, useRef } from 'preact/hooks';
import { Header } from './header.tsx';
import { Navigation } from './navigation.tsx';
import { NoCorpus } from './parts/no-corpus.tsx';
import { OtherKind } from './parts/other-kind.tsx';
import { ProblemNote } from './parts/problem-note.tsx';
import { corpusName, section as sectionId, setParams } from './place.ts';
import { sections } from './sections.ts';
import { CorporaContext, corporaCall } from './service/corpora.ts';
import { lacks } from './service/kinds.ts';
import { useAnswer } from './service/use-answer.ts';

/** The frame of every view, and the section that is open. */
export function App() {
  const corpora = useAnswer(corporaCall);
  const section = sections.find(({ id }) => id === sectionId.value) ?? sections[0];
  const main = useRef<HTMLElement>(null);
  const isFirst = useRef(true);
  const corpus = corpora.data?.items.find(({ name }) => name === corpusName.value);
  const first = corpora.data?.items[0]?.name;
  useEffect(() => {
    if (corpusName.value === '' && first !== undefined) setParams({ corpus: first });
  }, [first, section.id, corpusName.value]);
  useEffect(() => {
    document.title = `${section.title} · ngramd`;
    // A screen reader then reads the new section, not the link that was followed.
    if (!isFirst.current) main.current?.focus();
    isFirst.current = false;
  }, [section]);
  return (
    <CorporaContext.Provider value={corpora}>
      <button type="button" class="skip" onClick={() => main.current?.focus()}>
        Skip to the content
      </button>
      <Header />
      <div class="frame">
        <Navigation current={section.id} />
        <main id="main" ref={main} tabIndex={-1} aria-labelledby="section">
          <h1 id="section">{section.title}</h1>
          <p class="lead">{section.lead}</p>
          <ProblemNote error={corpora.error} />
          {section.needs === undefined ? (
            <section.View key={section.id} />
          ) : corpus === undefined ? (
            <NoCorpus />
          ) : lacks(corpus, section.needs) ? (
            <OtherKind corpus={corpus} />
          ) : (
            <section.View key={`${section.id} ${corpus.name}`} />
          )}
        </main>
      </div>
    </CorporaContext.Provider>
  );
}
