import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import {
  functionOf,
  lastStartWith,
  longReplaced,
  versionsNamedBy,
} from "../../../core/decide/unused-code.ts";
import type { PublishedVersion } from "../../../core/model/published-version.ts";

const functionArn =
  "arn:aws:lambda:eu-central-1:111122223333:function:spot-optimizer-prod-linear-launch";
const now = new Date("2026-03-31T00:00:00Z");
const daysAgo = (days: number): Date => new Date(now.getTime() - days * 86_400_000);

const versions = (...published: readonly number[]): readonly PublishedVersion[] =>
  published.map((days, index) => ({
    arn: `${functionArn}:${String(index + 1)}`,
    version: index + 1,
    publishedAt: daysAgo(days),
  }));

const named = (...numbers: readonly number[]): ReadonlySet<string> =>
  new Set(numbers.map((number) => `${functionArn}:${String(number)}`));

describe("versions that a definition names", () => {
  it("are found wherever they stand, each once, and nothing else is", () => {
    const definition = JSON.stringify({
      States: {
        Launch: {
          Resource: "arn:aws:states:::lambda:invoke",
          Parameters: { FunctionName: `${functionArn}:7` },
        },
        Again: { Parameters: { FunctionName: `${functionArn}:7` } },
        Other: { Parameters: { FunctionName: `${functionArn}-other:12` } },
        Unqualified: { Parameters: { FunctionName: functionArn } },
      },
    });
    expect([...versionsNamedBy(definition)]).toEqual([
      `${functionArn}:7`,
      `${functionArn}-other:12`,
    ]);
  });

  it("are those of their function", () => {
    expect(functionOf(`${functionArn}:7`)).toBe(functionArn);
  });
});

describe("versions that are asked about", () => {
  it.each([
    { what: "replaced 16 days ago", all: versions(40, 16), current: named(2), old: [1] },
    { what: "replaced 14.9 days ago", all: versions(40, 14.9), current: named(2), old: [] },
    { what: "old, and the only one", all: versions(400), current: named(), old: [] },
    { what: "named by the workflow", all: versions(400, 300, 200), current: named(1, 3), old: [2] },
    { what: "the newest, and not named", all: versions(400, 300), current: named(), old: [1] },
    {
      what: "listed in another order",
      all: versions(400, 300, 2).toReversed(),
      current: named(3),
      old: [1],
    },
  ])("$what: $old", ({ all, current, old }) => {
    expect(longReplaced(all, current, now).map(({ arn }) => arn)).toEqual(
      old.map((version) => `${functionArn}:${String(version)}`),
    );
  });

  it("are never named by the workflow, and never younger than an execution can be redriven", () => {
    const days = fc.array(fc.integer({ min: 0, max: 400 }), { maxLength: 12 });
    fc.assert(
      fc.property(days, fc.array(fc.integer({ min: 1, max: 12 })), (published, numbers) => {
        const all = versions(...published.toSorted((one, other) => other - one));
        const current = named(...numbers);
        for (const { arn, replacedAt } of longReplaced(all, current, now)) {
          expect(current.has(arn)).toBe(false);
          expect(replacedAt.getTime()).toBeLessThan(daysAgo(15).getTime());
        }
      }),
    );
  });

  it("can be named by what started a day after the last of them was replaced, and by nothing later", () => {
    const replaced = [
      { arn: `${functionArn}:1`, replacedAt: daysAgo(30) },
      { arn: `${functionArn}:2`, replacedAt: daysAgo(20) },
    ];
    expect(lastStartWith(replaced)).toEqual(daysAgo(19));
  });
});
