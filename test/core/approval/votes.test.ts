import { describe, expect, it } from "@jest/globals";
import type { Identified } from "../../../core/approval/caller.ts";
import { approve, reject, type VoteInput } from "../../../core/approval/votes.ts";
import type { TargetApproval } from "../../../core/model/approval.ts";
import { approvalIdSchema, evaluationIdSchema } from "../../../core/model/ids.ts";
import { approver, expiresAt, pending, terms, view, voteOf } from "./samples.ts";

const inputOf = (change: Partial<TargetApproval> = {}, who = "ada"): VoteInput => ({
  approval: { ...pending, ...change },
  voter: approver(who),
  view: view(),
  terms,
});

const seen = { boundsHash: "hash", at: "2026-03-01T12:00:00.000Z" };

const no = { at: "2026-03-01T12:00:00.000Z" };

const refusalOf = (voted: ReturnType<typeof approve>) =>
  voted.kind === "REFUSED" ? voted.reason : voted.approval.status;

describe("who approves", () => {
  it("is written down with what he has seen, and when", () => {
    const voted = approve(inputOf(), { ...seen, comment: "Go." });
    expect(voted).toMatchObject({
      kind: "VOTED",
      approval: {
        status: "APPROVED",
        votes: [
          {
            by: { name: "ada" },
            as: { kind: "USER", id: "AIDAADA0000000000000" },
            at: "2026-03-01T12:00:00.000Z",
            boundsHash: "hash",
            comment: "Go.",
          },
        ],
      },
    });
  });

  it("must be a second person where two are needed", () => {
    const first = approve(inputOf({ needed: 2 }), seen);
    expect(refusalOf(first)).toBe("PENDING");
    const votes = [voteOf("ada")];
    expect(refusalOf(approve(inputOf({ needed: 2, votes }, "ada"), seen))).toBe("APPROVED_BEFORE");
    expect(refusalOf(approve(inputOf({ needed: 2, votes }, "grace"), seen))).toBe("APPROVED");
  });

  it("is not a second one by a session of the same role that bears any name, whichever came first", () => {
    const role = { kind: "ROLE", id: "AROAOPERATOR000000003" } as const;
    const named = (name: string): Identified => ({
      caller: { name, keys: [`name:${name}`] },
      as: role,
    });
    const any: Identified = {
      caller: { name: "eve", keys: [`role:${role.id}`, "name:eve"] },
      as: role,
      because: "Role Operator counts as one person: it is open.",
    };
    const inRole = { ...terms, approvers: [role] };
    const second = (first: Identified, voter: Identified) => {
      const votes = [{ ...voteOf("ada"), by: first.caller, as: role }];
      return approve({ ...inputOf({ needed: 2, votes }), terms: inRole, voter }, seen);
    };
    expect(refusalOf(second(named("ada"), named("grace")))).toBe("APPROVED");
    expect(refusalOf(second(any, named("grace")))).toBe("APPROVED_BEFORE");
    expect(second(named("ada"), any)).toMatchObject({
      reason: "APPROVED_BEFORE",
      sentence: expect.stringMatching(
        /same person\. Role Operator counts as one person: it is open\.$/,
      ),
    });
  });

  it("is asked for twice where the policy became stricter since", () => {
    const stricter = { ...inputOf(), terms: { ...terms, approvalsNeeded: 2 } };
    expect(refusalOf(approve(stricter, seen))).toBe("PENDING");
    const approved = inputOf({ status: "APPROVED", votes: [voteOf("ada")] }, "grace");
    const again = { ...approved, terms: { ...terms, approvalsNeeded: 2 } };
    expect(refusalOf(approve(again, seen))).toBe("APPROVED");
    expect(refusalOf(approve(approved, seen))).toBe("SETTLED");
  });

  it("no longer counts once he was taken from the list", () => {
    const input = inputOf({ needed: 2, votes: [voteOf("alan")] });
    const fewer = { ...terms, approvers: terms.approvers.slice(0, 2) };
    const voted = approve({ ...input, terms: fewer }, seen);
    expect(voted).toMatchObject({
      approval: { status: "PENDING", votes: [{ by: { name: "ada" } }] },
    });
  });

  it.each([
    [
      "is on no list",
      { ...inputOf(), voter: { caller: approver("eve").caller } },
      "NOT_AN_APPROVER",
    ],
    ["has asked himself", inputOf({ askedBy: approver("ada").caller }), "OWN_REQUEST"],
    ["comes after its hours", { ...inputOf(), view: view(expiresAt) }, "EXPIRED"],
    ["comes after another has rejected it", inputOf({ status: "REJECTED" }), "SETTLED"],
    [
      "comes after it was used",
      inputOf({
        status: "CONSUMED",
        consumed: { by: evaluationIdSchema.parse("evl-9999999999"), at: expiresAt },
      }),
      "SETTLED",
    ],
    [
      "comes after something else was asked for",
      inputOf({ status: "SUPERSEDED", supersededBy: approvalIdSchema.parse("apr-9999999999") }),
      "BOUNDS_CHANGED",
    ],
    ["comes after the table was restored", inputOf({ tableName: "the-table-before" }), "VOID"],
    [
      "comes after all was made void",
      { ...inputOf(), view: { ...view(), voidUntil: "2026-03-01T11:00:00.000Z" } },
      "VOID",
    ],
  ] as const)("and %s is refused by name", (_who, input, reason) => {
    const voted = approve(input, seen);
    expect(refusalOf(voted)).toBe(reason);
    expect(voted).toMatchObject({ sentence: expect.stringMatching(/\.$/) });
  });

  it("must name the bounds that he has seen", () => {
    expect(refusalOf(approve(inputOf(), { ...seen, boundsHash: "other" }))).toBe("BOUNDS_CHANGED");
  });
});

describe("who rejects", () => {
  it("ends it for its days, with his words", () => {
    const voted = reject(inputOf({ needed: 2, votes: [voteOf("grace")] }), {
      ...no,
      comment: "Not in the season.",
    });
    expect(voted).toMatchObject({
      approval: {
        status: "REJECTED",
        rejection: {
          by: { name: "ada" },
          comment: "Not in the season.",
          until: "2026-03-31T12:00:00.000Z",
        },
      },
    });
  });

  it("may do so after it was approved, as long as nothing has begun with it", () => {
    const votes = [voteOf("grace")];
    expect(
      refusalOf(reject(inputOf({ status: "APPROVED", votes }), { ...no, comment: "No." })),
    ).toBe("REJECTED");
    expect(
      refusalOf(reject(inputOf({ status: "CONSUMED", votes }), { ...no, comment: "No." })),
    ).toBe("SETTLED");
  });

  it("is an approver, or has asked himself", () => {
    const stranger = { caller: approver("eve").caller };
    expect(refusalOf(reject({ ...inputOf(), voter: stranger }, { ...no, comment: "No." }))).toBe(
      "NOT_AN_APPROVER",
    );
    const own = inputOf({ askedBy: approver("eve").caller });
    expect(refusalOf(reject({ ...own, voter: stranger }, { ...no, comment: "No." }))).toBe(
      "REJECTED",
    );
  });
});
