/** Writes the files of tiktoken's encodings from the package that contains them, unless they exist. */
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { encodingNames } from '../src/text/subwords/encodings.ts';
import { tokenFile, tokenFileOf } from '../src/text/subwords/token-file.ts';

const require = createRequire(import.meta.url);

mkdirSync(new URL('../encodings', import.meta.url), { recursive: true });
for (const name of encodingNames) {
  const file = tokenFile(name);
  if (existsSync(file)) continue;
  const part = new URL(`${file.href}.${process.pid}.part`);
  writeFileSync(part, tokenFileOf(tokensOf(require(`js-tiktoken/ranks/${name}`).bpe_ranks)));
  renameSync(part, file);
}

/** The tokens of lines `! <first id> <base64> <base64> …`, by id. */
function tokensOf(ranks: string): Uint8Array[] {
  const tokens: Uint8Array[] = [];
  for (const line of ranks.split('\n')) {
    if (line === '') continue;
    const [, first, ...some] = line.split(' ');
    for (const [i, token] of some.entries()) tokens[Number(first) + i] = Buffer.from(token, 'base64');
  }
  return tokens;
}
