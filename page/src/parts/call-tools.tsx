import { useId, useState } from 'preact/hooks';
import type { Call } from '../service/call.ts';
import { address, key } from '../service/client.ts';
import type { CsvTable } from '../service/csv.ts';
import { type Command, curlOf } from '../service/curl.ts';
import { CopyButton } from './copy-button.tsx';
import { CsvButton } from './csv-button.tsx';
import { FileLink } from './file-link.tsx';

interface CallToolsProps {
  /** What is asked; several requests are several commands. */
  call: Command | readonly Command[];
  csv?: Call<unknown>;
  table?: CsvTable;
  svg?: Call<unknown>;
  /** What the call asks for: a page has many of these buttons, which need different names. */
  of: string;
}

/** The request of a panel as a command for a shell, and its answer as CSV. */
export function CallTools({ call, csv, table, svg, of }: CallToolsProps) {
  const [isOpen, setOpen] = useState(false);
  const id = useId();
  // Only what is seen: the command of a long text is as long.
  const shown = isOpen ? [call].flat() : [];
  const command = shown.map((each) => curlOf(each, address, key.value !== '')).join('\n');
  return (
    <footer class="call-tools">
      <button
        type="button"
        class="quiet"
        aria-expanded={isOpen}
        aria-controls={id}
        onClick={() => setOpen(!isOpen)}
      >
        as curl<span class="unseen">: {of}</span>
      </button>
      {csv === undefined ? null : <FileLink call={csv} format="csv" of={of} />}
      {table === undefined ? null : <CsvButton table={table} of={of} />}
      {svg === undefined ? null : <FileLink call={svg} format="svg" of={of} />}
      <div id={id} class="command" hidden={!isOpen}>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a long command scrolls, also by keyboard */}
        <pre tabIndex={0}>
          <code>{command}</code>
        </pre>
        <CopyButton text={command} />
      </div>
    </footer>
  );
}
