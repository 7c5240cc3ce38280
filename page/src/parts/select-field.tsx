import { Field, type FieldTexts } from './field.tsx';

interface SelectFieldProps extends FieldTexts {
  value: string;
  onChange(value: string): void;
  /** The values, or pairs of a value and its name. */
  options: readonly (string | readonly [value: string, name: string])[];
}

/** A choice among a few. */
export function SelectField({ value, onChange, options, ...texts }: SelectFieldProps) {
  return (
    <Field {...texts}>
      {(labelled) => (
        <select {...labelled} value={value} onChange={(event) => onChange(event.currentTarget.value)}>
          {options.map((option) => {
            const [of, name] = typeof option === 'string' ? [option, option] : option;
            return (
              <option key={of} value={of}>
                {name}
              </option>
            );
          })}
        </select>
      )}
    </Field>
  );
}
