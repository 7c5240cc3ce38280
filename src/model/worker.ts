/** The tasks of a model thread; each is a function of a model and a piece of work, and answers with an outcome. */
export { outlineArpa, pruneArpa, writeArpa, writePrunedArpa } from './tasks/arpa.ts';
export { beginPrompt, completeAll, continuePrompt } from './tasks/completing.ts';
export { beginText, continueText } from './tasks/generating.ts';
export { scoreLines, scoreTexts, sumLines } from './tasks/scoring.ts';
export { detokenize, tokenize } from './tasks/tokenizing.ts';
export { tuneParameters, tuneWeights } from './tasks/tuning.ts';
