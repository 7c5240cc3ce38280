import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);

/** 5 MB of text in some 150 languages and 27 scripts. */
export function textInManyLanguages(): string {
  const text = interfaces() + names();
  const bible = readFileSync(require.resolve('kjv/json/verses-1769.json'), 'utf8');
  return text + bible.slice(0, Math.max(0, 5_050_000 - Buffer.byteLength(text)));
}

/** The texts of an interface in twenty languages, as people wrote them, with the JSON around them. */
function interfaces(): string {
  const folder = join(dirname(require.resolve('axe-core/package.json')), 'locales');
  const files = readdirSync(folder).filter((file) => /^[a-z].*\.json$/.test(file));
  return files.map((file) => readFileSync(join(folder, file), 'utf8')).join('');
}

const alphabet = [...'abcdefghijklmnopqrstuvwxyz'];
const pairs = alphabet.flatMap((one) => alphabet.map((other) => one + other));

/** The names of languages, regions and currencies in all languages that Node.js knows, one per line. */
function names(): string {
  const languages = pairs.filter((code) => Intl.DisplayNames.supportedLocalesOf([code]).length > 0);
  const lines: string[] = [];
  for (const language of languages) {
    const add = (type: Intl.DisplayNamesType, codes: readonly string[]) => {
      const known = new Intl.DisplayNames([language], { type, fallback: 'none' });
      for (const code of codes) lines.push(known.of(code) ?? '');
    };
    add('language', languages);
    add(
      'region',
      pairs.map((code) => code.toUpperCase()),
    );
    add('currency', Intl.supportedValuesOf('currency'));
  }
  return `${lines.filter((line) => line !== '').join('\n')}\n`;
}
