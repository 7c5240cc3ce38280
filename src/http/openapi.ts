import helmet from '@fastify/helmet';
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyContextConfig, FastifyInstance, FastifySchema } from 'fastify';
import fastifyPlugin from 'fastify-plugin';
import { description, version } from '../product.ts';
import { withComponents, withDefaultsInWords } from './openapi-components.ts';
import { errorResponses } from './schemas/openai.ts';
import { svgInDocs } from './svg-in-docs.ts';

/** What Swagger UI needs: its own files, images in its styles, and requests to this server. */
const pagePolicy = {
  'default-src': "'self'",
  'img-src': "'self' data:",
  'style-src': "'self' 'unsafe-inline'",
  'object-src': "'none'",
  'base-uri': "'none'",
  'frame-ancestors': "'none'",
};

/** Of errors only the description: each would show the same example. */
const pageStyle = `.swagger-ui .topbar { display: none }
.swagger-ui .response:is([data-code^="4"], [data-code^="5"])
  :is(.response-controls, .model-example, .headers-wrapper, .response-col_links i, .response-col_description__inner ~ *) { display: none }
.swagger-ui .response:is([data-code^="4"], [data-code^="5"]) td { padding-top: 4px !important }
.swagger-ui .response:is([data-code^="4"], [data-code^="5"]) p { margin: 0 }`;

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
      components: {
        securitySchemes: {
          bearer: { type: 'http', scheme: 'bearer', description: 'One of the keys in API_KEYS' },
          key: {
            type: 'apiKey',
            in: 'header',
            name: 'X-API-Key',
            description: 'The same key in a header of its own',
          },
        },
      },
      tags: [
        { name: 'Samples', description: 'Texts to begin with' },
        { name: 'Corpora', description: 'Named bodies of text with their settings' },
        { name: 'Documents', description: 'The texts of a corpus' },
        { name: 'Backups', description: 'Copies of corpora: making, fetching and restoring them' },
        { name: 'Jobs', description: 'Uploads in progress: following and cancelling them' },
        { name: 'Probabilities', description: 'P(word | context)' },
        { name: 'Continuations', description: 'The most probable next words' },
        { name: 'Scores', description: 'The probabilities of texts' },
        { name: 'Generation', description: 'Texts sampled from a model' },
        {
          name: 'OpenAI',
          description: "Completions as OpenAI's clients and lm-evaluation-harness ask for them",
        },
        { name: 'Minibatches', description: 'Pages of x and y for training neural models' },
        { name: 'Listings', description: 'The vocabulary, the n-grams and their frequencies' },
        {
          name: 'Corpus linguistics',
          description: 'Phrases in context, collocations and comparisons of corpora',
        },
        { name: 'Export', description: 'Models as files' },
        { name: 'Service', description: 'Health and kinds of problems' },
      ],
    },
    transformObject: (document) => withComponents('openapiObject' in document ? document.openapiObject : {}),
    transform: ({ schema, url, route }) => ({ schema: withAccess(schema, route.config ?? {}), url }),
  });
  await app.register(async (pages) => {
    // TLS is terminated at a proxy, which is the place to enforce it. The policy is Swagger UI's own.
    await pages.register(helmet, { contentSecurityPolicy: false, strictTransportSecurity: false });
    await pages.register(swaggerUi, {
      routePrefix: '/docs',
      staticCSP: pagePolicy,
      uiConfig: {
        tryItOutEnabled: true,
        displayRequestDuration: true,
        docExpansion: 'list',
        deepLinking: true,
      },
      theme: {
        title: 'ngramd',
        js: [{ filename: 'ngramd.js', content: svgInDocs }],
        css: [{ filename: 'ngramd.css', content: pageStyle }],
      },
    });
  });
  app.get('/openapi.json', { schema: { hide: true } }, async () => app.swagger());
});

/** The description of the problem of a caller that asks too often. */
const tooMany = 'Too Many Requests: more than RATE_LIMIT in a minute, which each process counts for itself';

/** A route's schema with the key that it requires and the problems that every route may return. */
function withAccess(
  schema: FastifySchema,
  { scope, rateLimit, atOnce, errors }: FastifyContextConfig,
): FastifySchema {
  const needsKey = scope !== undefined && scope !== 'open';
  const responses = errorResponses(errors);
  const refusals = {
    ...responses(400, 417, 500),
    ...(atOnce ? {} : responses(408)),
    ...(needsKey ? responses(401, 403) : {}),
    ...(rateLimit === false ? {} : { 429: { ...responses(429)[429], description: tooMany } }),
  };
  return {
    ...schema,
    ...(schema?.body === undefined ? {} : { body: withDefaultsInWords(schema.body) }),
    ...(needsKey ? { security: [{ bearer: [scope] }, { key: [scope] }] } : {}),
    response: { ...(schema?.response ?? {}), ...refusals },
  };
}
