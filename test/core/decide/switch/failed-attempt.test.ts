import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import {
  heldBackByFailure,
  isFailedAttempt,
  rememberAttempt,
  type EndedAttempt,
} from "../../../../core/decide/switch/failed-attempt.ts";
import type { CauseReader } from "../../../../core/model/cause-reader.ts";
import { refusalSentence } from "../../../../core/model/aws-refusal.ts";
import type { Outcome } from "../../../../core/model/evaluation.ts";
import { evaluationIdSchema } from "../../../../core/model/ids.ts";
import type { FailedAttempt } from "../../../../core/model/target.ts";
import type { Verdict } from "../../../../core/model/verdict.ts";

const startMs = Date.parse("2026-03-01T00:00:00.000Z");
const hourMs = 3_600_000;
const atHour = (hours: number): string => new Date(startMs + hours * hourMs).toISOString();

const idOf = (number: number) =>
  evaluationIdSchema.parse(`evl-${String(number).padStart(10, "0")}`);

/** Of an original i-1 that has so many tags. */
const withTags = (count: number): CauseReader => ({
  isTheirs: (resource) => resource === "i-1",
  factNow: (kind) => (kind === "tags" ? `${String(count)} tags` : undefined),
});

const tagLimit = {
  error: "BrokenQuota",
  cause: refusalSentence({
    action: "CreateTags",
    resource: "i-1",
    code: "TagLimitExceeded",
    message: "The maximum number of tags for a resource is 50",
  }),
};

const denied = {
  error: "BrokenPermission",
  cause: refusalSentence({
    action: "AssociateAddress",
    resource: "i-0replacement",
    code: "UnauthorizedOperation",
    message: "You are not authorized.",
  }),
};

const outcomeOf = (status: Outcome["status"], reason = "BrokenQuota"): Outcome => ({
  status,
  reason,
  sentence: "It ended.",
});

let attempts = 0;
const ended = (change: Partial<EndedAttempt> = {}): EndedAttempt => ({
  evaluationId: idOf((attempts += 1)),
  endedAt: atHour(0),
  outcome: outcomeOf("ROLLED_BACK"),
  authorization: { kind: "PROCEED", sentence: "It may." },
  failure: tagLimit,
  hadDowntime: true,
  reader: withTags(50),
  factKindOf: (code) => (code === "TagLimitExceeded" ? "tags" : undefined),
  ...change,
});

describe("what is remembered", () => {
  it("is who, when, and the cause as code, action, resource and the fact that the code names", () => {
    const attempt = ended();
    expect(rememberAttempt(undefined, attempt)).toEqual({
      evaluationId: attempt.evaluationId,
      at: atHour(0),
      cause: {
        error: "BrokenQuota",
        code: "TagLimitExceeded",
        action: "CreateTags",
        resource: "i-1",
        factKind: "tags",
        fact: "50 tags",
      },
      hadDowntime: true,
    });
  });

  it("names nothing that we made: the next attempt makes another", () => {
    const { cause } = rememberAttempt(undefined, ended({ failure: denied }));
    expect(cause).toEqual({
      error: "BrokenPermission",
      code: "UnauthorizedOperation",
      action: "AssociateAddress",
    });
  });

  it("is the reason where no call was refused", () => {
    const failure = { error: "BrokenDeadline", cause: "The image was not ready within 120 min." };
    expect(rememberAttempt(undefined, ended({ failure })).cause).toEqual({
      error: "BrokenDeadline",
    });
    const { failure: _none, ...withoutFailure } = ended({
      outcome: outcomeOf("ROLLED_BACK", "NO_CAPACITY_IN_ANY_OFFER"),
    });
    expect(rememberAttempt(undefined, withoutFailure).cause).toEqual({
      error: "NO_CAPACITY_IN_ANY_OFFER",
    });
  });

  it.each<[string, Partial<EndedAttempt>]>([
    ["a stay", { outcome: outcomeOf("STAYED") }],
    ["a refusal", { outcome: outcomeOf("REFUSED") }],
    ["what was not to be carried out", { authorization: { kind: "SHADOW", sentence: "No." } }],
    ["an operator's stop", { failure: { error: "StaleKillSwitch", cause: "The switch is on." } }],
  ])("is not %s", (_, change) => {
    expect(isFailedAttempt(ended())).toBe(true);
    expect(isFailedAttempt(ended(change))).toBe(false);
  });

  it("is not forgotten for an attempt that did not come as far, unless its cause has changed", () => {
    const before = rememberAttempt(undefined, ended());
    const later = { hadDowntime: false, failure: denied, endedAt: atHour(6) } as const;
    expect(rememberAttempt(before, ended(later))).toBe(before);
    const changed = rememberAttempt(before, ended({ ...later, reader: withTags(49) }));
    expect(changed.cause.code).toBe("UnauthorizedOperation");
  });

  it("is the same when the record is written twice", () => {
    const attempt = ended({ hadDowntime: false });
    const first = rememberAttempt(undefined, attempt);
    expect(rememberAttempt(first, { ...attempt, endedAt: atHour(1) })).toBe(first);
  });
});

describe("the back-off of what had no downtime", () => {
  const delays = (failures: readonly EndedAttempt["failure"][]): readonly number[] => {
    let remembered: FailedAttempt | undefined;
    let now = 0;
    return failures.map((failure = tagLimit) => {
      const attempt = ended({ hadDowntime: false, failure, endedAt: atHour(now) });
      remembered = rememberAttempt(remembered, attempt);
      const delay = (Date.parse(remembered.retryAt ?? "") - Date.parse(remembered.at)) / hourMs;
      now += delay + 0.25;
      return delay;
    });
  };

  it("doubles from an hour to seven days", () => {
    const same = Array.from({ length: 10 }, () => tagLimit);
    expect(delays(same)).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 168, 168]);
  });

  it("begins anew with another cause", () => {
    expect(delays([tagLimit, tagLimit, denied, denied, tagLimit])).toEqual([1, 2, 1, 2, 1]);
  });
});

const switching: Verdict = {
  kind: "SWITCH",
  reason: "SAVINGS_WORTH_THE_RISK",
  sentence: "It saves 60 %.",
  offers: [{ region: "us-east-1", zoneId: "use1-az1", instanceType: "m5.large", product: "x" }],
  savings: { hourlyUsd: 1, monthlyUsd: 730, percent: 60 },
  modelVersion: "m",
  policyVersion: "pol-1",
  judgedAt: atHour(6),
};

describe("a verdict after a failed attempt", () => {
  const attempt = ended();
  const failedAttempt = rememberAttempt(undefined, attempt);
  const input = { target: { failedAttempt }, isAskedFor: false, reader: withTags(50) };

  it("is STAY, and names the evaluation, the time, the cause and what to do", () => {
    const verdict = heldBackByFailure(switching, input);
    expect(verdict).toMatchObject({ kind: "STAY", reason: "FAILED_BEFORE", offers: [] });
    expect(verdict).not.toHaveProperty("savings");
    for (const words of [
      attempt.evaluationId,
      atHour(0),
      "BrokenQuota (TagLimitExceeded) at CreateTags of i-1, with 50 tags",
      "the load was down",
      "Next: ",
      switching.sentence,
    ]) {
      expect(verdict.sentence).toContain(words);
    }
  });

  it.each<[string, Partial<typeof input>]>([
    ["a person asks", { isAskedFor: true }],
    ["the fact that the code names has changed", { reader: withTags(49) }],
    ["nothing is remembered", { target: {} as typeof input.target }],
  ])("is as it was judged where %s", (_, change) => {
    expect(heldBackByFailure(switching, { ...input, ...change })).toBe(switching);
  });

  it("is left alone where it is not a SWITCH", () => {
    const refused: Verdict = { ...switching, kind: "REFUSE", reason: "PRICES_TOO_OLD" };
    expect(heldBackByFailure(refused, input)).toBe(refused);
  });

  it("never is SWITCH by itself again after a downtime, however long ago, while the cause can't be read", () => {
    const unread = rememberAttempt(undefined, ended({ failure: denied }));
    fc.assert(
      fc.property(fc.nat(100_000), (hours) => {
        const verdict = { ...switching, judgedAt: atHour(hours) };
        const held = heldBackByFailure(verdict, { ...input, target: { failedAttempt: unread } });
        expect(held.kind).toBe("STAY");
      }),
    );
  });

  it("is SWITCH again once the back-off has passed, where nothing was down", () => {
    const without = rememberAttempt(undefined, ended({ hadDowntime: false }));
    const verdictAt = (hours: number) =>
      heldBackByFailure(
        { ...switching, judgedAt: atHour(hours) },
        { ...input, target: { failedAttempt: without } },
      );
    expect([0.5, 0.99, 1, 6].map((hours) => verdictAt(hours).kind)).toEqual([
      "STAY",
      "STAY",
      "SWITCH",
      "SWITCH",
    ]);
    expect(verdictAt(0.5).sentence).toContain(atHour(1));
  });
});
