import { Type } from 'typebox';
import { textBody } from './fields.ts';
import { Checks, NotReadySchema, ProblemTypeSchema } from './problems.ts';

const ok = { status: Type.Literal('ok') };

export const Running = Type.Object(ok, { title: 'Health', description: 'The process is running' });
export const Ready = Type.Object({ ...ok, checks: Checks }, { title: 'Readiness', description: 'Ready' });
export const NotReady = {
  description: 'Not ready',
  content: {
    'application/problem+json': { schema: NotReadySchema },
  },
};

export const Version = Type.Object(
  {
    name: Type.Literal('ngramd'),
    version: Type.String({ description: 'Of this service' }),
    node: Type.String({ description: 'The version of Node.js that it runs on' }),
  },
  { title: 'Version', description: 'The version' },
);

const Root = Type.Object(
  {
    name: Type.Literal('ngramd'),
    version: Type.String(),
    description: Type.String(),
    has_keys: Type.Boolean({ description: 'Whether callers may have keys' }),
    links: Type.Object(
      {
        corpora: Type.String(),
        samples: Type.String(),
        docs: Type.String(),
        openapi: Type.String(),
        health: Type.String(),
        readiness: Type.String(),
        metrics: Type.String(),
        stats: Type.String(),
        version: Type.String(),
        problems: Type.String(),
      },
      { description: 'Paths of this server' },
    ),
  },
  { title: 'ServiceInfo', description: 'What this service is, and its main addresses' },
);

export const RootAnswers = {
  description: 'The service',
  headers: { Vary: { type: 'string', description: '`accept`' } },
  content: { 'application/json': { schema: Root }, 'text/html': textBody('The page') },
};

export const ProblemKinds = Type.Object(
  {
    items: Type.Array(
      Type.Object(
        { type: ProblemTypeSchema, status: Type.Integer(), title: Type.String() },
        { title: 'ProblemKind' },
      ),
    ),
  },
  { title: 'ProblemKinds', description: 'Each kind' },
);

export const Metrics = {
  description: 'The metrics',
  content: { 'text/plain': { schema: Type.Unsafe<string>({ type: 'string' }) } },
};
