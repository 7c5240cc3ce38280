import { useState } from 'preact/hooks';
import type { Document } from '../../../../clients/typescript/src/index.ts';
import { counted } from '../../format.ts';
import { Choice } from '../../parts/choice.tsx';
import { Panel } from '../../parts/panel.tsx';
import { FileDrop, PastedText } from '../../parts/text-source.tsx';
import { UploadProgress } from '../../parts/upload-progress.tsx';
import { addDocument } from '../../service/upload.ts';
import { useUpload } from '../../service/use-upload.ts';

/** Adds a text to a corpus. */
export function AddDocument({ corpus }: { corpus: string }) {
  const [source, setSource] = useState<'file' | 'text'>('file');
  const [file, setFile] = useState<File>();
  const [text, setText] = useState('');
  const upload = useUpload<Document>();
  const blob = source === 'file' ? file : text === '' ? undefined : new Blob([text]);
  const add = (event: Event) => {
    event.preventDefault();
    upload.start((following) => addDocument(corpus, blob as Blob, following));
  };
  return (
    <Panel title="Add a document">
      <form onSubmit={add}>
        <Choice<'file' | 'text'>
          legend="Text"
          value={source}
          options={[
            ['file', 'A file'],
            ['text', 'Pasted text'],
          ]}
          onChange={setSource}
        />
        {source === 'file' ? (
          <FileDrop file={file} onChoose={setFile} />
        ) : (
          <PastedText value={text} onChange={setText} />
        )}
        <div class="actions">
          <button type="submit" disabled={blob === undefined || upload.isRunning}>
            Add it
          </button>
        </div>
      </form>
      <UploadProgress of={upload} />
      {upload.added === undefined ? null : (
        <p role="status">
          Added <code>{upload.added.id}</code>, {counted(upload.added.tokens, 'token')}. {upload.added.note}
        </p>
      )}
    </Panel>
  );
}
