import type { MessagePort } from 'node:worker_threads';
import { asyncOutcomeOf, type Outcome, outcomeOf } from '../../errors.ts';
import { collectGarbage } from '../../platform/garbage.ts';
import type { CorpusSettings } from '../../store/store.ts';
import { loadTokenizer, type TokenizerDefinition } from '../../text/tokenizer-json/loaded.ts';
import { ArpaDraft, type ReceivedArpa } from '../arpa/arpa-draft.ts';
import { CountsDraft } from '../counts/counts-draft.ts';
import type { SharedTokenizerJson } from '../tokenizer-jsons.ts';
import { DocumentLines, type ReceivedText, type UploadedFields } from './document-lines.ts';
import { Draft, type TextNames } from './draft.ts';
import { buffersOf, type PackedDraft, packDraft } from './packed-draft.ts';
import { type SharedTextMemory, TextMemory } from './text-memory.ts';

/** After more bytes of texts than these, collecting garbage is worthwhile. */
const manyBytes = 2 ** 22;

/** The messages to the thread that receives an upload. All but the last are answered, in order. */
export type ReceiveCall =
  | { beginDocuments: UploadedFields }
  | 'beginArpa'
  | 'beginCounts'
  | { write: Uint8Array }
  | { finish: TextNames }
  | 'take'
  | 'end';

/** The answers to them: the number of tokens so far, or what was received. */
export type ReceiveAnswer = number | ReceivedText | PackedDraft | ReceivedArpa;

/** How the texts of an upload are read. */
export interface Reading {
  readonly settings: CorpusSettings;
  /** The tokenizer.json that the settings name, if they name one. */
  readonly tokenizer?: SharedTokenizerJson | undefined;
}

/** The upload that a worker receives. */
export interface ReceiveTask extends Reading {
  port: MessagePort;
  /** The file for the tokens, if there are many. */
  spoolPath: string;
  memory: SharedTextMemory;
  /** Of the table, if what comes is an ARPA file. */
  tableMemory: SharedTextMemory;
}

/** What settings say of a tokenizer.json. */
export function describeTokenizer({ sha256, json }: SharedTokenizerJson): Outcome<TokenizerDefinition> {
  return outcomeOf(() => ({ ...loadTokenizer(sha256, json).outline, sha256 }));
}

/** Receives the texts of one upload through the port until the upload is ended. */
export async function receive(task: ReceiveTask): Promise<Outcome<void>> {
  const { tokenizer } = task;
  const read = outcomeOf(() => tokenizer && loadTokenizer(tokenizer.sha256, tokenizer.json));
  return 'result' in read ? receiveTexts(task) : read;
}

function receiveTexts({
  port,
  settings,
  spoolPath,
  memory,
  tableMemory,
}: ReceiveTask): Promise<Outcome<void>> {
  const own = new TextMemory(memory);
  let draft: Draft | CountsDraft = new Draft(settings, spoolPath, own.take);
  let bytes = 0;
  let arpa: ArpaDraft | undefined;
  let documents: DocumentLines | undefined;
  const finish = (names: TextNames): ReceivedText | Promise<ReceivedText> => {
    if (arpa !== undefined)
      return arpa.finish().then(({ tokens, letters }) => ({ documents: 1, tokens, letters }));
    if (documents === undefined) {
      const { tokens, letters } = draft.finish(names);
      return { documents: 1, tokens, letters };
    }
    const received = documents.end();
    documents = undefined;
    return received;
  };
  const answer = (call: Exclude<ReceiveCall, 'end'>): ReceiveAnswer | Promise<ReceiveAnswer> => {
    if (call === 'take') return arpa === undefined ? packDraft(draft.take()) : arpa.take();
    if (call === 'beginArpa') {
      arpa = new ArpaDraft(spoolPath, tableMemory);
      return 0;
    }
    if (call === 'beginCounts') {
      draft = new CountsDraft(settings, spoolPath, own.take);
      return 0;
    }
    if ('finish' in call) return finish(call.finish);
    if ('beginDocuments' in call)
      documents = new DocumentLines(draft as Draft, call.beginDocuments, settings.tokenizer === 'ids');
    else {
      bytes += call.write.length;
      if (arpa !== undefined) return arpa.write(call.write).then(() => 0);
      (documents ?? draft).write(call.write);
    }
    return draft.length;
  };
  port.on('message', (call: ReceiveCall) => {
    if (call === 'end') return port.close();
    const outcome = outcomeOf(() => answer(call));
    if ('result' in outcome && outcome.result instanceof Promise) {
      const { result } = outcome;
      void asyncOutcomeOf(() => result).then((later) => port.postMessage(later));
      return;
    }
    const isTaken = call === 'take' && 'result' in outcome && arpa === undefined;
    port.postMessage(outcome, isTaken ? buffersOf(outcome.result as PackedDraft) : []);
  });
  const dispose = async () => {
    draft.dispose();
    await arpa?.dispose();
    if (bytes > manyBytes) collectGarbage();
  };
  return new Promise((resolve) => {
    port.on('close', () => resolve(asyncOutcomeOf(dispose)));
  });
}
