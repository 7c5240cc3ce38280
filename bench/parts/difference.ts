import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Bench, Row } from '../bench.ts';
import { type Service, time } from '../service.ts';
import { brownTexts, poems } from '../text.ts';

/** The most bytes of each text. */
const maxBytes = 5_000_000;
/** One line in so many is held out. */
const heldOutShare = 10;

/** A record of `…/score?against=`. */
interface ScoredLine {
  tokens: number;
  perplexity: number;
  cross_entropy_difference: number;
}

/**
 * How well the difference of two models' cross-entropies tells held-out lines of one text from those of another, beside
 * what one model's perplexity tells; and how long it takes beside two scorings.
 */
export async function difference(bench: Bench): Promise<Row[]> {
  const { folder } = bench;
  const service = await bench.service();
  const texts = {
    brown: splitLines(brownTexts(folder, 'a-r')),
    poems: splitLines(poems(folder)),
    informative: splitLines(brownTexts(folder, 'a-j')),
    fiction: splitLines(brownTexts(folder, 'k-r')),
  };
  for (const [name, { others }] of Object.entries(texts)) {
    const file = join(folder, `${name}.txt`);
    writeFileSync(file, others);
    await service.send(`/v1/corpora/${name}?${settings}`, 'PUT', file);
  }
  const rows = [
    await telling(service, folder, 'the Brown corpus', texts.brown, 'brown', texts.poems, 'poems'),
    await telling(service, folder, 'its fiction', texts.fiction, 'fiction', texts.informative, 'informative'),
  ];
  for (const name of Object.keys(texts)) {
    await service.request(`/v1/corpora/${name}`, { method: 'DELETE' });
  }
  return [...rows, await speed(bench)];
}

const settings = 'tokenizer=whitespace&sequences=line';

/** A text, without its held-out lines, and these. */
interface SplitText {
  others: string;
  heldOut: string;
}

function splitLines(texts: Iterable<string>): SplitText {
  const lines: string[] = [];
  let bytes = 0;
  for (const text of texts) {
    for (const line of text.split('\n')) {
      if (line.trim() !== '') lines.push(`${line.trim()}\n`);
    }
    bytes += Buffer.byteLength(text);
    if (bytes > maxBytes) break;
  }
  const isHeldOut = (i: number) => i % heldOutShare === heldOutShare - 1;
  return {
    others: lines.filter((_, i) => !isHeldOut(i)).join(''),
    heldOut: lines.filter((_, i) => isHeldOut(i)).join(''),
  };
}

async function telling(
  service: Service,
  folder: string,
  what: string,
  inside: SplitText,
  insideName: string,
  outside: SplitText,
  outsideName: string,
): Promise<Row> {
  const score = async ({ heldOut }: SplitText) => {
    const file = join(folder, 'held-out.txt');
    writeFileSync(file, heldOut);
    const query = `estimator=modified-kneser-ney&against=${outsideName}`;
    const answer = await service.send(`/v1/corpora/${insideName}/score?${query}`, 'POST', file);
    return answer
      .trim()
      .split('\n')
      .map((line): ScoredLine => JSON.parse(line));
  };
  const own = await score(inside);
  const other = await score(outside);
  const differences = [own, other].map((lines) => lines.map((line) => line.cross_entropy_difference));
  const perplexities = [own, other].map((lines) => lines.map((line) => line.perplexity));
  const right =
    differences[0].filter((difference) => difference < 0).length +
    differences[1].filter((difference) => difference >= 0).length;
  const share = (100 * right) / (own.length + other.length);
  return {
    what: `telling ${own.length} lines of ${what} from ${other.length} of ${outsideName}, order 3`,
    ours: `AUC ${rankedBelow(differences).toFixed(4)}; ${share.toFixed(1)} % right at 0`,
    reference: `AUC ${rankedBelow(perplexities).toFixed(4)}, perplexity of one model`,
    ratio: undefined,
  };
}

/**
 * The share of pairs of a value of the first list and one of the second in which the first is less (AUC; ties count
 * half).
 */
function rankedBelow([first, second]: number[][]): number {
  const all = [
    ...first.map((value) => ({ value, isFirst: true })),
    ...second.map((value) => ({ value, isFirst: false })),
  ].sort((a, b) => a.value - b.value);
  let before = 0;
  let pairs = 0;
  for (let at = 0; at < all.length; ) {
    let end = at;
    while (end < all.length && all[end].value === all[at].value) end++;
    const equal = all.slice(at, end);
    const ofFirst = equal.filter(({ isFirst }) => isFirst).length;
    const ofSecond = equal.length - ofFirst;
    pairs += ofSecond * (before + ofFirst / 2);
    before += ofFirst;
    at = end;
  }
  return pairs / (first.length * second.length);
}

/**
 * A tenth of the text against another order of the same, and what the two scorings take alone; the faster of two rounds
 * each.
 */
async function speed(bench: Bench): Promise<Row> {
  const fifth = await bench.ready(5);
  const third = await bench.ready(3);
  const query = 'estimator=modified-kneser-ney';
  const fastest = async (path: string) => {
    const seconds = [];
    for (let round = 0; round < 3; round++) {
      seconds.push(await time(async () => (await bench.service()).exchange(path, bench.tenth.path)));
    }
    return Math.min(...seconds);
  };
  const alone = (await fastest(`${third}/score?${query}`)) + (await fastest(`${fifth}/score?${query}`));
  const both = await fastest(`${third}/score?${query}&against=order5`);
  return {
    what: 'a tenth of the text at order 3 against order 5, lines',
    ours: `${both.toFixed(2)} s`,
    reference: `${alone.toFixed(2)} s, the two scorings`,
    ratio: alone / both,
  };
}
