/** Amounts of resources as numbers: CPU in cores, all others in bytes or pieces. Source: Kubernetes API reference, "Quantity". */
import type { Amounts } from "../../core/model/kubernetes/object.ts";
import { SpotOptimizerError } from "../../core/errors.ts";

const suffixes: Readonly<Record<string, number>> = {
  "": 1,
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/** Digits with a suffix, or with an exponent: `1500m`, `2Gi`, `12e6`. */
const form =
  /^(?<digits>[+-]?(?:\d+\.?\d*|\.\d+))(?:(?<suffix>[A-Za-z]{0,2})|[eE](?<exponent>[+-]?\d+))$/;

/** @throws BrokenFacts for what is not a quantity */
const amountOf = (quantity: string): number => {
  const { digits, suffix = "", exponent = "0" } = form.exec(quantity)?.groups ?? {};
  const factor = suffixes[suffix];
  if (digits === undefined || factor === undefined) {
    throw new SpotOptimizerError("BrokenFacts", `The cluster told an amount of ${quantity}.`);
  }
  return Number(`${digits}e${exponent}`) * factor;
};

export const amountsOf = (quantities: Readonly<Record<string, string>> = {}): Amounts =>
  Object.fromEntries(
    Object.entries(quantities).map(([name, quantity]) => [name, amountOf(quantity)]),
  );

const combined = (one: Amounts, other: Amounts, by: (a: number, b: number) => number): Amounts => {
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return Object.fromEntries([...names].map((name) => [name, by(one[name] ?? 0, other[name] ?? 0)]));
};

export const sum = (one: Amounts, other: Amounts): Amounts => combined(one, other, (a, b) => a + b);

export const most = (one: Amounts, other: Amounts): Amounts => combined(one, other, Math.max);
