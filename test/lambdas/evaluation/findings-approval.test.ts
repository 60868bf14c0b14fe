import { beforeEach, describe, expect, it } from "@jest/globals";
import { setApprovalSettings, voidApprovals } from "../../../adapters/store/approval-settings.ts";
import { getApproval, listApprovals, updateApproval } from "../../../adapters/store/approvals.ts";
import { listAudit } from "../../../adapters/store/audit.ts";
import type { FindingsPlan } from "../../../core/approval/findings.ts";
import { approve, reject } from "../../../core/approval/votes.ts";
import type { FindingsApproval } from "../../../core/model/approval.ts";
import { accountIdSchema } from "../../../core/model/ids.ts";
import {
  agreedFor,
  askForFindings,
  findingsHash,
  useFindingsApproval,
  type FindingsSettled,
} from "../../../lambdas/evaluation/findings-approval.ts";
import { createMemoryTable } from "../../../local/platform/memory-table.ts";
import { approver, terms } from "../../core/approval/samples.ts";

const place = { accountId: accountIdSchema.parse("444455556666"), region: "eu-central-1" };
const start = Date.parse("2026-03-01T10:00:00.000Z");
const hour = 3_600_000;

const plan: FindingsPlan = {
  kind: "DELETE_WASTE",
  subject: "vol-1",
  findings: ["vol-1"],
  changes: ["a snapshot is taken, and the volume is deleted"],
  isIrreversible: false,
  monthlySavingUsd: 8,
};

const required = "Waste is deleted with a person's consent alone.";

describe("what persons are asked about findings", () => {
  let table: ReturnType<typeof createMemoryTable>;
  let now: number;

  const context = () => ({ table, now: new Date(now) });
  const asking = (change: Partial<FindingsPlan> = {}) => ({
    ...place,
    plan: { ...plan, ...change },
    by: "finding-1",
    required,
    askedBy: approver("eve").caller,
  });
  const ask = (change: Partial<FindingsPlan> = {}, more = {}): Promise<FindingsSettled> =>
    askForFindings(context(), { ...asking(change), ...more });
  const vote = ({ approvalId }: FindingsApproval, who: string, seen?: string) =>
    updateApproval(table, approvalId, (approval) => {
      const input = { approval, voter: approver(who), view: { now: new Date(now) }, terms };
      const at = new Date(now).toISOString();
      const voted = approve(input, { at, boundsHash: seen ?? approval.boundsHash });
      if (voted.kind === "REFUSED") throw new Error(voted.reason);
      return voted.approval;
    });
  const use = (
    { approvalId }: FindingsApproval,
    change: Partial<FindingsPlan> = {},
    by = "finding-1",
  ) => useFindingsApproval(context(), approvalId, { ...asking(change), by });

  beforeEach(async () => {
    table = createMemoryTable();
    now = start;
    const { approvers } = terms;
    await setApprovalSettings(table, place.accountId, {
      approvers,
      updatedAt: "2026-03-01T09:00:00.000Z",
    });
  });

  it("is written down once, with who makes the product ask, and told in the audit", async () => {
    const settled = await ask();
    expect(settled.approval.boundsHash).toBe(findingsHash(asking()));
    expect(settled).toMatchObject({
      kind: "AWAITING",
      sentence: expect.stringContaining("waits for a person until 2026-03-02T10:00:00.000Z"),
      approval: {
        kind: "DELETE_WASTE",
        findings: ["vol-1"],
        askedBy: { name: "eve" },
        needed: 1,
        bounds: { minMonthlySavingUsd: 7, isIrreversible: false },
      },
    });
    now += hour;
    expect(await ask({ monthlySavingUsd: 7.9 })).toMatchObject({
      approval: { approvalId: settled.approval.approvalId },
    });
    expect((await listApprovals(table, { limit: 10 })).items).toHaveLength(1);
    const { items } = await listAudit(table, { limit: 1 });
    expect(items).toMatchObject([
      { action: "ASK_FOR_APPROVAL", actor: "eve", detail: { findings: ["vol-1"] } },
    ]);
  });

  it("is found where persons have agreed to it, used once, and replayed by nothing else", async () => {
    const { approval } = await ask();
    expect(await agreedFor(context(), { ...place, kind: "DELETE_WASTE" })).toEqual([]);
    await vote(approval, "ada");
    expect(await agreedFor(context(), { ...place, kind: "DELETE_WASTE" })).toMatchObject([
      { approvalId: approval.approvalId, findings: ["vol-1"] },
    ]);
    expect(await agreedFor(context(), { ...place, kind: "STOP_INSTANCES" })).toEqual([]);
    expect(await agreedFor(context(), { ...place, region: "eu-west-1", kind: plan.kind })).toEqual(
      [],
    );
    expect((await ask()).kind).toBe("AGREED");
    await use(approval);
    await use(approval);
    expect(await getApproval(table, approval.approvalId)).toMatchObject({
      status: "CONSUMED",
      consumed: { by: "finding-1" },
    });
    await expect(use(approval, {}, "finding-2")).rejects.toMatchObject({ name: "StaleApproval" });
    expect(await agreedFor(context(), { ...place, kind: "DELETE_WASTE" })).toEqual([]);
    expect((await ask()).kind).toBe("AGREED");
    expect(await ask({}, { by: "finding-2" })).toMatchObject({ kind: "AWAITING" });
  });

  it("is not agreed to by who makes the product ask, twice by one person, or with another hash", async () => {
    const { approval } = await ask({}, { atLeast: 2 });
    await expect(vote(approval, "eve")).rejects.toThrow("OWN_REQUEST");
    await expect(vote(approval, "ada", "other")).rejects.toThrow("BOUNDS_CHANGED");
    await vote(approval, "ada");
    expect(await ask({}, { atLeast: 2 })).toMatchObject({
      kind: "AWAITING",
      sentence: expect.stringContaining("waits for a person until"),
    });
    await expect(vote(approval, "ada")).rejects.toThrow("APPROVED_BEFORE");
    await vote(approval, "grace");
    expect((await ask({}, { atLeast: 2 })).kind).toBe("AGREED");
  });

  it("is another question with one more on the list, and what was asked before can't be approved", async () => {
    const first = await ask();
    const more = { findings: ["vol-1", "vol-2"] };
    const second = await ask(more);
    expect(second.approval.boundsHash).not.toBe(first.approval.boundsHash);
    await expect(vote(first.approval, "ada")).rejects.toThrow("BOUNDS_CHANGED");
    await vote(second.approval, "ada");
    const third = { findings: ["vol-1", "vol-2", "vol-3"] };
    await expect(use(second.approval, third)).rejects.toThrow("more is on the list by now: vol-3.");
    expect(await ask(third)).toMatchObject({
      kind: "AWAITING",
      approval: { because: expect.stringContaining("more is on the list by now: vol-3.") },
    });
  });

  it("is not used after its hours, and is asked for anew", async () => {
    const { approval } = await ask();
    await vote(approval, "ada");
    now += 24 * hour;
    await expect(vote(approval, "grace")).rejects.toThrow("EXPIRED");
    await expect(use(approval)).rejects.toMatchObject({ name: "StaleApproval" });
    expect(await agreedFor(context(), { ...place, kind: "DELETE_WASTE" })).toEqual([]);
    const anew = await ask();
    expect(anew.kind).toBe("AWAITING");
    expect(anew.approval.approvalId).not.toBe(approval.approvalId);
  });

  it("is left alone once a person has rejected it, until his days are over", async () => {
    const { approval } = await ask();
    await updateApproval(table, approval.approvalId, (one) => {
      const input = { approval: one, voter: approver("ada"), view: { now: new Date(now) }, terms };
      const voted = reject(input, { at: new Date(now).toISOString(), comment: "Ours." });
      return voted.kind === "VOTED" ? voted.approval : one;
    });
    now += 24 * hour;
    expect(await ask({ monthlySavingUsd: 80 })).toMatchObject({
      kind: "REJECTED",
      sentence: expect.stringContaining("by ada"),
    });
    now += 30 * 24 * hour;
    expect((await ask()).kind).toBe("AWAITING");
  });

  it("is void after the table was restored, also what was used up since", async () => {
    const { approval } = await ask();
    await vote(approval, "ada");
    await voidApprovals(table, new Date(now).toISOString());
    await expect(use(approval)).rejects.toMatchObject({ name: "StaleApproval" });
    now += hour;
    expect((await ask()).approval.approvalId).not.toBe(approval.approvalId);
  });

  it("is void in a table of another name", async () => {
    const { approval } = await ask();
    await vote(approval, "ada");
    await updateApproval(table, approval.approvalId, (one) => ({ ...one, tableName: "before" }));
    await expect(use(approval)).rejects.toMatchObject({ name: "StaleApproval" });
    expect((await ask()).kind).toBe("AWAITING");
  });

  it("waits again where a voter was taken from the list since", async () => {
    const { approval } = await ask();
    await vote(approval, "ada");
    await setApprovalSettings(table, place.accountId, {
      approvers: terms.approvers.slice(1),
      updatedAt: "2026-03-01T10:30:00.000Z",
    });
    await expect(use(approval)).rejects.toMatchObject({ name: "StaleApproval" });
    expect(await ask()).toMatchObject({ kind: "AWAITING", approval: { votes: [] } });
  });

  it("is one question where two runs ask at the same instant, and for another list the later comes again", async () => {
    const [one, other] = await Promise.all([ask(), ask()]);
    expect(one.approval.approvalId).toBe(other.approval.approvalId);
    const lists = [["i-1"], ["i-1", "i-2"]];
    const answers = await Promise.allSettled(
      lists.map((findings) => ask({ subject: "what nobody owns", findings })),
    );
    expect(answers.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
    expect(answers.find(({ status }) => status === "rejected")).toMatchObject({
      reason: { name: "RetryableContention" },
    });
  });

  it("is asked about each resource apart", async () => {
    const [one, other] = [await ask(), await ask({ subject: "vol-2", findings: ["vol-2"] })];
    await vote(one.approval, "ada");
    await vote(other.approval, "ada");
    expect(await agreedFor(context(), { ...place, kind: "DELETE_WASTE" })).toHaveLength(2);
  });
});
