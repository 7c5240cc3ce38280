import type { MessagePort } from 'node:worker_threads';
import { type Outcome, outcomeOf } from '../errors.ts';
import type { CorpusSettings } from '../store/corpus.ts';
import { CorpusWriter } from '../store/sqlite/corpus-writer.ts';
import { openCorpusFile, writerTimeout } from '../store/sqlite/database.ts';
import { takeBack } from './take-back.ts';
import { Upload } from './upload.ts';
import { UploadProgress } from './upload-progress.ts';

/** The calls of an upload that cross the thread border. */
export type UploadMethod = 'write' | 'finish' | 'create' | 'append';

export interface UploadCall {
  method: UploadMethod;
  args: unknown[];
}

/** What a worker is given of an upload. */
export interface UploadTask {
  port: MessagePort;
  settings: CorpusSettings;
  temporaryPath: string;
  /** Of its `UploadProgress`. */
  progress: SharedArrayBuffer;
}

/** Serves one upload's calls, one after the other, until it is ended. */
export function upload({ port, settings, temporaryPath, progress }: UploadTask) {
  const served = new Upload(settings, temporaryPath, new UploadProgress(progress));
  port.on('message', (call: UploadCall | 'end') => {
    if (call === 'end') return port.close();
    const { method, args } = call;
    port.postMessage(outcomeOf(() => Reflect.apply(served[method], served, args)));
  });
  return new Promise<void>((resolve) => {
    port.on('close', () => {
      served.dispose();
      resolve();
    });
  });
}

/** Takes a document of the corpus file at `path` back. Its temporary files have names that begin with `temporaryPath`. */
export function removeDocument(task: {
  path: string;
  id: string;
  now: string;
  temporaryPath: string;
}): Outcome<void> {
  const { path, id, now, temporaryPath } = task;
  return outcomeOf(() => {
    const writer = new CorpusWriter(openCorpusFile(path, writerTimeout));
    try {
      // On a full disk only a log with nothing else in it can be cut off after a change that fails.
      writer.emptyLog();
      writer.transaction(() => takeBack(writer, id, now, `${temporaryPath}.runs`));
    } finally {
      writer.close();
    }
  });
}

/** Merges the runs of the corpus file at `path` until there are few. */
export function compact({ path }: { path: string }): Outcome<void> {
  return outcomeOf(() => {
    const writer = new CorpusWriter(openCorpusFile(path));
    try {
      writer.transaction(() => writer.compact());
      writer.trim();
    } finally {
      writer.close();
    }
  });
}
