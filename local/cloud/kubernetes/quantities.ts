/** Amounts of CPU, memory and pods as numbers. Source: Kubernetes documentation, "Quantity". */
import type { Container, Pod, PodSpec, Quantities } from "./objects.ts";

const suffixes: Readonly<Record<string, number>> = {
  "": 1,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
};

/** Cores, bytes, pieces. What can't be read is nothing. */
const amountOf = (text: string): number => {
  const [, digits = "0", suffix = ""] = /^(\d+(?:\.\d+)?)([a-zA-Z]*)$/.exec(text) ?? [];
  return Number(digits) * (suffixes[suffix] ?? 0);
};

type Amounts = Readonly<Record<string, number>>;

export const amountsOf = (quantities: Quantities = {}): Amounts =>
  Object.fromEntries(Object.entries(quantities).map(([name, text]) => [name, amountOf(text)]));

const combined = (one: Amounts, other: Amounts, by: (a: number, b: number) => number): Amounts => {
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return Object.fromEntries([...names].map((name) => [name, by(one[name] ?? 0, other[name] ?? 0)]));
};

const plus = (one: Amounts, other: Amounts): Amounts => combined(one, other, (a, b) => a + b);

const requested = ({ resources }: Container): Amounts =>
  amountsOf({ ...resources?.limits, ...resources?.requests });

const isSidecar = ({ restartPolicy }: Container): boolean => restartPolicy === "Always";

const inSpec = ({ containers, initContainers = [], overhead }: PodSpec): Amounts => {
  const sidecars = initContainers.filter(isSidecar).map(requested);
  const running = [...containers.map(requested), ...sidecars].reduce(plus, {});
  const starting = initContainers.filter((each) => !isSidecar(each)).map(requested);
  const most = starting.reduce((one, other) => combined(one, other, Math.max), running);
  return plus(most, amountsOf(overhead));
};

/** What the pod asks for, and its own place among the node's pods. Source: KEP-753. */
export const needsOf = ({ spec }: Pod): Amounts => plus(inSpec(spec), { pods: 1 });
