import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';

/** What a control needs to belong to its label, its hint and its error. */
export interface Labelled {
  id: string;
  'aria-describedby'?: string;
  'aria-invalid'?: boolean;
}

export interface FieldTexts {
  label: ComponentChildren;
  hint?: ComponentChildren;
  error?: string;
}

/** A control with its label, a hint, and what the service said about its value. */
export function Field({
  label,
  hint,
  error,
  children,
}: FieldTexts & { children(props: Labelled): ComponentChildren }) {
  const id = useId();
  const described = hint !== undefined || error !== undefined;
  const props: Labelled = {
    id,
    ...(described ? { 'aria-describedby': `${id}-about` } : {}),
    ...(error === undefined ? {} : { 'aria-invalid': true }),
  };
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {children(props)}
      {described ? (
        <p id={`${id}-about`} class={error === undefined ? 'hint' : 'hint wrong'}>
          {error ?? hint}
        </p>
      ) : null}
    </div>
  );
}
