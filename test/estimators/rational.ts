/** An exact fraction. Its denominator is positive; it is reduced only where it is large. */
export interface Rational {
  readonly over: bigint;
  readonly under: bigint;
}

const zero: Rational = { over: 0n, under: 1n };

/** The number that a double is, exactly; whole numbers may be of any size. */
export function exactly(value: number | bigint): Rational {
  if (typeof value === 'bigint') return { over: value, under: 1n };
  const bits = new DataView(new ArrayBuffer(8));
  bits.setFloat64(0, value);
  const word = bits.getBigUint64(0);
  const exponent = Number((word >> 52n) & 0x7ffn);
  const fraction = word & 0xfffffffffffffn;
  const significand = exponent === 0 ? fraction : fraction | 0x10000000000000n;
  const signed = word >> 63n === 1n ? -significand : significand;
  const shift = BigInt(Math.max(exponent, 1) - 1075);
  return shift >= 0n ? { over: signed << shift, under: 1n } : { over: signed, under: 1n << -shift };
}

export function plus(...terms: Rational[]): Rational {
  return terms.reduce(
    (a, b) => reduced({ over: a.over * b.under + b.over * a.under, under: a.under * b.under }),
    zero,
  );
}

export function minus(a: Rational, b: Rational): Rational {
  return plus(a, { over: -b.over, under: b.under });
}

export function times(a: Rational, b: Rational): Rational {
  return reduced({ over: a.over * b.over, under: a.under * b.under });
}

/** a / b, where b is positive. */
export function dividedBy(a: Rational, b: Rational): Rational {
  return reduced({ over: a.over * b.under, under: a.under * b.over });
}

export function isZero({ over }: Rational): boolean {
  return over === 0n;
}

/** |value - exact| in parts of the exact number, and in steps of the smallest double; the lesser of both counts. */
export function distance(value: number, exact: Rational): { relative: number; steps: number } {
  const difference = minus(exactly(value), exact);
  const size = difference.over < 0n ? { ...difference, over: -difference.over } : difference;
  return {
    relative: isZero(exact)
      ? isZero(size)
        ? 0
        : Number.POSITIVE_INFINITY
      : approximately(dividedBy(size, exact)),
    steps: approximately({ over: size.over << 1074n, under: size.under }),
  };
}

/** A double near a fraction, for saying how large an error is. */
function approximately({ over, under }: Rational): number {
  const digits = 60n;
  const shift = digits + BigInt(under.toString(2).length) - BigInt(over.toString(2).length);
  if (over === 0n) return 0;
  const quotient = shift >= 0n ? (over << shift) / under : over / (under << -shift);
  return Number(quotient) * 2 ** -Number(shift);
}

function reduced(fraction: Rational): Rational {
  if (fraction.under < 1n << 4096n) return fraction;
  let [a, b] = [fraction.over < 0n ? -fraction.over : fraction.over, fraction.under];
  while (b > 0n) [a, b] = [b, a % b];
  return { over: fraction.over / a, under: fraction.under / a };
}
