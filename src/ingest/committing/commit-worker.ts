import { move, transferableSymbol, valueSymbol } from 'piscina';
import { asyncOutcomeOf, type Outcome } from '../../errors.ts';
import { type Store, type StoreAddress, storeInThread } from '../../store/store.ts';
import type { DraftContent } from '../receiving/draft.ts';
import { buffersOf, type PackedDraft, packDraft, unpackDraft } from '../receiving/packed-draft.ts';
import {
  type AddedTogether,
  type Addition,
  appendTexts,
  type Created,
  type Creation,
  createCorpus,
} from './commit-upload.ts';
import { type ArpaCreation, createArpaCorpus } from './create-arpa.ts';
import { takeBack } from './take-back.ts';

/** What every task says of its store. */
export interface InStore {
  readonly store: StoreAddress;
}

/** What a task says of an upload, whose draft has been sent. */
export type Sent<Upload> = Omit<Upload, 'draft'> & { readonly draft: PackedDraft | undefined };

/** Creates a corpus of an upload's texts. */
export function create({
  store,
  draft,
  ...creation
}: Sent<Creation> & InStore): Promise<Outcome<Created | undefined>> {
  return inStore(store, (store) => createCorpus(store, { ...creation, draft: unpacked(draft) }));
}

/** Creates a corpus of an ARPA file. */
export function createArpa({
  store,
  ...creation
}: ArpaCreation & InStore): Promise<Outcome<Created | undefined>> {
  return inStore(store, (store) => createArpaCorpus(store, creation));
}

/**
 * The results of additions, or their texts if they must be tried again, since another process is writing to the corpus.
 */
export type AddedOrBusy =
  | AddedTogether
  | { busy: NonNullable<Outcome<never>>; drafts: (PackedDraft | undefined)[] };

/** Adds the texts of uploads to a corpus. */
export async function append({
  store,
  additions: sent,
}: { additions: Sent<Addition>[] } & InStore): Promise<Outcome<AddedOrBusy>> {
  const additions: Addition[] = sent.map(({ draft, ...addition }) => ({
    ...addition,
    draft: unpacked(draft),
  }));
  const outcome = await inStore(store, (store) => appendTexts(store, additions));
  if (!('problem' in outcome) || outcome.problem.code !== 'corpus-busy') return outcome;
  const drafts = additions.map(({ draft }) => draft && packDraft(draft));
  const value: Outcome<AddedOrBusy> = { result: { busy: outcome, drafts } };
  const buffers = drafts.flatMap((draft) => (draft === undefined ? [] : buffersOf(draft)));
  return move({ [transferableSymbol]: buffers, [valueSymbol]: value }) as unknown as typeof value;
}

/** A document of a corpus that is taken back; `spillPath` is as for uploads. */
export interface Removal {
  readonly corpus: string;
  readonly id: string;
  readonly now: string;
  readonly spillPath: string;
}

/** Takes a document back. */
export function removeDocument({ store, corpus, id, ...options }: Removal & InStore): Promise<Outcome<void>> {
  return inStore(store, async (store) => {
    const stored = await store.open(corpus);
    await stored.change((change) => takeBack(change, id, options), { isLarge: true });
  });
}

/** Does the maintenance of a corpus. */
export function maintain({ store, corpus }: { corpus: string } & InStore): Promise<Outcome<void>> {
  return inStore(store, async (store) => (await store.open(corpus)).maintain());
}

function unpacked(draft: PackedDraft | undefined): DraftContent | undefined {
  return draft && unpackDraft(draft);
}

function inStore<T>(address: StoreAddress, work: (store: Store) => Promise<T>): Promise<Outcome<T>> {
  return asyncOutcomeOf(async () => work(await storeInThread(address)));
}
