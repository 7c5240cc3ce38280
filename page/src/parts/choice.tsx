import { useId } from 'preact/hooks';

interface ChoiceProps<Value extends string> {
  legend: string;
  value: Value;
  options: readonly (readonly [value: Value, name: string])[];
  onChange(value: Value): void;
}

/** A choice among a few that are all in sight: radio buttons that look like one bar. */
export function Choice<Value extends string>({ legend, value, options, onChange }: ChoiceProps<Value>) {
  const name = useId();
  return (
    <fieldset class="choice">
      <legend>{legend}</legend>
      <div>
        {options.map(([option, text]) => (
          <label key={option}>
            <input
              type="radio"
              name={name}
              value={option}
              checked={option === value}
              onChange={() => onChange(option)}
            />
            <span>{text}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
