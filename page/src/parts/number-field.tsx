import { Field, type FieldTexts } from './field.tsx';

interface NumberFieldProps extends FieldTexts {
  value: string;
  onChange(value: string): void;
  min?: number;
  max?: number;
}

/** A field for a whole number. Its text goes to the service as it is, which says what is wrong with it. */
export function NumberField({ value, onChange, min, max, ...texts }: NumberFieldProps) {
  return (
    <Field {...texts}>
      {(labelled) => (
        <input
          {...labelled}
          type="number"
          class="number"
          min={min}
          max={max}
          value={value}
          onInput={(event) => onChange(event.currentTarget.value)}
        />
      )}
    </Field>
  );
}
