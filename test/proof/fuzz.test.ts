import t from 'tap';
import { besideTests, temporaryFolder } from '../http/harness.ts';
import { ApiDocument } from './fuzz/document.ts';
import { fuzz, fuzzSettings } from './fuzz/fuzz.ts';
import { judge, judgeBytes } from './fuzz/verdict.ts';
import { ServerProcess } from './server-process.ts';

/** Job ids are chosen by the server at random, so fuzzed requests never name an existing job. */
const ofJobs = new Set(['getJob', 'followJob', 'cancelJob']);

/** A corpus file is not among the fuzzed bodies; what restores one has tests of its own. */
const ofFiles = new Set(['restoreFile']);

t.test(
  'two thousand fuzzed requests find no fault, and every operation succeeds at least once',
  async (t) => {
    const server = await ServerProcess.start(temporaryFolder(t), 'sources', {
      ...besideTests,
      ...fuzzSettings,
    });
    t.teardown(() => server.stop());
    const { requests, statuses, findings } = await fuzz(server, 2000, 20_231_017);
    t.ok(requests >= 2000);
    t.same(findings, []);
    for (const [id, counts] of statuses) {
      if (id === 'no operation' || ofJobs.has(id) || ofFiles.has(id)) continue;
      t.ok(
        [...counts.keys()].some((status) => status < 300),
        `${id} is answered with success at least once`,
      );
    }
  },
);

const problem = {
  type: '/problems#invalid-request',
  title: 'The request is invalid',
  status: 400,
  detail: 'It is.',
  instance: '1',
};
const document = new ApiDocument({
  paths: {
    '/things/{thing}': {
      get: {
        operationId: 'getThing',
        responses: {
          200: {
            content: {
              'application/json': {
                schema: {
                  type: 'object',
                  required: ['name'],
                  properties: { name: { $ref: '#/components/schemas/Name' } },
                },
              },
            },
          },
          400: {
            content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
          },
          503: {
            content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
          },
        },
      },
    },
  },
  components: {
    schemas: {
      Name: { type: 'string' },
      Problem: {
        type: 'object',
        required: ['type', 'title', 'status', 'detail', 'instance'],
        properties: { status: { type: 'integer' } },
      },
    },
  },
});

t.test('an answer that differs from the document is a finding', async (t) => {
  const kindOf = (status: number, contentType: string, body: object | string, target = '/things/1') => {
    const request = { method: 'GET', target, headers: [] };
    const headers = { 'content-type': contentType, 'x-request-id': '1' };
    const bytes = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
    return judge(document, request, { status, headers, body: bytes })?.kind;
  };
  const json = 'application/json; charset=utf-8';
  const problemJson = 'application/problem+json';
  t.equal(kindOf(200, json, { name: 'a' }), undefined);
  t.equal(kindOf(400, problemJson, problem), undefined);
  t.equal(kindOf(503, problemJson, { ...problem, status: 503 }), undefined);
  t.equal(kindOf(404, problemJson, { ...problem, status: 404 }, '/nothing'), undefined);

  t.equal(kindOf(500, problemJson, { ...problem, status: 500 }), 'status 500');
  t.equal(kindOf(507, problemJson, { ...problem, status: 507 }), 'status 507');
  t.equal(kindOf(503, problemJson, { ...problem, status: 503 }, '/nothing'), 'status 503');
  t.equal(kindOf(404, problemJson, { ...problem, status: 404 }), 'undeclared status 404');
  t.equal(kindOf(200, json, { name: 1 }), '200 is not as documented');
  t.equal(kindOf(200, json, '{"name":'), '200 is not as documented');
  t.equal(kindOf(200, 'text/html', '<p>'), '200 of an undeclared type text/html');
  t.equal(kindOf(400, json, problem), '400 is not problem+json');
  t.equal(kindOf(400, problemJson, { error: 'it is' }), '400 is not a problem');
  t.equal(kindOf(400, problemJson, { ...problem, status: 404 }), 'status in the problem');
  t.equal(kindOf(400, problemJson, { ...problem, instance: '2' }), 'instance');
  t.equal(kindOf(418, problemJson, problem, '/nothing'), 'status 418');
});

t.test('bytes that are not HTTP must be answered with valid HTTP, or not at all', async (t) => {
  const kindOf = (text: string) => judgeBytes(document, Buffer.from(text))?.kind;
  const answer = (status: number, type: string, body: string) =>
    `HTTP/1.1 ${status} X\r\ncontent-type: ${type}\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
  const good = answer(400, 'application/problem+json', JSON.stringify(problem));
  t.equal(kindOf(''), undefined);
  t.equal(kindOf(good), undefined);
  t.equal(kindOf(`HTTP/1.1 100 Continue\r\n\r\n${good}`), undefined);
  t.equal(kindOf('garbage'), 'not HTTP');
  t.equal(kindOf(answer(400, 'text/plain', 'no')), '400 is not problem+json');
  t.equal(kindOf(good + answer(500, 'text/plain', 'no')), 'status 500');
  t.equal(kindOf('HTTP/1.1 400 X\r\nconnection: close\r\n\r\n'), '400 is not problem+json');
  t.equal(kindOf(answer(417, 'text/plain', '')), '417 is not problem+json');
});
