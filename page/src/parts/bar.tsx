import { lineClass } from './plot.tsx';

interface BarProps {
  share: number;
  /** The colour of a line in plots, from 1. */
  line?: number;
}

/** A share of the width as a bar. The number that it shows is beside it, as text. */
export function Bar({ share, line }: BarProps) {
  return (
    <span class={line === undefined ? 'bar' : `bar ${lineClass(line)}`} aria-hidden="true">
      {share === 0 ? null : <span style={{ width: `${100 * share}%` }} />}
    </span>
  );
}
