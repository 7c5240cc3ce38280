/** The number of URLs that are remembered, a power of two. */
const slots = 2 ** 15;

/**
 * Remembers which URLs have come lately, as hashes in a table: without keeping the URLs, so that nothing is left to the
 * garbage collector. A URL replaces another one in its slot, and very rarely has the hash of another.
 */
export class RecentUrls {
  readonly #hashes = new Int32Array(slots);

  /** Remembers a URL. Returns whether it was remembered already. */
  add(url: string): boolean {
    const hash = hashOf(url);
    const slot = hash & (slots - 1);
    const isKnown = this.#hashes[slot] === hash;
    this.#hashes[slot] = hash;
    return isKnown;
  }
}

/** FNV-1a over UTF-16 code units; never 0, which stands for an empty slot. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash ^ (hash >>> 15) || 1;
}
