import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import {
  admitSwitch,
  endSwitch,
  extraHourlyUsd,
  judgeHalt,
  resetSwitching,
} from "../../../../core/decide/switch/concurrency.ts";
import { accountIdSchema, evaluationIdSchema } from "../../../../core/model/ids.ts";
import { noSwitching, type RolledBack, type Switching } from "../../../../core/model/switching.ts";

const account = { accountId: accountIdSchema.parse("444455556666") };
const region = "eu-central-1";
const startMs = Date.parse("2026-03-02T00:00:00.000Z");
const after = (minutes: number): string => new Date(startMs + minutes * 60_000).toISOString();
const id = (number: number) => evaluationIdSchema.parse(`evl-${String(number).padStart(10, "0")}`);

const wanted = (number: number, minutes = 0, more: object = {}) => ({
  evaluationId: id(number),
  region,
  leaseResource: `lease-${String(number)}`,
  takenAt: after(minutes),
  extraHourlyUsd: 0.1,
  ...more,
});

const admitted = (switching: Switching, wish: ReturnType<typeof wanted>, limits = account) => {
  const admission = admitSwitch(switching, limits, wish);
  if (admission.kind === "ADMITTED") return admission.switching;
  throw new Error(admission.postponed.sentence);
};
const refusal = (switching: Switching, wish: ReturnType<typeof wanted>, limits: object = {}) => {
  const admission = admitSwitch(switching, { ...account, ...limits }, wish);
  return admission.kind === "POSTPONED" ? admission.postponed : undefined;
};

const many = (from: number, count: number, minutes: number, switching: Switching): Switching =>
  Array.from({ length: count }, (_, index) => from + index).reduce(
    (all, number) => admitted(all, wanted(number, minutes)),
    switching,
  );

describe("how many switches go on at a time", () => {
  it("is one on the first day of switching in a region", () => {
    const first = admitted(noSwitching, wanted(1));
    expect(refusal(first, wanted(2, 5))).toEqual({
      reason: "PACE",
      sentence: `1 of at most 1 switches go on in ${region} of account ${account.accountId} (${id(1)}): the next sweep tries again.`,
      retryAt: after(5),
    });
    const ended = endSwitch(first, { evaluationId: id(1) });
    expect(refusal(admitted(ended, wanted(2, 30)), wanted(3, 1439))?.reason).toBe("PACE");
  });

  it("is five after that, and one again in a region that is new", () => {
    const later = many(
      2,
      5,
      1440,
      endSwitch(admitted(noSwitching, wanted(1)), {
        evaluationId: id(1),
      }),
    );
    expect(refusal(later, wanted(7, 1441))?.sentence).toMatch(/^5 of at most 5/);
    const elsewhere = admitted(later, wanted(8, 1441, { region: "us-east-1" }));
    expect(refusal(elsewhere, wanted(9, 1442, { region: "us-east-1" }))?.reason).toBe("PACE");
  });

  it("is what the account says, from the first day on", () => {
    const limits = { maxConcurrentSwitches: 2 };
    const one = admitted(noSwitching, wanted(1));
    expect(refusal(one, wanted(2), limits)).toBeUndefined();
  });

  it("counts one that asks twice once", () => {
    const one = admitted(noSwitching, wanted(1));
    expect(admitted(one, wanted(1, 3))).toBe(one);
  });
});

describe("what switches cost while they go on", () => {
  const limits = { maxConcurrentSwitches: 9, maxExtraHourlyUsd: 0.25 };

  it("is bounded in the whole account", () => {
    const two = admitted(
      admitted(noSwitching, wanted(1), { ...account, ...limits }),
      wanted(2, 0, { region: "us-east-1" }),
      { ...account, ...limits },
    );
    expect(refusal(two, wanted(3), limits)).toMatchObject({ reason: "PACE", retryAt: after(0) });
    expect(refusal(two, wanted(3, 0, { extraHourlyUsd: 0.05 }), limits)).toBeUndefined();
  });

  it("says so where a single one is too dear, and does not try at each sweep", () => {
    const answer = refusal(noSwitching, wanted(1, 0, { extraHourlyUsd: 1 }), limits);
    expect(answer?.sentence).toContain("raise it, or this one is never made");
    expect(answer?.retryAt).toBeUndefined();
  });

  it("is the dearest pool, and the way back where one is reserved", () => {
    const launchHourlyUsd = [0.1, 0.3];
    const both = { launchHourlyUsd, onDemandHourlyUsd: 1 };
    expect(extraHourlyUsd({ ...both, isWayBackReserved: false })).toBe(0.3);
    expect(extraHourlyUsd({ ...both, isWayBackReserved: true })).toBe(1.3);
  });
});

const rolledBack = (number: number, minutes: number, more: Partial<RolledBack> = {}) => {
  const evaluationId = id(number);
  const note = { evaluationId, at: after(minutes), error: "BrokenQuota", wasDown: false, ...more };
  return { evaluationId, rolledBack: note };
};

describe("roll-backs stop new switches", () => {
  const once = endSwitch(noSwitching, rolledBack(1, 0));

  it.each<{ readonly after: string; readonly switching: Switching }>([
    {
      after: "two for the same error within an hour",
      switching: endSwitch(once, rolledBack(2, 60)),
    },
    {
      after: "one with a downtime",
      switching: endSwitch(noSwitching, rolledBack(2, 60, { wasDown: true })),
    },
  ])("after $after, until a person resets it", ({ switching }) => {
    expect(refusal(switching, wanted(5, 61))).toMatchObject({
      reason: "ACCOUNT_HALTED",
      sentence: expect.stringContaining("BrokenQuota") as unknown,
    });
    expect(refusal(switching, wanted(5, 90_000))?.retryAt).toBeUndefined();
    expect(judgeHalt(switching, account)?.reason).toBe("ACCOUNT_HALTED");
    const reset = resetSwitching(switching);
    expect(refusal(reset, wanted(5, 62))).toBeUndefined();
    expect(endSwitch(reset, rolledBack(6, 62)).halt).toBeUndefined();
  });

  it.each<{ readonly what: string; readonly switching: Switching }>([
    { what: "one without a downtime", switching: once },
    { what: "two in more than an hour", switching: endSwitch(once, rolledBack(2, 61)) },
    {
      what: "two for different errors",
      switching: endSwitch(once, rolledBack(2, 5, { error: "StaleReplacement" })),
    },
    { what: "one that is noted twice", switching: endSwitch(once, rolledBack(1, 1)) },
    {
      what: "the kill switch, which a person threw",
      switching: endSwitch(
        noSwitching,
        rolledBack(3, 0, { error: "StaleKillSwitch", wasDown: true }),
      ),
    },
  ])("but $what does not", ({ switching }) => {
    expect(refusal(switching, wanted(5, 62))).toBeUndefined();
  });

  it("and a reset of what is not halted changes nothing", () => {
    expect(resetSwitching(noSwitching)).toBe(noSwitching);
  });
});

it("never lets more go on than may, whatever comes", () => {
  const step = fc.record({ number: fc.nat(20), minutes: fc.nat(3000), ends: fc.boolean() });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      let switching: Switching = noSwitching;
      for (const { number, minutes, ends } of steps) {
        const admission = admitSwitch(switching, account, wanted(number, minutes));
        if (ends) switching = endSwitch(switching, { evaluationId: id(number) });
        else if (admission.kind === "ADMITTED") switching = admission.switching;
        expect(switching.running.length).toBeLessThanOrEqual(5);
        expect(new Set(switching.running.map((one) => one.evaluationId)).size).toBe(
          switching.running.length,
        );
      }
    }),
  );
});

describe("what is reserved", () => {
  const leaves = (instanceId: string, instanceType = "m5.large") => ({
    leaves: { instanceId, instanceType, product: "Linux/UNIX" },
  });
  const limits = { ...account, maxConcurrentSwitches: 9 };
  const one = admitted(noSwitching, wanted(1, 0, leaves("i-1")), limits);

  it.each([
    ["one of two that leave at a time keeps what is reserved for one", 1, 2, "PACE"],
    ["both may leave where three run", 1, 3, undefined],
    ["without a reservation they may, too", 0, 2, undefined],
  ])("%s", (_name, reservedCount, runningCount, reason) => {
    const reserved = { reservedCount, runningCount };
    const postponed = refusal(one, wanted(2, 1, leaves("i-2")), { ...limits, reserved });
    expect(postponed?.reason).toBe(reason);
    if (reason !== undefined) expect(postponed?.sentence).toContain(id(1));
  });

  it("is judged by those that were not known at the verdict, of this type and region", () => {
    const reserved = { reservedCount: 1, runningCount: 2 };
    const wish = wanted(2, 1, leaves("i-2"));
    const known = { ...limits, reserved: { ...reserved, leaving: ["i-1"] } };
    expect(refusal(one, wish, known)).toBeUndefined();
    const other = admitted(noSwitching, wanted(1, 0, leaves("i-1", "m5.xlarge")), limits);
    expect(refusal(other, wish, { ...limits, reserved })).toBeUndefined();
    const elsewhere = admitted(
      noSwitching,
      wanted(1, 0, { ...leaves("i-1"), region: "us-east-1" }),
      limits,
    );
    expect(refusal(elsewhere, wish, { ...limits, reserved })).toBeUndefined();
    const older = admitted(noSwitching, wanted(1), limits);
    expect(refusal(older, wish, { ...limits, reserved })).toBeUndefined();
  });
});
