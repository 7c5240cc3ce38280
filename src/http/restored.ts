import type { FastifyReply } from 'fastify';
import type { Corpora } from '../index/corpora.ts';
import { corpusView } from './views.ts';

/** Sends a corpus that was restored. */
export async function answerRestored(
  corpora: Corpora,
  reply: FastifyReply,
  name: string,
  outcome: 'created' | 'replaced',
) {
  const summary = await corpora.read(name, (snapshot) => snapshot.summary());
  if (outcome === 'created') reply.code(201).header('location', `/v1/corpora/${name}`);
  return reply.send(corpusView(name, summary));
}
