import { useState } from 'preact/hooks';
import type { Corpus } from '../../../../clients/typescript/src/index.ts';
import { Choice } from '../../parts/choice.tsx';
import { LabelFields, noLabels } from '../../parts/label-fields.tsx';
import { Panel } from '../../parts/panel.tsx';
import { fieldError } from '../../parts/problem-note.tsx';
import { TextField } from '../../parts/text-field.tsx';
import { FileDrop, PastedText } from '../../parts/text-source.tsx';
import { UploadProgress } from '../../parts/upload-progress.tsx';
import { param, setParams } from '../../place.ts';
import { call } from '../../service/call.ts';
import { corpusUpload, formOf, isArpa, sampleUpload, upload as send } from '../../service/upload.ts';
import { useUpload } from '../../service/use-upload.ts';
import { Counted } from './counted.tsx';
import { Samples, samplesCall } from './samples.tsx';
import { chosenSettings, SettingsFields } from './settings-fields.tsx';

const sources = [
  ['sample', 'A sample'],
  ['file', 'A file'],
  ['text', 'Pasted text'],
] as const;
type SourceName = (typeof sources)[number][0];

/** Making a corpus of a sample, a file or a pasted text. */
export function Start() {
  const source = sources.find(([name]) => name === param('from'))?.[0] ?? 'sample';
  const [sample, setSample] = useState('sonnets');
  const [file, setFile] = useState<File>();
  const [hasModel, setHasModel] = useState(false);
  const [tokenizerFile, setTokenizerFile] = useState<File>();
  const [text, setText] = useState('');
  const [labels, setLabels] = useState(noLabels);
  const [typedName, setName] = useState<string>();
  const upload = useUpload<Corpus>();
  const name = typedName ?? suggestedName(source, sample, file);
  const blob = source === 'file' ? file : new Blob([text]);

  const isSample = source === 'sample';
  const isModel = source === 'file' && hasModel;
  const choose = (file: File) => {
    setFile(file);
    isArpa(file).then(setHasModel, () => setHasModel(false));
  };
  const settings = chosenSettings(isSample);
  const hasTokenizer = !isSample && !isModel && settings.tokenizer === 'huggingface';
  const asked = isSample
    ? sampleUpload(name, sample, settings)
    : corpusUpload(name, isModel ? undefined : settings, labels);
  const fileName = source === 'file' && file !== undefined ? file.name : 'text.txt';
  const start = (event: Event) => {
    event.preventDefault();
    const form = () => formOf({ tokenizer: tokenizerFile as File, file: new File([blob as Blob], fileName) });
    const body = isSample ? undefined : hasTokenizer ? form() : blob;
    upload.start((following) => send(asked, body, following));
  };
  const sent = hasTokenizer
    ? { form: { tokenizer: tokenizerFile?.name ?? 'tokenizer.json', file: fileName } }
    : { file: fileName };
  const isIncomplete =
    blob === undefined || (source === 'text' && text === '') || (hasTokenizer && tokenizerFile === undefined);

  return (
    <>
      <Panel
        title="A new corpus"
        call={isSample ? asked : { ...asked, ...sent }}
        csv={isSample ? samplesCall : call('get', '/v1/corpora', {})}
      >
        <form onSubmit={start}>
          <Choice<SourceName>
            legend="Text"
            value={source}
            options={sources}
            onChange={(value) => setParams({ from: value === 'sample' ? '' : value })}
          />
          {source === 'sample' ? <Samples chosen={sample} onChoose={setSample} /> : null}
          {source === 'file' ? <FileDrop file={file} takesModels onChoose={choose} /> : null}
          {source === 'text' ? <PastedText value={text} onChange={setText} /> : null}
          <TextField
            label="Name"
            value={name}
            hint="Lower-case letters, digits, “.”, “_” and “-”."
            error={fieldError(upload.error, 'name') ?? fieldError(upload.error, 'corpus')}
            onChange={setName}
          />
          {isModel ? (
            <p class="note">
              This is an ARPA file: its model answers, with its own tokens, order and lines. It has no counts.
            </p>
          ) : (
            <SettingsFields
              isOfSample={isSample}
              tokenizerFile={tokenizerFile}
              onTokenizerFile={setTokenizerFile}
              error={upload.error}
            />
          )}
          {isSample ? null : <LabelFields value={labels} error={upload.error} onChange={setLabels} />}
          <div class="actions">
            <button type="submit" class="primary" disabled={upload.isRunning || name === '' || isIncomplete}>
              Count it
            </button>
          </div>
        </form>
        <UploadProgress
          of={upload}
          shownFields={[
            'name',
            'corpus',
            'tokenizer',
            'vocabulary_ids',
            'order',
            'sequences',
            'title',
            'date',
          ]}
        />
      </Panel>
      {upload.added === undefined ? null : <Counted corpus={upload.added} />}
    </>
  );
}

/** A name for a corpus that the service takes. */
function suggestedName(source: SourceName, sample: string, file: File | undefined): string {
  if (source === 'sample') return sample;
  if (source === 'text') return 'pasted';
  const [stem = ''] = file?.name.toLowerCase().split('.') ?? [];
  return stem
    .replaceAll(/[^a-z0-9._-]+/g, '-')
    .replace(/^[^a-z0-9]+/, '')
    .slice(0, 64);
}
