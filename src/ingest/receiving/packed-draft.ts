import { deserialize, serialize } from 'node:v8';
import type { DraftContent, DraftedText } from './draft.ts';

/**
 * A draft on its way from one thread to another. Its texts, of which there can be a hundred thousand, are serialized,
 * so that the thread in between need not read them.
 */
export interface PackedDraft extends Omit<DraftContent, 'texts'> {
  readonly texts: Uint8Array<ArrayBuffer>;
}

/** Prepares a draft to be sent. */
export function packDraft(draft: DraftContent): PackedDraft {
  return { ...draft, texts: Uint8Array.from(serialize(draft.texts)) };
}

/** The draft that was sent. */
export function unpackDraft(packed: PackedDraft): DraftContent {
  return { ...packed, texts: deserialize(packed.texts) as DraftedText[] };
}

/** The memory of a packed draft that can be transferred instead of copied. */
export function buffersOf({ texts, tokens, words, counts }: PackedDraft): ArrayBuffer[] {
  return [texts, ...tokens.chunks, words.bytes, words.ends, counts].map(
    ({ buffer }) => buffer as ArrayBuffer,
  );
}
