import { describe, expect, it } from "@jest/globals";
import { agreedBy, breakGlass } from "../../../core/approval/break-glass.ts";
import { isAgreed } from "../../../core/approval/question.ts";
import { hasEnough } from "../../../core/approval/standing.ts";
import { approve } from "../../../core/approval/votes.ts";
import type { Approval } from "../../../core/model/approval.ts";
import { approver, findingsPending, pending, terms, view } from "./samples.ts";

const oncall = approver("oncall");
const wayBack: Approval = { ...pending, kind: "FALL_BACK", needed: 2, askedBy: oncall.caller };
const said = { boundsHash: "hash", at: "2026-03-01T12:00:00.000Z", reason: "Incident 4711" };

const broken = (approval: Approval = wayBack, change: Partial<typeof said> = {}) =>
  breakGlass({ approval, breaker: oncall, view: view() }, { ...said, ...change });

const brokenApproval = (): Approval => {
  const answer = broken();
  if (answer.kind !== "VOTED") throw new Error(answer.reason);
  return answer.approval;
};

describe("the glass", () => {
  it("is broken by who is listed for it, alone, also for what he has asked for himself", () => {
    const approval = brokenApproval();
    expect(approval).toMatchObject({
      status: "APPROVED",
      votes: [],
      brokenGlass: { by: oncall.caller, as: oncall.as, reason: "Incident 4711" },
    });
    expect(agreedBy(approval)).toEqual(["oncall (in an emergency)"]);
    expect(isAgreed({ by: "evl-1", view: view(), terms }, approval)).toBe(true);
  });

  it("counts as long as who broke it is listed", () => {
    expect(hasEnough(brokenApproval(), { ...terms, breakGlass: [] })).toBe(false);
  });

  it("stays broken where one of several approvers agrees after it", () => {
    const input = { approval: brokenApproval(), voter: approver("ada"), view: view(), terms };
    const voted = approve(input, { boundsHash: "hash", at: said.at });
    if (voted.kind !== "VOTED") throw new Error(voted.reason);
    expect(voted.approval).toMatchObject({ status: "APPROVED", votes: [{ by: { name: "ada" } }] });
    expect(isAgreed({ by: "evl-1", view: view(), terms }, voted.approval)).toBe(true);
    const unlisted = approve({ ...input, terms: { ...terms, breakGlass: [] } }, said);
    expect(unlisted).toMatchObject({ approval: { status: "PENDING" } });
  });

  it.each([
    ["a switch to Spot", { ...wayBack, kind: "SWITCH" as const }],
    ["a move", { ...wayBack, kind: "MOVE" as const }],
    ["a deletion", findingsPending],
    ["a stop", { ...findingsPending, kind: "STOP_INSTANCES" as const }],
    ["a termination", { ...findingsPending, kind: "TERMINATE_INSTANCES" as const }],
  ])("is not broken for %s", (_, approval) => {
    expect(broken(approval)).toMatchObject({ kind: "REFUSED", reason: "NOT_RESTORING" });
  });

  it.each([
    ["by who is not listed", { breaker: { caller: oncall.caller } }, {}, "NOT_AN_APPROVER"],
    ["for bounds that he has not seen", {}, { boundsHash: "other" }, "BOUNDS_CHANGED"],
    ["after its hours", { view: view("2026-03-02T10:00:00.000Z") }, {}, "EXPIRED"],
    ["in a restored table", { view: { ...view(), voidUntil: said.at } }, {}, "VOID"],
  ])("is not broken %s", (_, input, words, reason) => {
    const asked = { approval: wayBack, breaker: oncall, view: view(), ...input };
    expect(breakGlass(asked, { ...said, ...words })).toMatchObject({ kind: "REFUSED", reason });
  });
});
