/** Prints what both sides answered, one row for each question: real, simulated, and a mark where they differ. */
import { isDeepStrictEqual } from "node:util";

export interface Result {
  readonly suite: string;
  readonly name: string;
  readonly real: Readonly<Record<string, unknown>>;
  readonly simulated: Readonly<Record<string, unknown>>;
}

const width = 88;

/** Without the signs that only JSON needs. */
const text = (value: unknown): string =>
  value === undefined
    ? "-"
    : JSON.stringify(value)
        .replaceAll('\\"', "'")
        .replaceAll('"', "")
        .replaceAll(/,(?! )/g, ", ");

const wrapped = (line: string): readonly string[] =>
  Array.from({ length: Math.max(1, Math.ceil(line.length / width)) }, (_, index) =>
    line.slice(index * width, (index + 1) * width),
  );

const rowOf = (label: string, real: unknown, simulated: unknown): readonly string[] => {
  const isSame = isDeepStrictEqual(real, simulated);
  const [left, right] = [wrapped(text(real)), wrapped(isSame ? "same" : text(simulated))];
  const lines = Array.from({ length: Math.max(left.length, right.length) }, (_, index) =>
    `    ${(left[index] ?? "").padEnd(width)} | ${right[index] ?? ""}`.trimEnd(),
  );
  return [`  ${isSame ? "=" : "≠"} ${label}`, ...lines];
};

export const sideBySide = (results: readonly Result[]): readonly string[] =>
  results.flatMap(({ suite, name, real, simulated }) => [
    `${suite}: ${name}`,
    ...[...new Set([...Object.keys(real), ...Object.keys(simulated)])].flatMap((label) =>
      rowOf(label, real[label], simulated[label]),
    ),
  ]);
