import { useState } from 'preact/hooks';

/** Copies a text. Browsers allow it on pages with TLS and from this machine; elsewhere there is no button. */
export function CopyButton({ text }: { text: string }) {
  const [copied, setCopied] = useState('');
  if (navigator.clipboard === undefined) return null;
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    setCopied(text);
  };
  return (
    <button type="button" class="quiet" onClick={copy}>
      <span aria-live="polite">{copied === text ? 'Copied' : 'Copy'}</span>
    </button>
  );
}
