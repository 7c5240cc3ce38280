import { useId, useState } from 'preact/hooks';
import { bytes } from '../format.ts';
import { TextField } from './text-field.tsx';

interface FileDropProps {
  file: File | undefined;
  /** Whether a file can also have a model. */
  takesModels?: boolean;
  onChoose(file: File): void;
}

/** A file that is dropped here, or chosen. */
export function FileDrop({ file, takesModels, onChoose }: FileDropProps) {
  const [isOver, setOver] = useState(false);
  const id = useId();
  const take = (files: FileList | null | undefined) => {
    const chosen = files?.[0];
    if (chosen !== undefined) onChoose(chosen);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is a shortcut; the field in it does the same by keyboard
    <div
      class={isOver ? 'drop over' : 'drop'}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        take(event.dataTransfer?.files);
      }}
    >
      <label for={id}>Drop a text file here, or choose one</label>
      <input id={id} type="file" onChange={(event) => take(event.currentTarget.files)} />
      <p class="hint">
        {file === undefined
          ? `Plain text in UTF-8${takesModels ? ', or an ARPA file' : ''}, also compressed with gzip.`
          : `${file.name}, ${bytes(file.size)}`}
      </p>
    </div>
  );
}

/** A text that is pasted. */
export function PastedText({ value, onChange }: { value: string; onChange(value: string): void }) {
  return <TextField label="Text" rows={8} value={value} onChange={onChange} />;
}
