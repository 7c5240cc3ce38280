import { asyncOutcomeOf, NgramdError, type Outcome } from '../../errors.ts';
import type { CorpusAddress } from '../../index/corpus.ts';
import { withSnapshot } from '../../index/thread-corpora.ts';
import type { Pruning } from '../arpa-pruning/pruning.ts';
import { backoffModel } from '../backoff-model.ts';
import { createModel, type ModelChoice } from '../count-model.ts';
import { streamedArpa } from './pieces.ts';

/** An ARPA file that a thread writes. */
export interface ArpaTask {
  readonly corpus: CorpusAddress;
  readonly choice: ModelChoice;
  /** What is left out, without an entropy. */
  readonly pruning: Pruning;
  /** The prefix of the paths of its temporary files. */
  readonly scratch: string;
  /** Takes the pieces of the file. */
  readonly pieces: WritableStream<Uint8Array>;
}

/** Writes a model's ARPA file from a snapshot of its corpus, no faster than the pieces are taken. */
export default function writeArpa({
  corpus,
  choice,
  pruning,
  scratch,
  pieces,
}: ArpaTask): Promise<Outcome<undefined>> {
  return asyncOutcomeOf(() =>
    withSnapshot(corpus, ({ read, ...ofCorpus }) =>
      read(async (snapshot) => {
        const model = await backoffModel(await createModel(ofCorpus, choice));
        const writer = pieces.getWriter();
        // Rejects when nobody reads any more, also during long work.
        let isWanted = true;
        writer.closed.catch(() => {
          isWanted = false;
        });
        for await (const piece of streamedArpa(model, snapshot, pruning, scratch)) {
          await writer.ready.catch(() => {});
          if (!isWanted) throw cancelled();
          await writer.write(piece).catch(() => {
            throw cancelled();
          });
        }
        await writer.close();
        return undefined;
      }),
    ),
  );
}

function cancelled(): NgramdError {
  return new NgramdError('cancelled', 'The client closed the connection before the file was written.');
}
