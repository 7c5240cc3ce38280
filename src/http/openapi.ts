import { readFileSync } from 'node:fs';
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';
import fastifyPlugin from 'fastify-plugin';

const { version, description } = JSON.parse(
  readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
) as { version: string; description: string };

/** Describes every route in OpenAPI 3.1 at `/openapi.json`, with Swagger UI at `/docs`. */
export const describeApi = fastifyPlugin(async (app: FastifyInstance) => {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'ngramd',
        version,
        description: `${description}.`,
        license: { name: 'MIT', identifier: 'MIT' },
      },
      servers: [{ url: '/', description: 'This server' }],
      security: [],
      tags: [
        { name: 'Corpora', description: 'Named bodies of text with their settings' },
        { name: 'Documents', description: 'The texts of a corpus' },
        { name: 'Probabilities', description: 'P(word | context)' },
        { name: 'Continuations', description: 'The most probable next words' },
        { name: 'Minibatches', description: 'Pages of x and y for training neural models' },
        { name: 'Listings', description: 'What was counted' },
        { name: 'Service', description: 'Health and kinds of problems' },
      ],
    },
    refResolver: {
      buildLocalReference: (schema, _baseUri, _fragment, i) =>
        (schema.$id as string | undefined) ?? `schema-${i}`,
    },
  });
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    uiConfig: {
      tryItOutEnabled: true,
      displayRequestDuration: true,
      docExpansion: 'list',
      deepLinking: true,
    },
    theme: { title: 'ngramd', css: [{ filename: 'ngramd.css', content: '.topbar { display: none }' }] },
  });
  app.get('/openapi.json', { schema: { hide: true } }, async () => app.swagger());
});
