import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';
import type { Call } from '../service/call.ts';
import type { CsvTable } from '../service/csv.ts';
import type { Command } from '../service/curl.ts';
import { CallTools } from './call-tools.tsx';

interface PanelProps {
  title: string;
  /** A sentence below the title. */
  lead?: ComponentChildren;
  /** What the panel shows the answer to, or the answers. */
  call?: Command | readonly Command[];
  /** Whose answer is saved as CSV, where it comes as that: the whole list where the panel shows a page of it. */
  csv?: Call<unknown>;
  /** What is saved as CSV where the answer only comes as JSON. */
  table?: CsvTable;
  /** Whose answer also comes as a picture. */
  svg?: Call<unknown>;
  children: ComponentChildren;
}

/** A part of a section, with the request behind it at its foot. */
export function Panel({ title, lead, children, call, ...files }: PanelProps) {
  const id = useId();
  return (
    <section class="panel" aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      {lead === undefined ? null : <p class="lead">{lead}</p>}
      {children}
      {call === undefined ? null : <CallTools call={call} {...files} of={title} />}
    </section>
  );
}

/** The fields of a section that asks for several answers: each is in a panel below, with its own request. */
export function Question({ title, children }: Pick<PanelProps, 'title' | 'children'>) {
  const id = useId();
  return (
    <section class="question" aria-labelledby={id}>
      <h2 id={id} class="unseen">
        {title}
      </h2>
      {children}
    </section>
  );
}
