import type { ComponentChildren } from 'preact';
import { integer } from '../format.ts';
import { param, setParams } from '../place.ts';
import type { Answering } from '../service/use-answer.ts';
import { Answer } from './answer.tsx';
import { fieldError } from './problem-note.tsx';

/** How many items of a list a page shows. */
const pageSize = 25;

interface Page {
  items: readonly unknown[];
  total: number;
  next_cursor?: string;
}

interface PagedAnswerProps<Data> {
  of: Answering<Data>;
  /** The parameter of the URL that has the cursors of the pages before this one and of this one. */
  cursors: string;
  /** What is listed: a section has many of these buttons, which need different names. */
  title: string;
  shownFields?: readonly string[];
  children(data: Data): ComponentChildren;
}

/** The query of the page that the URL names. */
export function pageQuery(cursors: string): { limit: number; cursor?: string } {
  return { limit: pageSize, cursor: cursorsOf(cursors).at(-1) };
}

/** A page of a long list, with buttons for the one before and the next one. */
export function PagedAnswer<Data extends Page>({
  of,
  cursors: name,
  title,
  shownFields,
  children,
}: PagedAnswerProps<Data>) {
  const cursors = cursorsOf(name);
  const goTo = (page: readonly string[]) => setParams({ [name]: page.join(',') }, { step: true });
  const isLost = fieldError(of.error, 'cursor') !== undefined;
  return (
    <>
      <Answer of={of} shownFields={shownFields}>
        {(data) => (
          <>
            {children(data)}
            <div class="paging">
              <span role="status">{rangeOf(data, cursors.length * pageSize)}</span>
              {data.total <= pageSize ? null : (
                <>
                  <button
                    type="button"
                    class="quiet"
                    disabled={cursors.length === 0}
                    onClick={() => goTo(cursors.slice(0, -1))}
                  >
                    Previous<span class="unseen"> page: {title}</span>
                  </button>
                  <button
                    type="button"
                    class="quiet"
                    disabled={data.next_cursor === undefined}
                    onClick={() => goTo([...cursors, data.next_cursor as string])}
                  >
                    Next<span class="unseen"> page: {title}</span>
                  </button>
                </>
              )}
            </div>
          </>
        )}
      </Answer>
      {isLost ? (
        <button type="button" onClick={() => goTo([])}>
          Back to the first page
        </button>
      ) : null}
    </>
  );
}

function rangeOf({ items, total }: Page, before: number): string {
  if (total === 0) return '';
  return `${integer(before + 1)}–${integer(before + items.length)} of ${integer(total)}`;
}

function cursorsOf(name: string): string[] {
  return param(name) === '' ? [] : param(name).split(',');
}
