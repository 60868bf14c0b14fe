import { beforeEach, describe, expect, it } from "@jest/globals";
import { StartExecutionCommand } from "@aws-sdk/client-sfn";
import { updateApproval } from "../../../adapters/store/approvals.ts";
import type { FindingsPlan } from "../../../core/approval/findings.ts";
import { isOfFindings, type FindingsApproval } from "../../../core/model/approval.ts";
import { accountIdSchema } from "../../../core/model/ids.ts";
import {
  askForFindings,
  useFindingsApproval,
} from "../../../lambdas/evaluation/findings-approval.ts";
import { approver } from "../../core/approval/samples.ts";
import { apiUnderTest, startOfTime, webTarget, type ApiUnderTest } from "./api-under-test.ts";

const as = (name: string) => ({ "spot-optimizer-identity": name });

const asked = {
  accountId: accountIdSchema.parse(webTarget.account_id),
  region: "eu-central-1",
  by: "eip-1",
  required: "An address is released with the consent of two persons alone.",
  atLeast: 2,
  askedBy: approver("eve").caller,
  plan: {
    kind: "DELETE_WASTE",
    subject: "eipalloc-1",
    findings: ["eip-1"],
    changes: ["the address is released"],
    isIrreversible: true,
    monthlySavingUsd: 3.65,
  },
} as const;

type Change = Partial<FindingsPlan>;

const problemOf = ({ body }: { readonly body: unknown }): string =>
  (body as { type: string }).type.replace("urn:spot-optimizer:problem:", "");

describe("approvals about findings", () => {
  let api: ApiUnderTest;
  let approval: FindingsApproval;

  const ask = async (change: Change = {}) =>
    (
      await askForFindings(
        { table: api.table, now: startOfTime },
        { ...asked, plan: { ...asked.plan, ...change } },
      )
    ).approval;
  const approve = (name: string, hash = approval.boundsHash) =>
    api.send("POST", `/approvals/${approval.approvalId}/approve`, { bounds_hash: hash }, as(name));
  const change = (changed: Partial<FindingsApproval>) =>
    updateApproval(api.table, approval.approvalId, (one) =>
      isOfFindings(one) ? { ...one, ...changed } : one,
    );

  beforeEach(async () => {
    api = apiUnderTest();
    approval = await ask();
  });

  it("are shown with their list, and with what can't be taken back", async () => {
    const shown = await api.send("GET", `/approvals/${approval.approvalId}`);
    expect(shown).toMatchObject({
      status: 200,
      body: {
        kind: "DELETE_WASTE",
        status: "PENDING",
        needed: 2,
        findings: ["eip-1"],
        bounds: { changes: ["the address is released"], is_irreversible: true },
        asked_by: { name: "eve" },
      },
    });
    expect(shown.body).not.toHaveProperty("target_id");
    expect(await api.send("GET", "/approvals?status=PENDING")).toMatchObject({
      body: { items: [{ approval_id: approval.approvalId }] },
    });
  });

  it("take the votes of two persons, begin no evaluation, and say when it is carried out", async () => {
    const first = await approve("ada");
    expect(first).toMatchObject({ status: 200, body: { approval: { status: "PENDING" } } });
    expect(first.body).not.toHaveProperty("next_step");
    expect(problemOf(await approve("Ada"))).toBe("approved-before");
    const second = await approve("grace");
    expect(second).toMatchObject({
      status: 200,
      body: {
        approval: { status: "APPROVED" },
        next_step: expect.stringContaining("carried out within minutes"),
      },
    });
    expect(second.body).not.toHaveProperty("not_started");
    expect(problemOf(await approve("alan"))).toBe("approval-settled");
    expect(api.sfn.commandCalls(StartExecutionCommand)).toHaveLength(0);
  });

  it("are not given once they are used up", async () => {
    await approve("ada");
    await approve("grace");
    await useFindingsApproval({ table: api.table, now: startOfTime }, approval.approvalId, asked);
    expect(problemOf(await approve("alan"))).toBe("approval-settled");
    expect((await api.send("GET", `/approvals/${approval.approvalId}`)).body).toMatchObject({
      status: "CONSUMED",
      consumed: { by: "eip-1" },
    });
  });

  it("are not given by who makes the product ask, with another hash, or while a kill switch is thrown", async () => {
    expect(problemOf(await approve("eve"))).toBe("own-request");
    expect(problemOf(await approve("ada", "other"))).toBe("bounds-changed");
    await api.send("PUT", "/kill-switch", { engaged: true, reason: "Incident 4711" });
    expect(problemOf(await approve("ada"))).toBe("kill-switch-engaged");
  });

  it("are not given for a list that has grown since", async () => {
    await ask({ findings: ["eip-1", "eip-2"] });
    expect(problemOf(await approve("ada"))).toBe("bounds-changed");
  });

  it.each([
    ["after their hours", { expiresAt: startOfTime.toISOString() }, "approval-expired"],
    ["in a table that was restored", { tableName: "before" }, "approval-void"],
  ])("are not given %s, and nobody is told to evaluate a target", async (_when, changed, kind) => {
    await change(changed);
    const answer = await approve("ada");
    expect(problemOf(answer)).toBe(kind);
    expect((answer.body as { detail: string }).detail).toContain("The next reading asks anew");
  });

  it("are rejected with words, for their days", async () => {
    const path = `/approvals/${approval.approvalId}/reject`;
    expect(await api.send("POST", path, { comment: "Ours" }, as("ada"))).toMatchObject({
      status: 200,
      body: { status: "REJECTED", rejection: { comment: "Ours" } },
    });
    expect(problemOf(await approve("grace"))).toBe("approval-settled");
  });
});
