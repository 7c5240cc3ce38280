import { useState } from 'preact/hooks';
import { counted } from '../../format.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { ProblemNote } from '../../parts/problem-note.tsx';
import { call, send } from '../../service/call.ts';
import { useAction } from '../../service/use-action.ts';

interface TakeBackProps {
  corpus: string;
  id: string;
  tokens: number;
}

/** Removes a document from its corpus, after a question. */
export function TakeBack({ corpus, id, tokens }: TakeBackProps) {
  const [isAsked, setAsked] = useState(false);
  const removal = call('delete', '/v1/corpora/{corpus}/documents/{id}', { path: { corpus, id } });
  const { run, isRunning, error } = useAction(() => send(removal));
  return (
    <>
      <button type="button" class="quiet" onClick={() => setAsked(true)}>
        Take back<span class="unseen"> {id}</span>
      </button>
      {isAsked ? (
        <Dialog title="Take this document back?" onClose={() => setAsked(false)}>
          <p>
            The counts of its {counted(tokens, 'token')} are removed from <b>{corpus}</b>, as if{' '}
            <code>{id}</code> had never been added.
          </p>
          <ProblemNote error={error} />
          <div class="actions">
            <button type="button" class="danger" onClick={run} disabled={isRunning}>
              Take it back
            </button>
            <button type="button" class="quiet" onClick={() => setAsked(false)}>
              Keep it
            </button>
          </div>
        </Dialog>
      ) : null}
    </>
  );
}
