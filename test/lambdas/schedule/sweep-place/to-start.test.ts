import { describe, expect, it } from "@jest/globals";
import { listSpotBackoffs, updateSpotBackoff } from "../../../../adapters/store/spot-backoffs.ts";
import type { Judged } from "../../../../core/decide/fleet/starts.ts";
import type { SpotBackoff } from "../../../../core/model/spot-backoff.ts";
import type { Target } from "../../../../core/model/target.ts";
import { noteReturn, toStart } from "../../../../lambdas/schedule/sweep-place/to-start.ts";
import { createMemoryTable } from "../../../../local/platform/memory-table.ts";
import { account, after, at, evaluationId, targetId } from "../../../adapters/store/examples.ts";
import {
  judgedRun,
  linearTarget,
  spotBackoff,
} from "../../../adapters/store/stored-items/samples.ts";

const hour = 3600;
const place = { accountId: linearTarget.accountId, region: linearTarget.region };
const {
  evaluateAt: _at,
  failedAttempt: _attempt,
  ownersDeletionFlags: _flags,
  ...plain
} = linearTarget;

/** Recovered an hour ago, or never lost. */
const targetOf = (nth: number, isLost: boolean): Target => ({
  ...plain,
  targetId: targetId(nth),
  isShadowMode: false,
  lastSwitchAt: at(isLost ? -hour : -hour + 1),
  lastEvaluatedAt: at(-7 * hour - nth),
});

const backoffOf = (target: Target): SpotBackoff => {
  const { returnBegunAt: _never, ...others } = spotBackoff;
  return {
    ...others,
    targetId: target.targetId,
    evaluationId: evaluationId(1),
    lostAt: at(-hour - 60),
    recoveredAt: at(-hour),
  };
};

const judgedOf = (target: Target): Judged => ({
  target,
  run: { ...judgedRun, kind: "SWITCH" },
  verdict: {
    kind: "SWITCH",
    reason: "SAVINGS_WORTH_THE_RISK",
    sentence: "It is worth it.",
    offers: [],
    modelVersion: "streak-1",
    policyVersion: "pol-0",
    judgedAt: at(0),
  },
  isLookWanted: false,
});

const contextAt = (seconds: number, table = createMemoryTable()) => ({
  table,
  now: () => after(seconds),
  workflowOf: () => "arn:aws:states:us-east-1:123456789012:stateMachine:linear",
});

describe("what a sweep begins of what it has judged", () => {
  const lost = Array.from({ length: 9 }, (_, index) => targetOf(index + 1, true));
  const other = targetOf(10, false);
  const targets = [...lost, other];

  it("is a third of what fell from one pool in an hour, who waits longest first, and all that did not fall", async () => {
    const { table, ...others } = contextAt(0);
    for (const target of lost) {
      const backoff = backoffOf(target);
      await updateSpotBackoff(table, { place, targetId: target.targetId }, () => backoff);
    }
    const begin = async (seconds: number): Promise<readonly string[]> => {
      const context = { ...others, ...contextAt(seconds, table) };
      const backoffs = await listSpotBackoffs(table, place);
      const due = await toStart(context, {
        place,
        account: account({ maxConcurrentSwitches: 50 }),
        targets,
        judged: targets.map(judgedOf),
        backoffs,
      });
      for (const target of due) await noteReturn(context, { place, backoffs })(target);
      return due.map((target) => target.targetId);
    };
    const first = await begin(0);
    expect(first).toEqual([10, 9, 8, 7].map(targetId));
    // The next sweep: a third has begun in this hour.
    expect(await begin(900)).toEqual([targetId(10)]);
  });
});
