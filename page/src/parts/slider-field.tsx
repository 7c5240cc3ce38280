import { Field, type FieldTexts } from './field.tsx';

interface SliderFieldProps extends FieldTexts {
  value: number;
  min: number;
  max: number;
  step: number;
  /** What the value means, which is shown beside the slider and read with it. */
  text: string;
  onChange(value: number): void;
}

/** A slider. Its value can be a logarithm, so its text says what it stands for. */
export function SliderField({ value, min, max, step, text, onChange, ...texts }: SliderFieldProps) {
  return (
    <Field {...texts}>
      {(labelled) => (
        <div class="slider">
          <input
            {...labelled}
            type="range"
            min={min}
            max={max}
            step={step}
            value={value}
            aria-valuetext={text}
            onInput={(event) => onChange(event.currentTarget.valueAsNumber)}
          />
          <output for={labelled.id}>{text}</output>
        </div>
      )}
    </Field>
  );
}
