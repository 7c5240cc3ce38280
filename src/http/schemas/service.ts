import { Type } from 'typebox';
import { ProblemSchema } from './problems.ts';

const ok = { status: Type.Literal('ok') };

const checks = Type.Array(Type.Object({ name: Type.String(), ok: Type.Boolean(), detail: Type.String() }), {
  description: 'The conditions of readiness, and whether each holds',
});

export const Running = Type.Object(ok, { description: 'The process is running' });
export const Ready = Type.Object({ ...ok, checks }, { description: 'Ready' });
export const NotReady = {
  description: 'Not ready',
  content: {
    'application/problem+json': { schema: Type.Object({ ...ProblemSchema.properties, checks }) },
  },
};

export const Version = Type.Object(
  {
    name: Type.Literal('ngramd'),
    version: Type.String({ description: 'Of this service' }),
    node: Type.String({ description: 'The version of Node.js that it runs on' }),
  },
  { description: 'The version' },
);

export const Root = Type.Object(
  {
    name: Type.Literal('ngramd'),
    version: Type.String(),
    description: Type.String(),
    links: Type.Object(
      {
        corpora: Type.String(),
        samples: Type.String(),
        docs: Type.String(),
        openapi: Type.String(),
        health: Type.String(),
        readiness: Type.String(),
        metrics: Type.String(),
        version: Type.String(),
        problems: Type.String(),
      },
      { description: 'Paths of this server' },
    ),
  },
  { description: 'What this service is, and where things are' },
);

export const ProblemKinds = Type.Object(
  {
    items: Type.Array(Type.Object({ type: Type.String(), status: Type.Integer(), title: Type.String() })),
  },
  { description: 'Each kind' },
);

export const Metrics = {
  description: 'The metrics',
  content: { 'text/plain': { schema: Type.Unsafe<string>({ type: 'string' }) } },
};
