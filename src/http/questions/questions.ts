import { collocates } from './collocates.ts';
import { concordance } from './concordance.ts';
import { continuations } from './continuations.ts';
import { keyness } from './keyness.ts';
import { mixedVocabulary, vocabulary } from './listings.ts';
import { ngrams } from './ngrams.ts';
import { precedingContinuations } from './preceding.ts';
import { probabilities, probability } from './probabilities.ts';
import { zipf } from './zipf.ts';

/**
 * The questions of one corpus that are answered in JSON: on the event loop or, where that takes too long, in a thread.
 */
export const questions = { probability, probabilities, continuations, ngrams, mixedVocabulary };

/** The same of one snapshot, which need no index. */
export const snapshotQuestions = { vocabulary, zipf, keyness };

/** The same of the text of a corpus, which are always answered in a thread. */
export const textQuestions = { concordance, collocates, preceding: precedingContinuations };

type Questions = typeof questions;
type SnapshotQuestions = typeof snapshotQuestions;
type TextQuestions = typeof textQuestions;
export type QuestionName = keyof Questions;
export type SnapshotQuestionName = keyof SnapshotQuestions;
export type TextQuestionName = keyof TextQuestions;

/** What is asked with a question. */
export type QuestionOf<Name extends QuestionName> = Parameters<Questions[Name]>[1];
export type SnapshotQuestionOf<Name extends SnapshotQuestionName> = Parameters<SnapshotQuestions[Name]>[1];
export type TextQuestionOf<Name extends TextQuestionName> = Parameters<TextQuestions[Name]>[1];

/** What it is answered. */
export type AnswerOf<Name extends QuestionName> = Awaited<ReturnType<Questions[Name]>>;
export type SnapshotAnswerOf<Name extends SnapshotQuestionName> = Awaited<
  ReturnType<SnapshotQuestions[Name]>
>;
