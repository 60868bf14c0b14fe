import { DescribeExecutionCommand, StartExecutionCommand } from "@aws-sdk/client-sfn";
import { beforeEach, describe, expect, it } from "@jest/globals";
import { getEvaluation, updateEvaluation } from "../../../adapters/store/evaluations.ts";
import { listAudit } from "../../../adapters/store/audit.ts";
import { readLease, releaseLease } from "../../../adapters/store/leases.ts";
import { evaluationIdSchema, type EvaluationId } from "../../../core/model/ids.ts";
import { effectivePolicy } from "../../../core/policy/policy.ts";
import { policyVersionOf } from "../../../lambdas/evaluation/new-record.ts";
import {
  apiUnderTest,
  labAccount,
  showMembers,
  stateMachineArn,
  webTarget,
  withTarget,
  type Answer,
  type ApiUnderTest,
} from "./api-under-test.ts";
import { createFailingTable, type FailingTable } from "./failing-table.ts";

const resource = `instance#${webTarget.account_id}#${webTarget.instance_id}`;
const key = { "idempotency-key": "evaluate-1" };

const brokenConnection = (): Error =>
  Object.assign(new Error("socket hang up"), { code: "ECONNRESET" });

const idOf = (answer: Answer): EvaluationId =>
  evaluationIdSchema.parse((answer.body as { evaluation_id: string }).evaluation_id);

describe("evaluate", () => {
  let api: ApiUnderTest;
  let target: string;
  beforeEach(async () => {
    api = apiUnderTest();
    target = await withTarget(api, { policy_overrides: { max_risk: 0.1 } });
  });

  const evaluate = (headers = {}): Promise<Answer> =>
    api.send("POST", `/lab/instances/${target}/evaluate`, undefined, headers);
  const executions = () =>
    api.sfn.commandCalls(StartExecutionCommand).map((call) => call.args[0].input);

  it("answers 202 with evaluation id and execution ARN", async () => {
    const answer = await evaluate();
    expect(answer.status).toBe(202);
    expect(answer.body).toEqual({
      evaluation_id: expect.stringMatching(/^evl-/),
      execution_arn: expect.stringContaining(idOf(answer)),
    });
    expect(answer.headers.get("location")).toBe(`/live/api/v1/evaluations/${idOf(answer)}`);
  });

  it("names the execution after the evaluation and passes nothing but the id", async () => {
    const evaluationId = idOf(await evaluate());
    expect(executions()).toEqual([
      { stateMachineArn, name: evaluationId, input: JSON.stringify({ evaluationId }) },
    ]);
  });

  it("writes the record with policy, version and the state of account and target", async () => {
    const evaluationId = idOf(await evaluate());
    const policy = effectivePolicy("LINEAR", { maxRisk: 0.1 });
    const record = await getEvaluation(api.table, evaluationId);
    expect(record).toMatchObject({
      status: "RUNNING",
      startedBy: "api",
      isShadowMode: true,
      environment: "LAB",
      policy,
      policyVersion: policyVersionOf(policy),
      leases: [{ resource, fence: 1 }],
      subject: { kind: "INSTANCE", instanceId: webTarget.instance_id },
      registered: { account: { status: "PENDING" }, target: { targetId: target } },
    });
    expect(record?.policyVersion).toMatch(/^pol-[0-9a-f]{12}$/);
    expect(JSON.stringify(record)).not.toContain("externalId");
  });

  it("holds the lease of the instance for 15 minutes", async () => {
    const evaluationId = idOf(await evaluate());
    expect(await readLease(api.table, resource)).toMatchObject({
      owner: evaluationId,
      expiresAt: "2026-03-01T12:15:00.000Z",
    });
  });

  it("answers 409 naming the running evaluation while the lease is held", async () => {
    const running = idOf(await evaluate());
    const second = await evaluate();
    expect(second.status).toBe(409);
    expect(second.body).toMatchObject({
      type: "urn:spot-optimizer:problem:evaluation-running",
      evaluation_id: running,
      detail: expect.stringContaining(running),
    });
    expect(executions()).toHaveLength(1);
  });

  it("starts one of two requests that arrive at once", async () => {
    const answers = await Promise.all([evaluate(), evaluate()]);
    expect(answers.map((answer) => answer.status).sort()).toEqual([202, 409]);
    expect(executions()).toHaveLength(1);
  });

  it("starts anew once the lease has expired", async () => {
    const first = idOf(await evaluate());
    api.pass(15 * 60 + 1);
    const second = await evaluate();
    expect(second.status).toBe(202);
    expect(idOf(second)).not.toBe(first);
  });

  it.each([
    [undefined, undefined],
    [{ to: "SPOT" }, undefined],
    [{ to: "ON_DEMAND" }, "FALL_BACK"],
    [{ recover: true }, "RECOVER"],
  ])("takes %j for what is asked for", async (body, kind) => {
    const answer = await api.send("POST", `/lab/instances/${target}/evaluate`, body);
    expect((await getEvaluation(api.table, idOf(answer)))?.kind).toBe(kind);
  });

  it.each([
    { to: "RESERVED" },
    { to: null },
    { too: "SPOT" },
    { to: "SPOT", recover: true },
    { recover: false },
  ])("answers 422 for the body %j and names the field", async (body) => {
    const answer = await api.send("POST", `/lab/instances/${target}/evaluate`, body);
    expect(answer.status).toBe(422);
    const [field] = Object.keys(body);
    expect(answer.body).toMatchObject({ errors: [{ field }] });
  });

  it("takes the instance id for the target", async () => {
    const answer = await api.send("POST", `/lab/instances/${webTarget.instance_id}/evaluate`);
    expect(answer.status).toBe(202);
  });

  it("takes an empty body whatever its content type says", async () => {
    const answer = await api.send("POST", `/lab/instances/${target}/evaluate`, "", {
      "content-type": "application/json",
    });
    expect(answer.status).toBe(202);
  });

  it("leaves the recovery of a group to the group", async () => {
    await showMembers(api);
    const metadata = { asg_name: "web-blue" };
    await api.send("PATCH", `/lab/instances/${target}`, { pipeline_mode: "CLUSTER", metadata });
    const path = `/lab/instances/${target}/evaluate`;
    const answer = await api.send("POST", path, { recover: true });
    expect(answer.status).toBe(422);
    expect(answer.body).toMatchObject({
      type: "urn:spot-optimizer:problem:mode-not-available",
    });
  });

  it("starts the way back of a group too", async () => {
    await showMembers(api);
    const metadata = { asg_name: "web-blue" };
    await api.send("PATCH", `/lab/instances/${target}`, { pipeline_mode: "CLUSTER", metadata });
    const path = `/lab/instances/${target}/evaluate`;
    const answer = await api.send("POST", path, { to: "ON_DEMAND" });
    expect(answer.status).toBe(202);
    const record = await getEvaluation(api.table, idOf(answer));
    expect(record).toMatchObject({ mode: "CLUSTER", kind: "FALL_BACK" });
  });

  it.each([
    ["KUBERNETES", { cluster_membership: { cluster_name: "prod-eu", node_group: "workers" } }],
  ])("answers 422 for mode %s, which is not there yet", async (mode, belonging) => {
    await showMembers(api);
    await api.send("PATCH", `/lab/instances/${target}`, { pipeline_mode: mode, ...belonging });
    const answer = await evaluate();
    expect(answer.status).toBe(422);
    expect(answer.body).toMatchObject({
      type: "urn:spot-optimizer:problem:mode-not-available",
      detail: expect.stringContaining(`${mode} of ${target} is not available in this version`),
    });
  });

  it("answers 409 for a DISABLED account", async () => {
    await api.send("PATCH", `/accounts/${labAccount.account_id}`, { status: "DISABLED" });
    const answer = await evaluate();
    expect(answer.status).toBe(409);
    expect(answer.body).toMatchObject({ detail: expect.stringContaining("DISABLED") });
    expect(await readLease(api.table, resource)).toBeUndefined();
  });

  it("answers 404 for an unknown target", async () => {
    const answer = await api.send("POST", "/lab/instances/tgt-0000000000/evaluate");
    expect(answer.status).toBe(404);
  });

  it("leaves an audit row", async () => {
    const evaluationId = idOf(await evaluate());
    const { items } = await listAudit(api.table, { limit: 10 });
    expect(items).toContainEqual(
      expect.objectContaining({
        action: "START_EVALUATION",
        resource: `target ${target}`,
        detail: expect.objectContaining({ evaluation_id: evaluationId }),
      }),
    );
  });

  it("answers a repeated key with the same evaluation, also when that has ended", async () => {
    const first = await evaluate(key);
    await releaseLease(api.table, { resource, owner: idOf(first), fence: 1 });
    const again = await evaluate(key);
    expect(again.status).toBe(202);
    expect(again.body).toEqual(first.body);
    expect(executions()).toHaveLength(1);
  });
});

describe("an evaluate that was cut off", () => {
  let table: FailingTable;
  let api: ApiUnderTest;
  let target: string;
  beforeEach(async () => {
    table = createFailingTable();
    api = apiUnderTest({ table });
    target = await withTarget(api);
  });

  const evaluate = (): Promise<Answer> =>
    api.send("POST", `/lab/instances/${target}/evaluate`, undefined, key);
  const names = () =>
    api.sfn.commandCalls(StartExecutionCommand).map((call) => call.args[0].input.name);

  it("goes on with the same evaluation, at whichever write it died", async () => {
    table.dieAtWrite(Infinity);
    await evaluate();
    const writes = table.writes();
    expect(writes).toBeGreaterThanOrEqual(6);
    // The first write is the key itself: what dies there has done nothing, and is tested with the keys.
    for (let death = 2; death <= writes; death += 1) {
      table = createFailingTable();
      api = apiUnderTest({ table });
      target = await withTarget(api);
      table.dieAtWrite(death);
      expect((await evaluate()).status).toBe(503);
      table.revive();
      api.pass(death === 2 ? 15 * 60 : 5);
      const again = await evaluate();
      expect([death, again.status]).toEqual([death, 202]);
      const evaluationId = idOf(again);
      expect(new Set(names())).toEqual(new Set([evaluationId]));
      expect(await getEvaluation(table, evaluationId)).toMatchObject({
        executionArn: (again.body as { execution_arn: string }).execution_arn,
        leases: [{ resource, fence: 1 }],
      });
      expect(await readLease(table, resource)).toMatchObject({ owner: evaluationId, fence: 1 });
    }
  });

  it("is resumed when Step Functions did not answer, and the name was used by then", async () => {
    api.failStart(brokenConnection());
    expect((await evaluate()).status).toBe(503);
    api.failStart(Object.assign(new Error("exists"), { name: "ExecutionAlreadyExists" }));
    const again = await evaluate();
    expect(again.status).toBe(202);
    expect(new Set(names()).size).toBe(1);
    expect(again.body).toMatchObject({
      execution_arn: expect.stringContaining(`:execution:linear:${idOf(again)}`),
    });
  });

  it("gives the lease a new fence in the record when it had expired meanwhile", async () => {
    api.failStart(brokenConnection());
    await evaluate();
    const lease = await readLease(table, resource);
    const evaluationId = evaluationIdSchema.parse(lease?.owner);
    await releaseLease(table, { resource, owner: evaluationId, fence: 1 });
    expect((await evaluate()).status).toBe(202);
    expect(await getEvaluation(table, evaluationId)).toMatchObject({
      leases: [{ resource, fence: 2 }],
    });
  });

  it("is BUSY when another evaluation has the lease by then", async () => {
    api.failStart(brokenConnection());
    await evaluate();
    api.pass(16 * 60);
    const other = await api.send("POST", `/lab/instances/${target}/evaluate`);
    expect(other.status).toBe(202);
    const again = await evaluate();
    expect(again.status).toBe(409);
    expect(again.body).toMatchObject({ evaluation_id: idOf(other) });
  });

  it("takes no lease when the execution ran to its end before the repeat", async () => {
    table.dieAtWrite(6);
    expect((await evaluate()).status).toBe(503);
    table.revive();
    const lease = await readLease(table, resource);
    const evaluationId = evaluationIdSchema.parse(lease?.owner);
    await updateEvaluation(table, evaluationId, (record) => ({
      ...record,
      status: "STAYED",
      endedAt: "2026-03-01T12:00:04.000Z",
    }));
    await releaseLease(table, { resource, owner: evaluationId, fence: 1 });
    api.sfn.on(DescribeExecutionCommand).resolves({ status: "SUCCEEDED" });
    expect((await evaluate()).status).toBe(202);
    expect(await readLease(table, resource)).toMatchObject({ isReleased: true });
  });
});
