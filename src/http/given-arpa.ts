import { promisify } from 'node:util';
import { zstdDecompress } from 'node:zlib';
import { NgramdError } from '../errors.ts';
import { arpaFile } from '../index/arpa/stored-table.ts';
import type { Corpora } from '../index/corpora.ts';

const decompress = promisify(zstdDecompress);

/**
 * The ARPA file that a corpus was read from, as it was sent. Throws `corpus-not-found` if the corpus is replaced
 * meanwhile.
 */
export async function* givenArpa(corpora: Corpora, corpus: string): AsyncGenerator<Uint8Array, void> {
  let id: string | undefined;
  for (let number = 0; ; number++) {
    const piece = await corpora.read(corpus, async (snapshot) => {
      id ??= snapshot.ref.id;
      if (snapshot.ref.id !== id) throw new NgramdError('corpus-not-found', 'The corpus was replaced.');
      return snapshot.filePiece(arpaFile, number);
    });
    if (piece === undefined) return;
    yield await decompress(piece);
  }
}
