import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { judgeRetirement } from "../../../../core/decide/linear/retirement.ts";
import type { InstanceFacts, InstanceState } from "../../../../core/model/instance.ts";
import { replacement } from "./full-instance.ts";
import { plainInstance } from "./eligible-facts.ts";

const tagKey = "spot-optimizer:retire-after";
const dueAt = "2026-03-02T12:00:00.000Z";
const hoursLater = (hours: number): Date => new Date(Date.parse(dueAt) + hours * 3_600_000);

const retired: InstanceFacts = { ...plainInstance, state: "stopped", tags: { [tagKey]: dueAt } };

type Input = Parameters<typeof judgeRetirement>[0];
const due: Input = {
  original: retired,
  successor: replacement,
  tagKey,
  dueAt,
  now: hoursLater(0.1),
};

describe("a retired original", () => {
  it.each<{
    readonly what: string;
    readonly change: Partial<Input>;
    readonly kind: string;
    readonly says: string;
  }>([
    {
      what: "is stopped and tagged, and its successor runs",
      change: {},
      kind: "TERMINATE",
      says: "has had its cool-off",
    },
    {
      what: "was started again",
      change: { original: { ...retired, state: "running" } },
      kind: "LET_BE",
      says: "started",
    },
    {
      what: "is being started",
      change: { original: { ...retired, state: "pending" } },
      kind: "LET_BE",
      says: "started",
    },
    {
      what: "has lost its tag",
      change: { original: { ...retired, tags: {} } },
      kind: "LET_BE",
      says: tagKey,
    },
    {
      what: "belongs to another retirement by its tag",
      change: { original: { ...retired, tags: { [tagKey]: "2026-04-01T00:00:00.000Z" } } },
      kind: "LET_BE",
      says: tagKey,
    },
    {
      what: "is terminated",
      change: { original: { ...retired, state: "terminated" } },
      kind: "LET_BE",
      says: "terminated already",
    },
    {
      what: "is being terminated",
      change: { original: { ...retired, state: "shutting-down" } },
      kind: "LET_BE",
      says: "shutting-down already",
    },
    {
      what: "no longer has a successor",
      change: { successor: undefined },
      kind: "POSTPONE",
      says: "not shown",
    },
    {
      what: "has a successor that is stopped",
      change: { successor: { ...replacement, state: "stopped" } },
      kind: "POSTPONE",
      says: "stopped",
    },
    {
      what: "has a successor that ends",
      change: { successor: { ...replacement, state: "shutting-down" } },
      kind: "POSTPONE",
      says: "shutting-down",
    },
    {
      what: "is not shown",
      change: { original: undefined },
      kind: "POSTPONE",
      says: "does not show",
    },
    {
      what: "has not been shown for a day",
      change: { original: undefined, now: hoursLater(24.1) },
      kind: "LET_BE",
      says: "gone",
    },
  ])("that $what: $kind", ({ change, kind, says }) => {
    const judged = judgeRetirement({ ...due, ...change });
    expect(judged.kind).toBe(kind);
    expect(judged.sentence).toContain(says);
  });

  it("is terminated only if it is stopped, tagged with this due time, and its successor runs", () => {
    const states: readonly InstanceState[] = [
      "pending",
      "running",
      "stopping",
      "stopped",
      "shutting-down",
      "terminated",
    ];
    const instance = (base: InstanceFacts) =>
      fc
        .option(
          fc.record({
            state: fc.constantFrom(...states),
            tag: fc.constantFrom(dueAt, "", "2027-01-01T00:00:00.000Z"),
          }),
          { nil: undefined },
        )
        .map((drawn) =>
          drawn === undefined
            ? undefined
            : { ...base, state: drawn.state, tags: { [tagKey]: drawn.tag } },
        );
    fc.assert(
      fc.property(
        instance(plainInstance),
        instance(replacement),
        fc.nat(100),
        (original, successor, hours) => {
          const { kind } = judgeRetirement({ ...due, original, successor, now: hoursLater(hours) });
          const may =
            original?.state === "stopped" &&
            original.tags[tagKey] === dueAt &&
            successor?.state === "running";
          return (kind === "TERMINATE") === may;
        },
      ),
    );
  });
});
