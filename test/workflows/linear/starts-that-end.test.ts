/** Between the record and its execution: refused, lost, cut off, late, and many at once. */
import { describe, expect, it } from "@jest/globals";
import { getEvaluation, listEvaluations } from "../../../adapters/store/evaluations.ts";
import { isHeld, readLease } from "../../../adapters/store/leases.ts";
import { evaluationIdSchema, type EvaluationId } from "../../../core/model/ids.ts";
import { CloudError } from "../../../local/cloud/contract.ts";
import type { Lab } from "../../../local/lab/contract.ts";
import { refusals } from "../../../local/lab/harm.ts";
import { openAccount } from "../../../local/lab/account.ts";
import { createLab } from "../../../local/lab/lab.ts";
import { hourMs } from "../../../local/lab/schedules.ts";
import { plain } from "../../../local/lab/scenarios.ts";
import { smallMarket } from "../../../local/lab/small-market.ts";
import { addWorkload, register } from "../../../local/lab/subject.ts";

const minuteMs = 60_000;

/** Until it is released, each start meets this. */
const atStart = (lab: Lab, when: "before" | "after", what: () => void): (() => void) => {
  const hook = ({ operation }: { readonly operation: string }): void => {
    if (operation === "StartExecution") what();
  };
  const { faults } = lab.platform.cloud;
  return when === "before" ? faults.before(hook) : faults.after(hook);
};

const lose = (): never => {
  throw new Error("socket hang up");
};

const deny = (): never => {
  throw new CloudError("AccessDeniedException", "You are not authorized.", 400);
};

const passMinutes = (lab: Lab, minutes: number): Promise<void> =>
  lab.clock.run({ atMostMs: lab.clock.now() + minutes * minuteMs });

/** And every place that it hands on. */
const sweep = async (lab: Lab): Promise<void> => {
  await lab.platform.functions.invoke("schedule-sweep", {});
  await passMinutes(lab, 1);
};

const evaluationsOf = async (lab: Lab) => {
  const { items } = await listEvaluations(lab.table, { limit: 100 });
  return items.filter(({ targetId }) => targetId === lab.targetId);
};

const onlyOne = async (lab: Lab): Promise<EvaluationId> => {
  const [one, ...others] = await evaluationsOf(lab);
  if (one === undefined || others.length > 0) throw new Error("There is not one evaluation.");
  return one.evaluationId;
};

const isLeased = async (lab: Lab, evaluationId: EvaluationId): Promise<boolean> => {
  const record = await getEvaluation(lab.table, evaluationId);
  const lease = await readLease(lab.table, record?.leases[0].resource ?? "");
  return lease !== undefined && isHeld(lease, new Date(lab.clock.now()));
};

const idIn = (body: Readonly<Record<string, unknown>>): EvaluationId =>
  evaluationIdSchema.parse(body["evaluation_id"]);

describe("a start that Step Functions refuses", () => {
  it("ends its record with the cause, and the next evaluation begins at once", async () => {
    const lab = await createLab(plain);
    const release = atStart(lab, "before", deny);
    const refused = await lab.evaluate();
    expect(refused.status).toBe(502);
    expect(refused.body["detail"]).toContain("StartExecution");
    const evaluationId = await onlyOne(lab);
    expect(await getEvaluation(lab.table, evaluationId)).toMatchObject({
      status: "DEGRADED",
      endedAt: expect.any(String),
      failure: { error: "BrokenPermission", cause: expect.stringContaining("StartExecution") },
      outcome: {
        reason: "BrokenPermission",
        sentence: expect.stringContaining("nothing was touched"),
      },
    });
    expect(await isLeased(lab, evaluationId)).toBe(false);
    release();
    expect((await lab.run()).status).toBe("SWITCHED");
  });

  it("is begun anew by a repeat with the same key, under another id", async () => {
    const lab = await createLab(plain);
    const key = { "idempotency-key": "once" };
    const release = atStart(lab, "before", deny);
    expect((await lab.evaluate(key)).status).toBe(502);
    const first = await onlyOne(lab);
    release();
    const again = await lab.evaluate(key);
    expect(again.status).toBe(202);
    expect(idIn(again.body)).not.toBe(first);
    expect((await lab.evaluate(key)).body).toEqual(again.body);
    expect((await lab.finish(idIn(again.body))).status).toBe("SWITCHED");
  });

  it("leaves a decision about an open switch as if it had not been made", async () => {
    const lab = await createLab(plain);
    let isDenied = true;
    lab.platform.cloud.faults.before((call) => {
      if (isDenied && call.operation === "AttachVolume") throw refusals.unauthorized();
    });
    const { evaluationId, status } = await lab.run();
    expect(status).toBe("NEEDS_OPERATOR");
    isDenied = false;
    const release = atStart(lab, "before", deny);
    const body = { reason: "Permission is back" };
    const path = `/evaluations/${evaluationId}/roll-back`;
    const key = { "idempotency-key": "decided" };
    expect((await lab.send("POST", path, body, key)).status).toBe(502);
    const shown = (await lab.send("GET", `/evaluations/${evaluationId}`)).body;
    expect(shown).toMatchObject({
      status: "NEEDS_OPERATOR",
      resolutions: [{ not_started: expect.stringContaining("StartExecution") }],
    });
    expect(await isLeased(lab, evaluationId)).toBe(false);
    release();
    const again = await lab.send("POST", path, body, key);
    expect(again.status).toBe(202);
    expect((await lab.finish(evaluationId)).status).toBe("ROLLED_BACK");
  });
});

describe("a start whose answer is lost", () => {
  it("is asked for by its name, and is a start", async () => {
    const lab = await createLab(plain);
    atStart(lab, "after", lose);
    const started = await lab.evaluate();
    expect(started.status).toBe(202);
    expect((await lab.finish(idIn(started.body))).status).toBe("SWITCHED");
  });

  it("that did not act goes on with the next evaluation of the target, which is the same one", async () => {
    const lab = await createLab(plain);
    const release = atStart(lab, "before", lose);
    expect((await lab.evaluate()).status).toBe(503);
    const evaluationId = await onlyOne(lab);
    release();
    const soon = await lab.evaluate();
    expect([soon.status, soon.body["evaluation_id"]]).toEqual([409, evaluationId]);
    await passMinutes(lab, 3);
    const later = await lab.evaluate();
    expect([later.status, later.body["evaluation_id"]]).toEqual([202, evaluationId]);
    expect((await lab.finish(evaluationId)).status).toBe("SWITCHED");
    expect(await evaluationsOf(lab)).toHaveLength(1);
  });

  it("that nobody goes on with is ended by the sweep, and no later than its lease", async () => {
    const lab = await createLab(plain);
    const release = atStart(lab, "before", lose);
    expect((await lab.evaluate()).status).toBe(503);
    const evaluationId = await onlyOne(lab);
    release();
    await passMinutes(lab, 16);
    await sweep(lab);
    expect(await getEvaluation(lab.table, evaluationId)).toMatchObject({
      status: "DEGRADED",
      failure: { cause: expect.stringContaining("knows no execution of its name") },
    });
    // The sweep began another one.
    const [newest, ...others] = await evaluationsOf(lab);
    expect(others.map((one) => one.evaluationId)).toEqual([evaluationId]);
    expect((await lab.finish(newest?.evaluationId ?? evaluationId)).status).toBe("SWITCHED");
  });

  it("that acted, and that nobody noted, is left alone by the sweep", async () => {
    const lab = await createLab(plain);
    atStart(lab, "after", lose);
    const unanswered = lab.platform.cloud.faults.before(({ operation }) => {
      if (operation === "DescribeExecution") lose();
    });
    expect((await lab.evaluate()).status).toBe(503);
    unanswered();
    await passMinutes(lab, 16);
    await sweep(lab);
    const evaluationId = await onlyOne(lab);
    expect((await lab.finish(evaluationId)).status).toBe("SWITCHED");
  });

  it("that comes after its record has ended does nothing", async () => {
    const lab = await createLab(plain);
    const release = atStart(lab, "before", lose);
    await lab.evaluate();
    const evaluationId = await onlyOne(lab);
    await passMinutes(lab, 16);
    await sweep(lab);
    release();
    const ended = await getEvaluation(lab.table, evaluationId);
    expect(ended?.status).toBe("DEGRADED");
    const { executionArn } = await lab.platform.interpreter.start({
      stateMachineArn: lab.platform.workflowOf("LINEAR") ?? "",
      name: evaluationId,
      input: JSON.stringify({ evaluationId }),
    });
    const before = lab.watch.mutations().length;
    await passMinutes(lab, 60);
    expect(await lab.platform.interpreter.describe(executionArn)).toMatchObject({
      status: "FAILED",
    });
    expect(lab.watch.mutations().length).toBe(before);
    const { version: _was, ...record } = ended ?? {};
    expect(await getEvaluation(lab.table, evaluationId)).toMatchObject(record);
    expect(await isLeased(lab, evaluationId)).toBe(false);
  });
});

describe("many first evaluations at once", () => {
  it("all end: 200 targets, asked for at the same moment", async () => {
    const account = await openAccount({
      market: smallMarket,
      seed: 1,
      startMs: Date.parse("2026-03-02T09:00:00Z"),
      region: "us-east-1",
      version: "test",
      name: "many",
      front: "direct",
    });
    const { clock, platform } = account;
    const ids: string[] = [];
    for (let count = 0; count < 200; count += 1) {
      const instance = addWorkload(account, { instanceType: "m5.large" });
      const policyOverrides = { accept_change_of: ["primary-private-ip" as const] };
      ids.push(await register(account, instance, { policyOverrides }));
    }
    const answers = await Promise.all(
      ids.map((id) => account.api.send({ method: "POST", path: `/lab/instances/${id}/evaluate` })),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
    await clock.run({ atMostMs: clock.now() + 2 * hourMs });
    const { items } = await listEvaluations(platform.table, { limit: 1000 });
    expect(items).toHaveLength(200);
    expect(new Set(items.map(({ status }) => status))).toEqual(new Set(["SHADOWED"]));
  }, 300_000);
});
