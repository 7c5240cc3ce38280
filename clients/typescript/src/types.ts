import type { components } from './schema.ts';

export type Schemas = components['schemas'];

export type Backup = Schemas['Backup'];
export type BatchesOfIds = Schemas['BatchesOfIds'];
export type BatchesOfTokens = Schemas['BatchesOfTokens'];
export type Continuations = Schemas['Continuations'];
export type Corpus = Schemas['Corpus'];
export type Document = Schemas['Document'];
export type Estimator = Schemas['Estimator'];
export type GenerateEvent = Schemas['GenerateEvent'];
export type GeneratedText = Schemas['GeneratedText'];
export type Job = Schemas['Job'];
export type JobEvent = Schemas['JobEvent'];
export type Probabilities = Schemas['Probabilities'];
export type Probability = Schemas['Probability'];
export type Problem = Schemas['Problem'];
export type ProblemType = Schemas['ProblemType'];
export type ScoreRecord = Schemas['ScoreRecord'];
export type Scores = Schemas['Scores'];
