import { computed, signal } from '@preact/signals';

/**
 * Where the reader is: a section and its parameters. It is kept in the fragment of the URL (`#/score?corpus=book`), so
 * that a view can be sent to someone, and the server never sees it.
 */
export interface Place {
  section: string;
  params: URLSearchParams;
}

const place = signal(read());

/** The parameters that each section had when it was left. */
const left = new Map<string, URLSearchParams>();

/** Browsers refuse a script that changes the address more often than some 100 times in 30 s, as a slider would. */
const writeMs = 350;
/** A longer view is not written into the address: some browsers and servers of chats cut such addresses. */
export const maxAddress = 32_000;
let writing: ReturnType<typeof setTimeout> | undefined;

// A link is followed from the view that is shown, not from one that its address still has.
addEventListener('click', writeAddress, { capture: true });

addEventListener('hashchange', () => {
  clearTimeout(writing);
  writing = undefined;
  left.set(place.value.section, place.value.params);
  place.value = read();
});

function read(): Place {
  const [section, query] = location.hash.replace(/^#\/?/, '').split(/\?(.*)/s);
  return { section, params: new URLSearchParams(query) };
}

export const section = computed(() => place.value.section);

/** The corpus of the view; empty if none is chosen. */
export const corpusName = computed(() => place.value.params.get('corpus') ?? '');

/** A parameter of the view; the empty string if it is not set. */
export function param(name: string): string {
  return place.value.params.get(name) ?? '';
}

/**
 * The link to a section as it was left, if an address can have that, with the chosen corpus or with other parameters.
 */
export function linkTo(section: string, params: Record<string, string> = {}): string {
  const all = { corpus: corpusName.value, ...params };
  const linkWith = (kept: URLSearchParams) => {
    for (const [name, value] of Object.entries(all)) write(kept, name, value);
    return hashOf({ section, params: kept });
  };
  const asLeft = linkWith(new URLSearchParams(left.get(section)));
  return asLeft.length <= maxAddress ? asLeft : linkWith(new URLSearchParams());
}

/**
 * Changes parameters of the view; an empty value removes one. With `step`, the reader can go back to the view before.
 */
export function setParams(changes: Record<string, string>, { step = false } = {}): void {
  const params = new URLSearchParams(place.value.params);
  for (const [name, value] of Object.entries(changes)) write(params, name, value);
  const next = { ...place.value, params };
  if (hashOf(next) === hashOf(place.value)) return;
  if (step && hashOf(next).length <= maxAddress) {
    writeAddress();
    history.pushState(null, '', hashOf(next));
  } else writing ??= setTimeout(writeAddress, writeMs);
  place.value = next;
}

/** Writes the view into the address, if that has another one. */
function writeAddress(): void {
  if (writing === undefined) return;
  clearTimeout(writing);
  writing = undefined;
  const hash = hashOf(place.value);
  if (hash.length <= maxAddress) history.replaceState(null, '', hash);
}

function write(params: URLSearchParams, name: string, value: string): void {
  if (value === '') params.delete(name);
  else params.set(name, value);
}

function hashOf({ section, params }: Place): string {
  const query = params.toString();
  return query === '' ? `#/${section}` : `#/${section}?${query}`;
}
