import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';
import type { Call } from '../service/call.ts';
import type { CsvTable } from '../service/csv.ts';
import { CallTools } from './call-tools.tsx';

interface PanelProps {
  title: string;
  /** A sentence below the title. */
  lead?: ComponentChildren;
  /** What the panel shows the answer to, or the answers. */
  call?: Call<unknown> | readonly Call<unknown>[];
  /** Whether its answer also comes as CSV. */
  hasCsv?: boolean;
  /** What is saved as CSV where the answer only comes as JSON. */
  table?: CsvTable;
  children: ComponentChildren;
}

/** A part of a section, with the request behind it at its foot. */
export function Panel({ title, lead, call, hasCsv = false, table, children }: PanelProps) {
  const id = useId();
  return (
    <section class="panel" aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      {lead === undefined ? null : <p class="lead">{lead}</p>}
      {children}
      {call === undefined ? null : <CallTools call={call} hasCsv={hasCsv} table={table} of={title} />}
    </section>
  );
}
