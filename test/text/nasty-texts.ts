import fc from 'fast-check';

/** Characters that word segmentation treats specially, or whose treatment depends on their neighbours. */
const sensitive = [
  ...['a', 'B', '1', '_', '.', "'", ':', ',', '"', '..', '-', '%', '/', "a.b'c", '1,5', 'a_'],
  ...[
    'א',
    'ש"',
    'カ',
    'タ',
    'ｶ',
    'ﾞ',
    'か',
    'は',
    'ー',
    '\u309b',
    '\u3099',
    '人',
    '狗咬',
    '東京',
    '食べる',
    '々',
    '〇',
  ],
  ...[
    '、',
    '。',
    '，',
    '한',
    'ᄒ',
    'ᅡ',
    'ᆨ',
    'ภ',
    'า',
    'สวัสดี',
    'ไทย',
    'ລາວ',
    'ខ្មែ',
    'မြန်',
    'བོད',
    'ሰላ፡',
    '،',
    '؟',
  ],
  ...[
    '🇩🇪',
    '🇩',
    '👩',
    '🏽',
    '\u200d',
    '❤',
    '\ufe0f',
    '\u20e3',
    'ⓜ',
    'ℹ',
    '©',
    '\u0301',
    '\u0327',
    '\u0345',
    '\u200c',
  ],
  ...[
    '\u00ad',
    '\u200b',
    '\u2060',
    '\ufeff',
    '\u180e',
    '\u034f',
    '\u061c',
    '\u{e0101}',
    '\u{16ff0}',
    '\u{20000}',
  ],
  ...[
    ' ',
    '\t',
    '\r',
    '\n',
    '\u0085',
    '\u00a0',
    '\u2028',
    '\u202f',
    '\u3000',
    '\u0000',
    'İ',
    'I',
    'J\u030c',
    'Σ',
    'ΟΔΟΣ',
  ],
  ...['ﬁ', '\u037e', '\u0387', '\u09be', '\u09c7', '<s>', ' <unk> ', '</s>', ' '],
];

const piece = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(...sensitive) },
  fc.string({ unit: 'binary', maxLength: 2 }),
);

/** A short text. */
export const nastyText = fc.array(piece, { maxLength: 20 }).map((pieces) => pieces.join(''));

/** A text that may be long, since its parts are repeated. */
export const longNastyText = fc
  .array(fc.tuple(nastyText, fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 300 }))), { maxLength: 4 })
  .map((parts) => parts.map(([part, times]) => part.repeat(times)).join(''));
