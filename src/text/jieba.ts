import { createRequire } from 'node:module';
import type { Jieba } from '@node-rs/jieba';
import { NgramdError } from '../errors.ts';
import { normalForm } from './normal-form.ts';
import { SegmentedStretches } from './segmented-stretches.ts';
import type { Language } from './unicode.ts';
import { WordFinder } from './word-finder.ts';

const require = createRequire(import.meta.url);

/** The dictionary that is installed, by the version of its package; undefined where there is none. */
export function installedDictionary(): string | undefined {
  try {
    return `jieba-${require('@node-rs/jieba/package.json').version}`;
  } catch {
    return undefined;
  }
}

/** Runs of ideographs and the ASCII characters that jieba's words can have beside them, and what is between these. */
const runs = /[\p{Unified_Ideograph}A-Za-z0-9+#&._%-]+|[^\p{Unified_Ideograph}A-Za-z0-9+#&._%-]+/gu;
const ideograph = /\p{Unified_Ideograph}/u;
const wordLike = /[\p{L}\p{N}]/u;

/** Finds Chinese words by jieba's dictionary, and other words as `WordFinder` does. */
class ChineseFinder extends WordFinder {
  readonly #jieba: Jieba;

  constructor(jieba: Jieba) {
    super();
    this.#jieba = jieba;
  }

  override words(text: string): string[] {
    if (!ideograph.test(text)) return super.words(text);
    const words: string[] = [];
    let others = '';
    for (const [run] of normalForm(text).matchAll(runs)) {
      if (!ideograph.test(run)) {
        others += run;
        continue;
      }
      words.push(...super.words(others));
      others = '';
      for (const word of this.#jieba.cut(run, true)) if (wordLike.test(word)) words.push(this.fold(word));
    }
    words.push(...super.words(others));
    return words;
  }
}

let loaded: { readonly language: Language; readonly dictionary: string } | undefined;

/**
 * The words of Chinese by a dictionary, which is loaded when it is used first in a thread: that takes half a second and
 * 40 MB. Throws `not-supported` where another one is installed, or none: its words would be others than those of the
 * corpus.
 */
export function chineseLanguage(dictionary: string | undefined): Language {
  if (loaded !== undefined && loaded.dictionary === dictionary) return loaded.language;
  const installed = installedDictionary();
  if (dictionary === undefined || installed !== dictionary) {
    throw new NgramdError(
      'not-supported',
      `The words of this corpus are found with the dictionary ${dictionary}, and this server has ${installed ?? 'none'}. Install that version of @node-rs/jieba.`,
    );
  }
  const { Jieba } = require('@node-rs/jieba') as typeof import('@node-rs/jieba');
  const { dict } = require('@node-rs/jieba/dict.js') as typeof import('@node-rs/jieba/dict.js');
  const finder = new ChineseFinder(Jieba.withDict(dict));
  loaded = { dictionary, language: { finder, stretches: new SegmentedStretches(finder, 1) } };
  return loaded.language;
}
