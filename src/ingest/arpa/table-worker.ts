import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { failureOf } from '../../errors.ts';
import type { ArpaLevels } from '../../index/arpa/arpa-table.ts';
import { type SharedTextMemory, TextMemory } from '../receiving/text-memory.ts';
import { RepeatedNGram } from './ngram-table.ts';
import { TableBuilder } from './table-builder.ts';
import type { TableAnswer, TableCall } from './table-thread.ts';

const port = parentPort as MessagePort;
const builder = new TableBuilder(new TextMemory(workerData as SharedTextMemory).take);

port.on('message', (call: TableCall) => {
  try {
    send({ result: answer(call) });
  } catch (error) {
    if (error instanceof RepeatedNGram) {
      const { ngram, number, lines } = error;
      send({ repeated: { ngram, number, lines } });
    } else send(failureOf(error));
  }
});

function answer(call: TableCall): ArpaLevels | undefined {
  if (call === 'finish') return builder.levels;
  if ('begin' in call) builder.begin(call.begin, call.announced);
  else if ('rows' in call) builder.exchange(call.rows);
  else builder.endOrder(call.endOrder);
  return undefined;
}

function send(message: TableAnswer): void {
  port.postMessage(message);
}
