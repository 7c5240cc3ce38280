import { computed, signal } from '@preact/signals';
import { Ngramd } from '../../../clients/typescript/src/index.ts';

/** The address of the service that sent this page, without a slash at its end. */
export const address = new URL('.', location.href).href.replace(/\/$/, '');

/** The key is kept for this tab, until it is closed. */
const storedAs = 'ngramd-key';
const stored = signal(sessionStorage.getItem(storedAs) ?? '');

/** The key that requests are sent with; empty for none. */
export const key = computed(() => stored.value);

export function setKey(value: string): void {
  stored.value = value;
  if (value === '') sessionStorage.removeItem(storedAs);
  else sessionStorage.setItem(storedAs, value);
}

export const client = computed(() => new Ngramd(address, key.value === '' ? {} : { key: key.value }));
