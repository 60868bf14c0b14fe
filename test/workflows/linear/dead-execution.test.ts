/** An execution is stopped by hand: its record does not stay RUNNING for ever, and what it has left open waits for a person. */
import { describe, expect, it } from "@jest/globals";
import * as z from "zod";
import { getEvaluation, listEvaluations } from "../../../adapters/store/evaluations.ts";
import { leaseKey } from "../../../adapters/store/keys.ts";
import { readLease } from "../../../adapters/store/leases.ts";
import { evaluationIdSchema, targetIdSchema } from "../../../core/model/ids.ts";
import type { Lab } from "../../../local/lab/contract.ts";
import { accountId, createLab } from "../../../local/lab/lab.ts";
import { hourMs } from "../../../local/lab/schedules.ts";
import { atFirst, plain } from "../../../local/lab/scenarios.ts";

/** At the first call of that kind, made or only asked for. */
const stoppedAt = async (
  operation: string,
): Promise<{ readonly lab: Lab; readonly id: string }> => {
  const lab = await createLab(plain);
  const { body } = await lab.evaluate();
  const id = z.string().parse(body["evaluation_id"]);
  const executionArn = z.string().parse(body["execution_arn"]);
  let isStopped = false;
  atFirst(lab, operation, {
    when: "after",
    what: () => {
      isStopped = true;
      void lab.platform.interpreter.stop({ executionArn, cause: "by mistake" });
    },
  });
  await lab.clock.run({ atMostMs: lab.clock.now() + hourMs });
  expect(isStopped).toBe(true);
  return { lab, id };
};

const shown = async (lab: Lab, id: string) => (await lab.send("GET", `/evaluations/${id}`)).body;

const sweep = (lab: Lab) => lab.platform.functions.invoke("schedule-sweep", {});

const expireLease = async (lab: Lab, resource: string): Promise<void> => {
  const held = await lab.table.get(leaseKey(resource));
  const expiresAt = new Date(lab.clock.now() - 1000).toISOString();
  const data = { ...(await readLease(lab.table, resource)), expiresAt };
  const version = (held?.version ?? 0) + 1;
  await lab.table.put({ ...leaseKey(resource), version, data }, { ifVersion: held?.version ?? 0 });
};

const arnOf = (lab: Lab, name: string): string =>
  `${(lab.platform.workflowOf("LINEAR") ?? "").replace(":stateMachine:", ":execution:")}:${name}`;

/** It runs, and nobody knows: the answer was lost, and Step Functions did not answer who asked for it. */
const startedUnnoted = async (): Promise<{ readonly lab: Lab; readonly id: string }> => {
  const lab = await createLab(plain);
  const lose = ({ operation }: { readonly operation: string }): void => {
    if (/^(?:Start|Describe)Execution$/.test(operation)) throw new Error("socket hang up");
  };
  const answersAgain = lab.platform.cloud.faults.after(lose);
  expect((await lab.evaluate()).status).toBe(503);
  answersAgain();
  const { items } = await listEvaluations(lab.table, {
    targetId: targetIdSchema.parse(lab.targetId),
    limit: 1,
  });
  return { lab, id: items[0]?.evaluationId ?? "" };
};

describe("an evaluation whose execution was started, and whose start nobody could note", () => {
  it("is left alone as long as that runs, and no decision about it is taken", async () => {
    const { lab, id } = await startedUnnoted();
    await lab.clock.run({ atMostMs: lab.clock.now() + hourMs / 20 });
    const record = await getEvaluation(lab.table, evaluationIdSchema.parse(id));
    expect(record).toMatchObject({ status: "RUNNING" });
    expect(record?.executionArn).toBeUndefined();
    await expireLease(lab, record?.leases[0].resource ?? "");
    await sweep(lab);
    expect(await shown(lab, id)).toMatchObject({ status: "RUNNING" });
    const path = `/evaluations/${id}/roll-back`;
    expect((await lab.send("POST", path, { reason: "drill" })).status).toBe(409);
  });

  it("ends as NEEDS_OPERATOR once that was stopped by hand, and is rolled back", async () => {
    const { lab, id } = await startedUnnoted();
    atFirst(lab, "RunInstances", {
      when: "after",
      what: () =>
        void lab.platform.interpreter.stop({ executionArn: arnOf(lab, id), cause: "by mistake" }),
    });
    await lab.clock.run({ atMostMs: lab.clock.now() + hourMs });
    expect(await shown(lab, id)).toMatchObject({ status: "RUNNING" });
    await sweep(lab);
    expect(await shown(lab, id)).toMatchObject({
      status: "NEEDS_OPERATOR",
      outcome: { sentence: expect.stringContaining(`Its execution ${id} has ended`) },
    });
    const path = `/evaluations/${id}/roll-back`;
    expect((await lab.send("POST", path, { reason: "drill" })).status).toBe(202);
    await lab.clock.run({ atMostMs: lab.clock.now() + hourMs });
    expect(await shown(lab, id)).toMatchObject({ status: "ROLLED_BACK" });
  });
});

describe("an evaluation whose execution was stopped by hand", () => {
  it("ends as NEEDS_OPERATOR where it has left something open, and nothing in the account is touched", async () => {
    const { lab, id } = await stoppedAt("RunInstances");
    expect(await shown(lab, id)).toMatchObject({ status: "RUNNING" });
    const from = lab.platform.cloud.journal.length;
    await sweep(lab);
    expect(await shown(lab, id)).toMatchObject({
      status: "NEEDS_OPERATOR",
      outcome: {
        reason: "BrokenDeadline",
        sentence: expect.stringContaining("has ended, and did not write how"),
      },
    });
    const changed = lab.platform.cloud.journal
      .slice(from)
      .filter((entry) => entry.accountId === accountId && entry.mutating && !entry.dryRun);
    expect(changed).toEqual([]);
    expect(lab.logged.join("\n")).toContain("has lost its execution before its end was written");
    const again = await lab.send("POST", `/evaluations/${id}/roll-back`, { reason: "drill" });
    expect(again.status).toBe(202);
    await lab.clock.run({ atMostMs: lab.clock.now() + hourMs });
    expect(await shown(lab, id)).toMatchObject({ status: "ROLLED_BACK" });
  });

  it("ends as DEGRADED where nothing was begun, and the target can be evaluated again", async () => {
    const { lab, id } = await stoppedAt("DescribeInstances");
    await sweep(lab);
    expect(await shown(lab, id)).toMatchObject({
      status: "DEGRADED",
      outcome: { sentence: expect.stringContaining("Nothing was touched") },
    });
    expect((await lab.evaluate()).status).toBe(202);
  });

  it("is left alone as long as its execution runs, although its lease has run out", async () => {
    const lab = await createLab(plain);
    const { body } = await lab.evaluate();
    const id = z.string().parse(body["evaluation_id"]);
    await lab.clock.run({ atMostMs: lab.clock.now() + hourMs / 20 });
    const record = await getEvaluation(lab.table, evaluationIdSchema.parse(id));
    const resource = record?.leases[0].resource ?? "";
    await expireLease(lab, resource);
    await sweep(lab);
    expect(await shown(lab, id)).toMatchObject({ status: "RUNNING" });
  });
});
