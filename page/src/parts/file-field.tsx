import { bytes } from '../format.ts';
import { Field, type FieldTexts } from './field.tsx';

interface FileFieldProps extends FieldTexts {
  file: File | undefined;
  /** The names of files that are offered, such as `.json`. */
  accept: string;
  onChoose(file: File): void;
}

/** A field for a file; its hint is the chosen one. */
export function FileField({ file, accept, onChoose, hint, ...texts }: FileFieldProps) {
  return (
    <Field {...texts} hint={file === undefined ? hint : `${file.name}, ${bytes(file.size)}`}>
      {(labelled) => (
        <input
          {...labelled}
          type="file"
          accept={accept}
          onChange={(event) => {
            const chosen = event.currentTarget.files?.[0];
            if (chosen !== undefined) onChoose(chosen);
          }}
        />
      )}
    </Field>
  );
}
