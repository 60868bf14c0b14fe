import { describe, expect, it } from "@jest/globals";
import { accountIdSchema } from "../../../core/model/ids.ts";
import { wasteIdOf } from "../../../adapters/store/waste-findings.ts";
import type { EvaluationStatus } from "../../../core/model/evaluation.ts";
import type { WasteFinding } from "../../../core/model/waste/finding.ts";
import { noticeOfEvaluation } from "../../../core/notice/of-evaluation.ts";
import { noticeOfWaste } from "../../../core/notice/of-waste.ts";
import { at, evaluation, evaluationId, targetId } from "../../adapters/store/examples.ts";

const ended = (status: EvaluationStatus) => {
  if (status === "PENDING" || status === "RUNNING") return evaluation(1, { status });
  const outcome = { status, reason: "BrokenQuota", sentence: "So it ended." };
  return evaluation(1, { status, outcome, endedAt: at(60), downtimeSeconds: 9 });
};

describe("what is told of an evaluation", () => {
  it.each([
    ["SWITCHED", "SWITCH_DONE", evaluationId(1), "Nothing is to be done"],
    ["PARTLY_SWITCHED", "SWITCH_DONE", evaluationId(1), "Nothing is to be done"],
    ["FELL_BACK", "FALLBACK", evaluationId(1), "Nothing is to be done"],
    ["ROLLED_BACK", "ROLLED_BACK", undefined, "what failed"],
    ["NEEDS_OPERATOR", "NEEDS_OPERATOR", evaluationId(1), "/resume"],
    ["AWAITING_APPROVAL", "APPROVAL_WANTED", evaluationId(1), "approve or reject"],
  ] as const)("that ended %s is %s, with its next step", (status, kind, state, nextStep) => {
    const notice = noticeOfEvaluation(ended(status));
    expect(notice).toMatchObject({
      kind,
      error: "BrokenQuota",
      resource: targetId(1),
      sentence: "So it ended.",
      figures: { downtime_seconds: 9 },
      path: `/evaluations/${evaluationId(1)}`,
      at: at(60),
    });
    expect(notice?.state).toBe(state);
    expect(notice?.nextStep).toContain(nextStep);
  });

  it("that AWS has refused is told of the region, with its target in the list: it refuses many alike", () => {
    const notice = noticeOfEvaluation(ended("DEGRADED"));
    expect(notice).toMatchObject({ resource: "eu-central-1", member: targetId(1) });
    expect(notice?.state).toBeUndefined();
    expect(notice?.nextStep).toContain("Nothing was changed");
  });

  it.each(["SWITCHED", "FELL_BACK"] as const)(
    "that recovered what EC2 has taken is told of the region, each time (%s)",
    (status) => {
      const notice = noticeOfEvaluation({ ...ended(status), kind: "RECOVER" });
      expect(notice).toMatchObject({
        resource: "eu-central-1",
        member: `${targetId(1)} by ${evaluationId(1)}`,
      });
      expect(notice?.state).toBeUndefined();
    },
  );

  it.each(["PENDING", "RUNNING", "STAYED", "REFUSED", "SHADOWED", "ADOPTED"] as const)(
    "that is %s is nothing",
    (status) => {
      expect(noticeOfEvaluation(ended(status))).toBeUndefined();
    },
  );
});

const place = { accountId: accountIdSchema.parse("444455556666"), region: "eu-central-1" };

const finding = (resourceId: string, change: Partial<WasteFinding>): WasteFinding => ({
  findingId: wasteIdOf(place, "UNATTACHED_VOLUME", resourceId),
  ...place,
  kind: "UNATTACHED_VOLUME",
  resourceId,
  status: "OFFERED",
  firstSeenAt: at(0),
  lastSeenAt: at(0),
  countedSeconds: 0,
  why: "Nothing has it.",
  effect: "Deletes it.",
  undo: "Restore it.",
  unchecked: [],
  reasons: [],
  ...change,
});

describe("what is told of a reading for waste", () => {
  it("are the totals of what is shown, with what has no price, and once for each number of findings", () => {
    const notice = noticeOfWaste(
      place,
      [
        finding("vol-1", { monthlyUsd: 8.5 }),
        finding("vol-2", { monthlyUsd: 1 }),
        finding("vol-3", { status: "REPORTED" }),
        finding("vol-4", { monthlyUsd: 99, status: "KEPT" }),
        finding("vol-5", { monthlyUsd: 7, countedWith: "vol-1" }),
      ],
      at(60),
    );
    expect(notice).toMatchObject({
      kind: "WASTE_FOUND",
      state: "4",
      figures: { findings: 4, findings_without_price: 1, monthly_usd: 9.5 },
      sentence:
        "4 things in eu-central-1 of account 444455556666 cost money and are of no use: 9.50 USD a month by the price list, and 1 of which no price is known.",
    });
  });

  it("is nothing where nothing is shown", () => {
    expect(noticeOfWaste(place, [finding("vol-1", { status: "SEEN" })], at(60))).toBeUndefined();
  });
});
