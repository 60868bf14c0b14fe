import { describe, expect, it } from "@jest/globals";
import {
  heldBack,
  judgeOccasion,
  type OccasionInput,
} from "../../../../core/decide/switch/occasion.ts";
import { accountIdSchema, evaluationIdSchema, targetIdSchema } from "../../../../core/model/ids.ts";
import type { Downtime } from "../../../../core/model/target.ts";
import type { Verdict } from "../../../../core/model/verdict.ts";

const at = "2026-03-04T12:00:00.000Z";
const sunday = "Sun 02:00-04:00 UTC";
const accountId = accountIdSchema.parse("444455556666");
const targetId = targetIdSchema.parse("tgt-0123456789");

const input = {
  account: { accountId },
  target: { targetId },
  policy: {
    maintenanceWindows: [] as OccasionInput["policy"]["maintenanceWindows"],
    maxDowntimeMinutesPer_30Days: 15,
  },
  expectedSeconds: 360,
  at,
};

const down = (daysAgo: number, seconds: number): Downtime => ({
  evaluationId: evaluationIdSchema.parse(`evl-${String(daysAgo).padStart(10, "0")}`),
  at: new Date(Date.parse(at) - daysAgo * 86_400_000).toISOString(),
  seconds,
});

const freeze = {
  from: "2026-03-04T00:00:00+01:00",
  until: "2026-03-07T00:00:00+01:00",
  reason: "Year-end closing",
};

describe("a switch is made at this time", () => {
  it.each([
    { when: "nothing is set", given: input },
    {
      when: "a freeze is over",
      given: { ...input, account: { accountId, freezes: [{ ...freeze, until: at }] } },
    },
    {
      when: "its window is open",
      given: {
        ...input,
        policy: { ...input.policy, maintenanceWindows: [sunday, "Wed 11:00-13:00 UTC"] },
      },
    },
    {
      when: "there is room in the budget",
      given: { ...input, target: { targetId, downtimes: [down(2, 540)] } },
    },
    {
      when: "the downtimes are 30 days old",
      given: { ...input, target: { targetId, downtimes: [down(30, 5000)] } },
    },
    {
      when: "the load serves throughout, whatever it was down for",
      given: { ...input, expectedSeconds: 0, target: { targetId, downtimes: [down(1, 5000)] } },
    },
  ])("when $when", ({ given }) => {
    expect(judgeOccasion(given)).toBeUndefined();
  });
});

describe("a switch is put off", () => {
  it("while the account is frozen, with the reason and the end", () => {
    const account = { accountId, freezes: [freeze] };
    expect(judgeOccasion({ ...input, account })).toEqual({
      reason: "FROZEN",
      sentence:
        "Nothing is switched in account 444455556666 until 2026-03-06T23:00:00.000Z: Year-end closing",
      retryAt: "2026-03-06T23:00:00.000Z",
    });
  });

  it("outside the windows, naming the next", () => {
    const policy = { ...input.policy, maintenanceWindows: [sunday] };
    expect(judgeOccasion({ ...input, policy, expectedSeconds: 0 })).toEqual({
      reason: "OUTSIDE_WINDOW",
      sentence: `No maintenance window of target ${targetId} is open; the next, ${sunday}, opens at 2026-03-08T02:00:00.000Z.`,
      retryAt: "2026-03-08T02:00:00.000Z",
    });
  });

  it("in a window that closes before the downtime would be over", () => {
    const policy = { ...input.policy, maintenanceWindows: ["Wed 11:00-12:05 UTC"] };
    expect(judgeOccasion({ ...input, policy })).toMatchObject({
      reason: "OUTSIDE_WINDOW",
      retryAt: "2026-03-11T11:00:00.000Z",
    });
    expect(judgeOccasion({ ...input, policy, expectedSeconds: 300 })).toBeUndefined();
  });

  it("for ever where no window will open again, naming them", () => {
    const window = { cron: "0 2 1 1 ? 2025", duration: "2h", timezone: "UTC" };
    const policy = { ...input.policy, maintenanceWindows: [window] };
    expect(judgeOccasion({ ...input, policy })).toEqual({
      reason: "OUTSIDE_WINDOW",
      sentence:
        `No maintenance window of target ${targetId} is open, and none will open again: ` +
        "change maintenance_windows (0 2 1 1 ? 2025 for 2h UTC).",
    });
  });

  it("over the budget, until enough of it is 30 days old", () => {
    const downtimes = [down(3, 200), down(20, 300), down(10, 100)];
    expect(judgeOccasion({ ...input, target: { targetId, downtimes } })).toEqual({
      reason: "DOWNTIME_BUDGET",
      sentence:
        `Target ${targetId} was down for 10 min in the last 30 days, and a switch is expected to take 6 min: together ` +
        "more than max_downtime_minutes_per_30_days (15) allows before 2026-03-14T12:00:00.000Z.",
      retryAt: "2026-03-14T12:00:00.000Z",
    });
  });

  it("for ever where the budget is too small for any", () => {
    const policy = { ...input.policy, maxDowntimeMinutesPer_30Days: 5 };
    const judged = judgeOccasion({ ...input, policy });
    expect(judged).toMatchObject({
      reason: "DOWNTIME_BUDGET",
      sentence: expect.stringContaining("Raise it") as unknown,
    });
    expect(judged?.retryAt).toBeUndefined();
  });
});

describe("a verdict at the wrong time", () => {
  const verdict: Verdict = {
    kind: "SWITCH",
    reason: "SAVINGS_WORTH_THE_RISK",
    sentence: "It saves 60 %.",
    offers: [{ region: "r", zoneId: "z", instanceType: "m5.large", product: "Linux/UNIX" }],
    savings: { hourlyUsd: 1, monthlyUsd: 730, percent: 60 },
    modelVersion: "m",
    policyVersion: "p",
    judgedAt: at,
  };
  const { at: _at, ...others } = { ...input, account: { accountId, freezes: [freeze] } };

  it("is a STAY that says what would have been done, and when it is asked again", () => {
    const { savings: _savings, ...rest } = verdict;
    expect(heldBack(verdict, others)).toEqual({
      ...rest,
      kind: "STAY",
      reason: "FROZEN",
      offers: [],
      sentence: expect.stringMatching(
        /Year-end closing Worth it then: It saves 60 %\.$/,
      ) as unknown,
      retryAt: "2026-03-06T23:00:00.000Z",
    });
  });

  it("is left alone when nothing was to be switched", () => {
    const stay: Verdict = { ...verdict, kind: "STAY", reason: "NO_CANDIDATE", offers: [] };
    expect(heldBack(stay, others)).toBe(stay);
  });
});
