import { useState } from 'preact/hooks';
import { Dialog } from './parts/dialog.tsx';
import { TextField } from './parts/text-field.tsx';
import { call } from './service/call.ts';
import { key, setKey } from './service/client.ts';
import { useCorpora } from './service/corpora.ts';
import { useAnswer } from './service/use-answer.ts';

const rootCall = call('get', '/', {});

/** Where the service has keys, a button for entering one. */
export function KeyField() {
  const hasKeys = useAnswer(rootCall).data?.has_keys ?? false;
  const { error } = useCorpora();
  const [isOpen, setOpen] = useState(false);
  const [typed, setTyped] = useState(key.value);
  if (!hasKeys) return null;
  const close = () => setOpen(false);
  const use = (event: Event) => {
    event.preventDefault();
    setKey(typed.trim());
    close();
  };
  return (
    <>
      <button type="button" class={error === undefined ? 'quiet' : ''} onClick={() => setOpen(true)}>
        {key.value === '' ? 'Enter a key' : 'Key'}
      </button>
      {isOpen ? (
        <Dialog title="Key" onClose={close}>
          <form onSubmit={use}>
            <TextField
              type="password"
              label="API key"
              hint="It is kept in this tab until you close it."
              value={typed}
              onChange={setTyped}
            />
            <div class="actions">
              <button type="submit">Use it</button>
              <button type="button" class="quiet" onClick={close}>
                Cancel
              </button>
            </div>
          </form>
        </Dialog>
      ) : null}
    </>
  );
}
