import { Field, type FieldTexts } from './field.tsx';

interface TextFieldProps extends FieldTexts {
  value: string;
  onChange(value: string): void;
  placeholder?: string;
  /** More than one makes a field of several lines. */
  rows?: number;
  type?: 'text' | 'password';
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
