import { readFileSync } from 'node:fs';

/** What package.json says about this program. */
export const { name, version, description, license, engines } = JSON.parse(
  readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
) as {
  name: string;
  version: string;
  description: string;
  license: string;
  engines: { node: string };
};
