/** Seeded randomness (mulberry32): one seed, one run. `fork(name)` gives each user a stream of its own. */
export interface Random {
  /** Uniform in [0, 1). */
  next(): number;
  /** Whole number in [min, max]. */
  integer(min: number, max: number): number;
  fork(name: string): Random;
  /** Lower-case hexadecimal digits. */
  hex(digits: number): string;
}

const hash = (text: string, seed: number): number => {
  // FNV-1a, 32 bit.
  let value = (2166136261 ^ seed) >>> 0;
  for (let index = 0; index < text.length; index += 1) {
    const point = text.codePointAt(index) ?? 0;
    value = Math.imul(value ^ point, 16777619) >>> 0;
    if (point > 0xffff) index += 1;
  }
  return value;
};

/** Two digits each, by their value: V8 writes a number in digits many times slower than it looks two up. */
const pairs = Array.from({ length: 256 }, (_, value) => value.toString(16).padStart(2, "0"));

export const createRandom = (seed: number): Random => {
  let state = seed >>> 0;
  /** 32 bits. */
  const draw = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return mixed ^ (mixed >>> 14);
  };
  /** The first four bits of a draw: the whole part of sixteen times what `next` gives. */
  const digit = (): number => draw() >>> 28;
  const next = (): number => (draw() >>> 0) / 2 ** 32;
  return {
    next,
    integer: (min, max) => min + Math.floor(next() * (max - min + 1)),
    fork: (name) => createRandom(hash(name, seed)),
    hex: (digits) => {
      let text = digits % 2 === 0 ? "" : digit().toString(16);
      for (let pair = 0; pair < Math.floor(digits / 2); pair += 1) {
        text += pairs[(digit() << 4) | digit()] ?? "";
      }
      return text;
    },
  };
};

/** As AWS and Kubernetes write them: 8, 4, 4, 4 and 12 digits. */
export const uuidOf = ({ hex }: Pick<Random, "hex">): string =>
  `${hex(8)}-${hex(4)}-${hex(4)}-${hex(4)}-${hex(12)}`;

/** Standard normal from two uniforms (Box–Muller). */
export const gaussian = (first: number, second: number): number =>
  Math.sqrt(-2 * Math.log(1 - first)) * Math.cos(2 * Math.PI * second);

/** What half of all draws and 95 of 100 of them do not exceed; milliseconds. */
export interface LogNormal {
  readonly p50Ms: number;
  readonly p95Ms: number;
}

/** Standard deviations that 95 of 100 draws of a normal distribution do not exceed. */
const normalP95 = 1.6449;

export const logNormal = (random: Random, { p50Ms, p95Ms }: LogNormal): number =>
  p50Ms * (p95Ms / p50Ms) ** (gaussian(random.next(), random.next()) / normalP95);

/** One of them, each as likely as the others. @throws Error for none */
export const oneOf = <Value>(random: Random, values: readonly Value[]): Value => {
  const value = values[random.integer(0, values.length - 1)];
  if (value === undefined) throw new Error("There is nothing to choose from.");
  return value;
};
