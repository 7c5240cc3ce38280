import type { Corpus, components } from '../../../../clients/typescript/src/index.ts';
import { integer } from '../../format.ts';
import { Tokens } from '../../parts/tokens.tsx';

type Page = components['schemas']['ConcordancePage'];
export type Sort = 'left1' | 'right1' | 'text';

interface KeywordLinesProps {
  corpus: Corpus;
  sort: Sort;
  page: Page;
}

/** A line for each occurrence, with the phrase in the middle. The word that the lines are sorted by is marked. */
export function KeywordLines({ corpus, sort, page: { items, phrase } }: KeywordLinesProps) {
  if (items.length === 0) {
    return (
      <p class="empty">
        {corpus.name} does not have <q>{phrase.join(' ')}</q>.
      </p>
    );
  }
  const hasDocuments = corpus.documents > 1;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must scroll by keyboard too
    <section class="table kwic" tabIndex={0} aria-label="Occurrences in context">
      <table>
        <caption class="unseen">Occurrences in context</caption>
        <thead>
          <tr>
            <th scope="col" class="left">
              Before
            </th>
            <th scope="col">Phrase</th>
            <th scope="col">After</th>
            <th scope="col" class="number">
              Position
            </th>
            {hasDocuments ? (
              <th scope="col" class="document">
                Document
              </th>
            ) : null}
          </tr>
        </thead>
        <tbody>
          {items.map(({ document, position, left, hit, right }) => (
            <tr key={`${document} ${position}`}>
              <td class="left">
                <div>
                  <Context of={left} marked={sort === 'left1' ? left.length - 1 : -1} />
                </div>
              </td>
              <th scope="row">
                <Tokens of={hit} />
              </th>
              <td class="right">
                <div>
                  <Context of={right} marked={sort === 'right1' ? 0 : -1} />
                </div>
              </td>
              <td class="number">{integer(position)}</td>
              {hasDocuments ? (
                <td class="document">
                  <code>{document}</code>
                </td>
              ) : null}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** The tokens on one side, one of which may be marked. */
function Context({ of, marked }: { of: readonly string[]; marked: number }) {
  if (of[marked] === undefined) {
    return (
      <span>
        <Tokens of={of} />
      </span>
    );
  }
  const [before, after] = [of.slice(0, marked), of.slice(marked + 1)];
  return (
    <span>
      <Tokens of={before} /> <mark>{of[marked]}</mark> <Tokens of={after} />
    </span>
  );
}
