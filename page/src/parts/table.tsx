import type { ComponentChildren } from 'preact';

export interface Column<Row> {
  /** The heading; one that is only heard is in `unseen`. */
  title: ComponentChildren;
  cell(row: Row): ComponentChildren;
  /** Numbers are aligned at the right. */
  isNumber?: boolean;
  /** The column that names the row. */
  isName?: boolean;
  /** The column that takes what width is left. */
  isWide?: boolean;
  /** A phone has no room for it. */
  isExtra?: boolean;
}

interface TableProps<Row> {
  caption: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  /** What is shown in the place of no rows. */
  empty?: string;
  keyOf?(row: Row): string;
}

/** A table. One that is wider than the screen scrolls in its own frame, which the keyboard can reach. */
export function Table<Row>({ caption, columns, rows, empty = 'None.', keyOf }: TableProps<Row>) {
  if (rows.length === 0) return <p class="empty">{empty}</p>;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must scroll by keyboard too
    <section class="table" tabIndex={0} aria-label={caption}>
      <table>
        <caption class="unseen">{caption}</caption>
        <thead>
          <tr>
            {columns.map((column, i) => (
              <th key={i} scope="col" class={classOf({ ...column, isWide: false })}>
                {column.title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, i) => (
            <tr key={keyOf?.(row) ?? i}>
              {columns.map((column, j) =>
                column.isName ? (
                  <th key={j} scope="row" class={classOf(column)}>
                    {column.cell(row)}
                  </th>
                ) : (
                  <td key={j} class={classOf(column)}>
                    {column.cell(row)}
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function classOf<Row>({ isNumber, isWide, isExtra }: Column<Row>): string | undefined {
  const classes = [isNumber && 'number', isWide && 'wide', isExtra && 'extra'].filter(Boolean);
  return classes.length === 0 ? undefined : classes.join(' ');
}
