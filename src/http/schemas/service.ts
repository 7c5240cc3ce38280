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
