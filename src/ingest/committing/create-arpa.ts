import { arpaFile, tableFile, tablePieces } from '../../index/arpa/stored-table.ts';
import type { CorpusChange, CorpusSettings, DocumentLabels, Store } from '../../store/store.ts';
import { reservedTokens } from '../../text/reserved.ts';
import { type TokenList, tokenOf } from '../../text/token-table.ts';
import type { ReceivedArpa } from '../arpa/arpa-draft.ts';
import { storedPieces } from '../arpa/compressed-file.ts';
import { knownCorpus } from '../replay.ts';
import { requestDigest } from '../request-digest.ts';
import { UploadProgress } from '../upload-progress.ts';
import type { Created } from './commit-upload.ts';

/** A corpus that is created from an ARPA file. */
export interface ArpaCreation {
  readonly name: string;
  readonly settings: CorpusSettings;
  readonly arpa: ReceivedArpa;
  readonly labels?: DocumentLabels | undefined;
  /** Whether a corpus of the same file may be what it creates. */
  readonly unlessSame: boolean;
  /** Of the upload's `UploadProgress`. */
  readonly progress: SharedArrayBuffer;
  readonly now: string;
  /** The request's idempotency key. */
  readonly key: string | undefined;
  readonly maxCorpora: number;
}

/** As `createCorpus`, from an ARPA file. */
export async function createArpaCorpus(store: Store, creation: ArpaCreation): Promise<Created | undefined> {
  const { name, settings, arpa, labels = {}, now, key, maxCorpora } = creation;
  const progress = new UploadProgress(creation.progress);
  const { checkpoint } = progress;
  const { summary, words, levels, ranked, file } = arpa;
  const write = async (change: CorpusChange) => {
    await change.addWords(newWords(words));
    await change.addFile(arpaFile, storedPieces(file));
    await change.addFile(tableFile, tablePieces({ levels, ranked }));
    const { tokens, bytes, sha256 } = summary;
    await change.addDocuments([{ tokens, bytes, sha256, ...labels }], now);
    const created = await change.summary();
    if (key !== undefined) {
      await change.keepAnswer(key, requestDigest(settings, [summary], labels), created, now);
    }
    progress.enter('committing');
    return created;
  };
  const created = await store.create({ name, settings, now, maxCorpora }, write, {
    checkpoint,
    isLarge: true,
  });
  if (created !== undefined) return { corpus: created, added: true };
  const known = await knownCorpus(store, creation, [{ ...summary, words: words.size }]);
  return known && { corpus: known, added: false };
}

/** The words of a file with their ids; those that are reserved are there. */
function newWords(words: TokenList) {
  const { size } = words;
  const reserved = reservedTokens('line').length;
  return {
    words: { size, token: (word: number) => tokenOf(words, word), count: () => 1, afterTexts: [size] },
    ids: Uint32Array.from({ length: size }, (_, id) => id),
    added: [Uint32Array.from({ length: size - reserved }, (_, i) => reserved + i)],
  };
}
