import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';

interface BackupActionProps {
  label: ComponentChildren;
  /** The dialog that it opens. */
  children(onClose: () => void): ComponentChildren;
}

/** A button that opens a dialog. */
export function BackupAction({ label, children }: BackupActionProps) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <button type="button" class="quiet" onClick={() => setOpen(true)}>
        {label}
      </button>
      {isOpen ? children(() => setOpen(false)) : null}
    </>
  );
}
