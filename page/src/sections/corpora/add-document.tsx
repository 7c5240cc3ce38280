import { useState } from 'preact/hooks';
import type { Document } from '../../../../clients/typescript/src/index.ts';
import { counted } from '../../format.ts';
import { Choice } from '../../parts/choice.tsx';
import { LabelFields, noLabels } from '../../parts/label-fields.tsx';
import { Panel } from '../../parts/panel.tsx';
import { FileDrop, PastedText } from '../../parts/text-source.tsx';
import { UploadProgress } from '../../parts/upload-progress.tsx';
import { documentUpload, upload as send } from '../../service/upload.ts';
import { useUpload } from '../../service/use-upload.ts';
import { documentsCall } from './documents.tsx';

/** Adds a text to a corpus. */
export function AddDocument({ corpus }: { corpus: string }) {
  const [source, setSource] = useState<'file' | 'text'>('file');
  const [file, setFile] = useState<File>();
  const [text, setText] = useState('');
  const [labels, setLabels] = useState(noLabels);
  const upload = useUpload<Document>();
  const blob = source === 'file' ? file : text === '' ? undefined : new Blob([text]);
  const asked = documentUpload(corpus, labels);
  const add = (event: Event) => {
    event.preventDefault();
    upload.start((following) => send(asked, blob, following));
  };
  const fileName = source === 'file' && file !== undefined ? file.name : 'text.txt';
  return (
    <Panel title="Add a document" call={{ ...asked, file: fileName }} csv={documentsCall(corpus)}>
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
        <LabelFields value={labels} error={upload.error} onChange={setLabels} />
        <div class="actions">
          <button type="submit" disabled={blob === undefined || upload.isRunning}>
            Add it
          </button>
        </div>
      </form>
      <UploadProgress of={upload} shownFields={['title', 'date']} />
      {upload.added === undefined ? null : (
        <p role="status">
          Added <code>{upload.added.id}</code>, {counted(upload.added.tokens, 'token')}. {upload.added.note}
        </p>
      )}
    </Panel>
  );
}
