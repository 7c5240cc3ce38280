import type { Labels } from '../service/upload.ts';
import { fieldError } from './problem-note.tsx';
import { TextField } from './text-field.tsx';

export const noLabels: Labels = { title: '', date: '' };

interface LabelFieldsProps {
  value: Labels;
  error?: Error;
  onChange(value: Labels): void;
}

/** What may be said of a text: its title, and when it was written. */
export function LabelFields({ value, error, onChange }: LabelFieldsProps) {
  return (
    <div class="fields">
      <TextField
        label="Title"
        value={value.title}
        hint="May be left empty."
        error={fieldError(error, 'title')}
        onChange={(title) => onChange({ ...value, title })}
      />
      <TextField
        label="Date"
        value={value.date}
        placeholder="1895"
        hint="When it was written: a year, a month or a day. Phrases are compared by it."
        error={fieldError(error, 'date')}
        onChange={(date) => onChange({ ...value, date })}
      />
    </div>
  );
}
