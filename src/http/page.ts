import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';

/** Where the build puts the page. */
const folder = fileURLToPath(new URL('../../dist/page', import.meta.url));

/** The page needs its own files and this server, and runs nothing that is written into a document. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
];

/** The headers of the page. Its files have hashes in their names, so that it must be new and they may be old. */
export const pageHeaders = {
  'content-security-policy': policy.join('; '),
  'cross-origin-opener-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-cache',
};

/** The page for browsers; undefined where it has not been built. */
export function readPage(): string | undefined {
  const file = `${folder}/index.html`;
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

/** Serves the files that the page loads, as they are compressed on disk. */
export async function servePageFiles(app: FastifyInstance): Promise<void> {
  if (readPage() === undefined) return;
  await app.register(fastifyStatic, {
    root: `${folder}/assets`,
    prefix: '/assets/',
    wildcard: false,
    globIgnore: ['**/*.{br,gz}'],
    index: false,
    decorateReply: false,
    preCompressed: true,
    immutable: true,
    maxAge: '1y',
    setHeaders: (response) => response.setHeader('vary', 'accept-encoding'),
  });
}
