import { describe, expect, it } from "@jest/globals";
import { compared, type Plan } from "../../../core/approval/bounds.ts";
import { answerTo, type QuestionInput } from "../../../core/approval/question.ts";
import type { TargetApproval } from "../../../core/model/approval.ts";
import { approvalIdSchema, evaluationIdSchema } from "../../../core/model/ids.ts";
import { approver, expiresAt, pending, terms, view, voteOf } from "./samples.ts";

const plan: Plan = {
  kind: "SWITCH",
  subject: pending.bounds.subject,
  launchedAt: "2026-02-01T10:00:00.000Z",
  pools: [{ key: "a", hourlyUsd: 0.03 }],
  savingsPercent: 68,
  downtimeSeconds: 360,
  changes: ["another instance id"],
};

const evaluationId = evaluationIdSchema.parse("evl-2222222222");
const approved: TargetApproval = { ...pending, status: "APPROVED", votes: [voteOf("ada")] };
const rejected: TargetApproval = {
  ...pending,
  status: "REJECTED",
  rejection: {
    by: approver("ada").caller,
    at: pending.askedAt,
    comment: "No.",
    until: "2026-03-31T10:00:00.000Z",
  },
};

type Change = Partial<Omit<QuestionInput<TargetApproval>, "plan">> & { readonly plan?: Plan };

const answer = (approvals: readonly TargetApproval[], change: Change = {}) =>
  answerTo({
    by: evaluationId,
    approvals,
    view: view(),
    terms,
    ...change,
    plan: compared(change.plan ?? plan),
  });

const launchedAnew = { ...plan, launchedAt: "2026-03-01T11:00:00.000Z" };

describe("what a person must agree to", () => {
  it("is asked for where it never was", () => {
    expect(answer([])).toEqual({ kind: "ASK", instead: [] });
  });

  it("is not asked for a second time within the same bounds", () => {
    expect(answer([pending])).toEqual({ kind: "PENDING", approval: pending });
  });

  it("is carried out once it was agreed to", () => {
    expect(answer([approved])).toEqual({ kind: "AGREED", approval: approved });
  });

  it("is asked for anew where it is something else by now, in place of what was asked", () => {
    expect(answer([pending], { plan: launchedAnew })).toEqual({
      kind: "ASK",
      instead: [pending],
    });
  });

  it("is asked for anew once its hours are over", () => {
    expect(answer([pending, approved], { view: view(expiresAt) })).toEqual({
      kind: "ASK",
      instead: [],
    });
  });

  it("is not asked for while a rejection holds, though somebody had agreed to it", () => {
    expect(answer([approved, rejected])).toEqual({ kind: "REJECTED", approval: rejected });
    const restored = { ...view(), tableName: "restored" };
    expect(answer([rejected], { view: restored }).kind).toBe("REJECTED");
  });

  it.each([
    ["its days are over", { view: view("2026-03-31T10:00:00.000Z") }],
    ["the subject was launched anew", { plan: launchedAnew }],
    ["it goes to another pool", { plan: { ...plan, pools: [{ key: "c", hourlyUsd: 0.01 }] } }],
    ["it is another kind of move", { plan: { ...plan, kind: "FALL_BACK" as const } }],
  ])("is asked for again after a rejection where %s", (_what, change) => {
    expect(answer([rejected], change)).toEqual({ kind: "ASK", instead: [] });
  });

  it("is not carried out with what another evaluation has used up", () => {
    const used: TargetApproval = {
      ...approved,
      status: "CONSUMED",
      consumed: { by: evaluationIdSchema.parse("evl-3333333333"), at: pending.askedAt },
    };
    expect(answer([used], { approvalId: used.approvalId })).toEqual({
      kind: "ASK",
      instead: [],
      because: "Approval apr-0123456789 is CONSUMED by now.",
    });
    const own: TargetApproval = { ...used, consumed: { by: evaluationId, at: pending.askedAt } };
    expect(answer([own])).toEqual({ kind: "AGREED", approval: own });
  });

  it("tells who has begun it by an approval which bound it is outside of", () => {
    expect(
      answer([approved], {
        plan: { ...plan, downtimeSeconds: 900 },
        approvalId: approved.approvalId,
      }),
    ).toEqual({
      kind: "ASK",
      instead: [],
      because:
        "Outside the bounds of approval apr-0123456789: a downtime of 15 min is expected by now, and at most 6 min was agreed to.",
    });
  });

  it("needs as many persons as the policy of now says, of those who may approve now", () => {
    expect(
      answer([approved], {
        terms: { ...terms, approvalsNeeded: 2 },
        approvalId: approved.approvalId,
      }),
    ).toEqual({
      kind: "PENDING",
      approval: approved,
      because: "Of the 2 persons that approval apr-0123456789 needs by now, 1 may approve still.",
    });
    expect(answer([approved], { terms: { ...terms, approvers: [] } }).kind).toBe("PENDING");
  });

  it("is void in a table that was restored", () => {
    const other = {
      ...approved,
      approvalId: approvalIdSchema.parse("apr-1111111111"),
      tableName: "before",
    };
    const restored = { ...view(), tableName: "restored" };
    expect(answer([other], { view: restored, approvalId: other.approvalId })).toMatchObject({
      kind: "ASK",
      because: "Approval apr-1111111111 is VOID by now.",
    });
  });
});
