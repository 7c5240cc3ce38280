import { continuations } from './continuations.ts';
import { ngrams, vocabulary } from './listings.ts';
import { probabilities, probability } from './probabilities.ts';
import { zipf } from './zipf.ts';

/** The questions of one corpus that are answered in JSON: on the event loop or, where that takes too long, in a thread. */
export const questions = { probability, probabilities, continuations, vocabulary, ngrams, zipf };

export type QuestionName = keyof typeof questions;

/** What is asked with a question. */
export type QuestionOf<Name extends QuestionName> = Parameters<(typeof questions)[Name]>[1];

/** What it is answered. */
export type AnswerOf<Name extends QuestionName> = ReturnType<(typeof questions)[Name]>;
