import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import t, { type Test } from 'tap';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Runs the audit against a registry that answers questions about vulnerabilities like this. */
async function audit(
  t: Test,
  answer: (request: IncomingMessage) => { status: number; body: object },
): Promise<{ code: number; printed: string }> {
  const registry = createServer((request, response) => {
    const { status, body } = request.url?.endsWith('/advisories/bulk')
      ? answer(request)
      : { status: 404, body: {} };
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  registry.listen(0, '127.0.0.1');
  await once(registry, 'listening');
  t.teardown(() => registry.close());
  const { port } = registry.address() as AddressInfo;
  const child = spawn(process.execPath, ['scripts/audit.ts'], {
    cwd: root,
    env: {
      ...process.env,
      npm_config_registry: `http://127.0.0.1:${port}`,
      npm_config_fetch_retries: '0',
      npm_config_cache: t.testdir(),
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const printed = await text(child.stdout);
  const [code] = await exited;
  return { code, printed };
}

const advisory = (severity: string) => ({
  fastify: [
    { id: 1, url: 'https://example.org/1', title: 'It is open', severity, vulnerable_versions: '*', cwe: [] },
  ],
});

t.test('a vulnerability of severity high fails the audit and is named', async (t) => {
  const { code, printed } = await audit(t, () => ({ status: 200, body: advisory('high') }));
  t.equal(code, 1, printed);
  t.match(printed, /fastify .*It is open/);
});

t.test('one of severity low is named and fails nothing', async (t) => {
  const { code, printed } = await audit(t, () => ({ status: 200, body: advisory('low') }));
  t.equal(code, 0, printed);
  t.match(printed, /fastify .*It is open/);
});

t.test('a registry that answers no such questions fails nothing, and it is said', async (t) => {
  const { code, printed } = await audit(t, () => ({ status: 405, body: {} }));
  t.equal(code, 0, printed);
  t.match(printed, /Vulnerabilities: not checked.*405/);
});
