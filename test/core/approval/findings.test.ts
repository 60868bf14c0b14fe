import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import {
  comparedFindings,
  findingsBoundsOf,
  findingsOf,
  outsideFindings,
  type FindingsPlan,
} from "../../../core/approval/findings.ts";
import { answerTo, type Answer } from "../../../core/approval/question.ts";
import type { FindingsApproval } from "../../../core/model/approval.ts";
import { approver, findingsPending, terms, view, voteOf } from "./samples.ts";

const plan: FindingsPlan = {
  kind: "STOP_INSTANCES",
  subject: "what nobody owns",
  findings: ["i-2", "i-1"],
  changes: ["each is stopped"],
  isIrreversible: false,
  monthlySavingUsd: 100,
};

const approvalOf = (
  asked: FindingsPlan,
  change: Partial<FindingsApproval> = {},
): FindingsApproval => ({
  ...findingsPending,
  kind: asked.kind,
  bounds: findingsBoundsOf(asked),
  findings: findingsOf(asked),
  ...change,
});

const answer = (
  approvals: readonly FindingsApproval[],
  now: FindingsPlan = plan,
): Answer<FindingsApproval> =>
  answerTo({ plan: comparedFindings(now), by: "run-1", approvals, view: view(), terms });

const agreed = approvalOf(plan, { status: "APPROVED", votes: [voteOf("ada")] });
const rejected = approvalOf(plan, {
  status: "REJECTED",
  rejection: {
    by: approver("ada").caller,
    at: findingsPending.askedAt,
    comment: "They are the lab's.",
    until: "2026-03-31T10:00:00.000Z",
  },
});

describe("the bounds of what is asked about findings", () => {
  it("are the list in order, what is done, whether it can be taken back, and the saving down to the dollar", () => {
    expect(findingsOf({ ...plan, findings: ["i-2", "i-1", "i-2"] })).toEqual(["i-1", "i-2"]);
    expect(findingsBoundsOf(plan)).toEqual({
      subject: "what nobody owns",
      changes: ["each is stopped"],
      isIrreversible: false,
      minMonthlySavingUsd: 95,
    });
  });

  it("hold for the plan that they were made of, and for one that saves a hair less", () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1e6, noNaN: true }), (monthlySavingUsd) => {
        const asked = { ...plan, monthlySavingUsd };
        const approval = approvalOf(asked);
        expect(outsideFindings(asked, approval)).toBeUndefined();
        const less = { ...asked, monthlySavingUsd: monthlySavingUsd * 0.96 };
        expect(outsideFindings(less, approval)).toBeUndefined();
      }),
    );
  });

  it.each([
    [
      "one more is on the list",
      { findings: ["i-1", "i-2", "i-3"] },
      "more is on the list by now: i-3.",
    ],
    [
      "many more are, of which some are named",
      { findings: ["i-1", "i-3", "i-4", "i-5", "i-6", "i-7", "i-8"] },
      "more is on the list by now: i-3, i-4, i-5, i-6, i-7 and 1 more.",
    ],
    ["it can't be taken back", { isIrreversible: true }, "it can't be taken back by now."],
    [
      "more is done to it",
      { changes: ["each is stopped", "its address is released"] },
      "more is to be done by now: its address is released.",
    ],
    [
      "it saves less",
      { monthlySavingUsd: 60 },
      "it saves $60.00 a month by now, and at least $95 was agreed to.",
    ],
    [
      "it is about something else",
      { subject: "all" },
      "it is all by now, and was what nobody owns.",
    ],
  ])("do not hold where %s", (_what, change, why) => {
    expect(outsideFindings({ ...plan, ...change }, agreed)).toBe(why);
  });

  it("do not hold where the saving was known and no longer is", () => {
    const { monthlySavingUsd: _unknown, ...now } = plan;
    expect(outsideFindings(now, agreed)).toContain("an unknown sum");
    expect(outsideFindings(plan, approvalOf(now))).toBeUndefined();
  });

  it("hold for fewer findings, which save less together", () => {
    const fewer = { ...plan, findings: ["i-2"], monthlySavingUsd: 1 };
    expect(outsideFindings(fewer, agreed)).toBeUndefined();
  });
});

describe("what persons are asked about findings", () => {
  it("is carried out once they have agreed, and asked for anew with one more", () => {
    expect(answer([agreed]).kind).toBe("AGREED");
    expect(answer([agreed], { ...plan, findings: ["i-1", "i-2", "i-3"] }).kind).toBe("ASK");
  });

  it("takes the place of what is open and is something else", () => {
    const open = approvalOf(plan);
    expect(answer([open])).toEqual({ kind: "PENDING", approval: open });
    const more = { ...plan, findings: [...plan.findings, "i-3"] };
    expect(answer([open], more)).toEqual({ kind: "ASK", instead: [open] });
  });

  it("is not asked for after a rejection of these or more of them, whatever they save", () => {
    expect(answer([rejected]).kind).toBe("REJECTED");
    expect(answer([rejected], { ...plan, findings: ["i-1"], monthlySavingUsd: 900 }).kind).toBe(
      "REJECTED",
    );
    expect(answer([rejected], { ...plan, findings: ["i-1", "i-3"] }).kind).toBe("ASK");
    expect(answer([rejected], { ...plan, kind: "TERMINATE_INSTANCES" }).kind).toBe("ASK");
  });

  it("is good for who has used it up alone", () => {
    const at = findingsPending.askedAt;
    const used = { ...agreed, status: "CONSUMED" as const };
    expect(answer([{ ...used, consumed: { by: "run-1", at } }]).kind).toBe("AGREED");
    expect(answer([{ ...used, consumed: { by: "run-2", at } }]).kind).toBe("ASK");
  });
});
