import { Field, type FieldTexts } from './field.tsx';

interface TextFieldProps extends FieldTexts {
  value: string;
  onChange(value: string): void;
  placeholder?: string;
  /** More than one makes a field of several lines. */
  rows?: number;
  type?: 'text' | 'password';
}

/**
 * Browsers take tens of seconds to paste thousands of lines into a field, as editing that can be undone; setting them
 * takes none.
 */
const longPaste = 20_000;

function takeLongPaste(event: ClipboardEvent & { currentTarget: HTMLTextAreaElement }) {
  const field = event.currentTarget;
  const text = event.clipboardData?.getData('text/plain') ?? '';
  if (text.length < longPaste) return;
  event.preventDefault();
  field.setRangeText(text, field.selectionStart, field.selectionEnd, 'end');
  field.dispatchEvent(new InputEvent('input', { bubbles: true }));
}

/** A field for text, which is neither corrected nor completed. */
export function TextField({
  value,
  onChange,
  placeholder,
  rows = 1,
  type = 'text',
  ...texts
}: TextFieldProps) {
  const plain = {
    autocomplete: 'off',
    autocapitalize: 'off',
    spellcheck: false,
    placeholder,
    value,
  } as const;
  return (
    <Field {...texts}>
      {(labelled) =>
        rows > 1 ? (
          <textarea
            {...labelled}
            {...plain}
            rows={rows}
            onPaste={takeLongPaste}
            onInput={(event) => onChange(event.currentTarget.value)}
          />
        ) : (
          <input
            {...labelled}
            {...plain}
            // The types have one attribute for each kind of field, and none for one of two kinds.
            type={type as 'text'}
            onInput={(event) => onChange(event.currentTarget.value)}
          />
        )
      }
    </Field>
  );
}
