import { describe, expect, it } from "@jest/globals";
import {
  backoffUntil,
  isLastMoveRecovery,
  rememberLoss,
} from "../../../../core/decide/switch/spot-backoff.ts";
import { evaluationIdSchema, targetIdSchema } from "../../../../core/model/ids.ts";
import type { SpotBackoff } from "../../../../core/model/spot-backoff.ts";

const hourMs = 3_600_000;
const start = Date.parse("2026-03-02T09:00:00.000Z");
const at = (hours: number): string => new Date(start + hours * hourMs).toISOString();
const pool = {
  region: "us-east-1",
  zoneId: "use1-az1",
  instanceType: "m5.large",
  product: "Linux/UNIX",
};
const evaluation = (nth: number) =>
  evaluationIdSchema.parse(`evl-${String(nth).padStart(20, "0")}`);

/** @param hours since the start; @param lived hours on Spot before */
const loss = (before: SpotBackoff | undefined, nth: number, hours: number, lived?: number) =>
  rememberLoss(before, {
    targetId: targetIdSchema.parse("tgt-0123456789"),
    evaluationId: evaluation(nth),
    lost: { downSince: at(hours), pool },
    ...(lived !== undefined && { since: at(hours - lived) }),
    recoveredAt: at(hours + 0.1),
  });

describe("the back-off after losses", () => {
  it("is an hour, then twice as long after each loss, and seven days at most", () => {
    const waits: number[] = [];
    let last: SpotBackoff | undefined;
    for (let nth = 1; nth <= 12; nth += 1) {
      last = loss(last, nth, nth, 1);
      waits.push((Date.parse(backoffUntil(last)) - Date.parse(last.lostAt)) / hourMs);
    }
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 168, 168, 168, 168]);
  });

  it("has a bound however many there were", () => {
    expect(backoffUntil({ losses: 5000, lostAt: at(0) })).toBe(at(168));
  });

  it("begins anew once it has stood on Spot for a day, and not a minute before", () => {
    const third = loss(loss(loss(undefined, 1, 1), 2, 2, 1), 3, 3, 1);
    expect(loss(third, 4, 40, 23.9).losses).toBe(4);
    expect(loss(third, 4, 40, 24).losses).toBe(1);
  });

  it("counts one whose time on Spot nobody knows to those before", () => {
    expect(loss(loss(undefined, 1, 1), 2, 200).losses).toBe(2);
  });

  it("counts a recovery that is recorded twice once", () => {
    const first = loss(undefined, 1, 1);
    expect(loss(first, 1, 2)).toBe(first);
  });

  it("takes the place of the dwell time as long as nothing has moved it since", () => {
    const first = loss(undefined, 1, 1);
    expect(isLastMoveRecovery(first, at(1.1))).toBe(true);
    expect(isLastMoveRecovery(first, at(9))).toBe(false);
    expect(isLastMoveRecovery(undefined, at(1.1))).toBe(false);
    expect(isLastMoveRecovery(first, undefined)).toBe(false);
  });
});
