import { describe, expect, it } from "@jest/globals";
import {
  isRecoveryDue,
  rememberRecovery,
} from "../../../../core/decide/switch/recovery-attempts.ts";
import { evaluationIdSchema } from "../../../../core/model/ids.ts";
import type { FailedAttempt } from "../../../../core/model/target.ts";

const minuteMs = 60_000;
const outcome = {
  status: "STAYED",
  reason: "NO_CAPACITY_IN_ANY_OFFER",
  sentence: "No offer gave capacity.",
} as const;

const attempt = (nth: number, before: FailedAttempt | undefined): FailedAttempt =>
  rememberRecovery(before, {
    evaluationId: evaluationIdSchema.parse(`evl-0000000000000000000${String(nth)}`),
    endedAt: before?.retryAt ?? "2026-03-02T09:00:00.000Z",
    outcome,
  });

describe("a recovery that has failed", () => {
  it("is tried again twice as late each time, and after four hours at most", () => {
    const waits: number[] = [];
    let last: FailedAttempt | undefined;
    for (let nth = 0; nth < 7; nth += 1) {
      last = attempt(nth, last);
      waits.push((Date.parse(last.retryAt ?? "") - Date.parse(last.at)) / minuteMs);
    }
    expect(waits).toEqual([10, 20, 40, 80, 160, 240, 240]);
  });

  it("is remembered once for one evaluation, and is due from its time on", () => {
    const first = attempt(1, undefined);
    expect(attempt(1, first)).toBe(first);
    expect(isRecoveryDue(undefined, new Date(0))).toBe(true);
    expect(isRecoveryDue(first, new Date("2026-03-02T09:09:59.000Z"))).toBe(false);
    expect(isRecoveryDue(first, new Date("2026-03-02T09:10:00.000Z"))).toBe(true);
  });
});
