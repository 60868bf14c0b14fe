/** The deployed stack, end to end: what only another implementation of AWS can show of bundles, roles, wiring and workflow. */
import { setTimeout as delay } from "node:timers/promises";
import { DescribeStateMachineCommand, ListExecutionsCommand, SFNClient } from "@aws-sdk/client-sfn";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import * as z from "zod";
import { enrolTag } from "../../core/model/tags.ts";
import { createdAccountSchema } from "../../lambdas/api/schemas/accounts.ts";
import { verificationSchema } from "../../lambdas/api/schemas/verification.ts";
import { evaluationSchema, type EvaluationJson } from "../../lambdas/api/schemas/evaluations.ts";
import { startedEvaluationSchema, targetSchema } from "../../lambdas/api/schemas/targets.ts";
import { CloudError } from "../../local/cloud/contract.ts";
import type { InstanceDeclaration } from "../../local/cloud/ec2/scenario-instance.ts";
import { customerAccountId } from "../../local/lab/account.ts";
import { applyRoleTemplate } from "../../local/platform/customer-account.ts";
import { deployOnMinistack, type Deployed } from "./deployed.ts";

const region = "us-east-1";

/** Its functions start as processes of their own, on a machine that may be busy. */
const minutes = (count: number): number => count * 60_000;

let stack: Deployed;

const connect = async (): Promise<void> => {
  const { api, platform } = stack;
  platform.ec2.control.addAccount(customerAccountId, [region]);
  await api.post("/accounts", createdAccountSchema, {
    account_id: customerAccountId,
    name: "workshop",
    environment: "LAB",
    regions: [region],
  });
  const yaml = await api.getText(`/accounts/${customerAccountId}/role-template`);
  applyRoleTemplate(platform.cloud, { accountId: customerAccountId, yaml });
};

const add = (instance: Partial<InstanceDeclaration> = {}): string =>
  stack.platform.ec2.control.addInstance({
    accountId: customerAccountId,
    region,
    instanceType: "m5.large",
    elasticIp: true,
    sharedTags: { [enrolTag.key]: enrolTag.value },
    ...instance,
  });

const evaluate = async (
  instanceId: string,
  policy: Readonly<Record<string, unknown>> = {},
): Promise<string> => {
  const { api, platform } = stack;
  const zoneName = platform.ec2.control.find(instanceId)?.zoneName;
  await api.post("/lab/instances", targetSchema, {
    account_id: customerAccountId,
    instance_id: instanceId,
    instance_type: "m5.large",
    availability_zone: zoneName,
    pipeline_mode: "LINEAR",
    is_shadow_mode: false,
    policy_overrides: {
      consistency: "stop-and-image",
      accept_change_of: ["primary-private-ip"],
      ...policy,
    },
  });
  const started = await api.post(`/lab/instances/${instanceId}/evaluate`, startedEvaluationSchema);
  return started.evaluation_id;
};

/** Once its workflow has written how it ended. */
const ended = async (evaluationId: string): Promise<EvaluationJson> => {
  const giveUpMs = Date.now() + minutes(4);
  for (;;) {
    const found = await stack.api.get(`/evaluations/${evaluationId}`, evaluationSchema);
    if (found.status !== "PENDING" && found.status !== "RUNNING") return found;
    if (Date.now() > giveUpMs) throw new Error(`${evaluationId} does not end:\n${stack.log()}`);
    await delay(500);
  }
};

const stateOf = (instanceId: string): string | undefined =>
  stack.platform.ec2.control.find(instanceId)?.state;

describe("the stack on ministack", () => {
  beforeAll(async () => {
    stack = await deployOnMinistack();
  }, minutes(3));

  afterAll(async () => {
    await stack.stop();
  }, minutes(1));

  it(
    "connects an account and proves its role",
    async () => {
      await connect();
      const verified = await stack.api.post(
        `/accounts/${customerAccountId}/verify`,
        verificationSchema,
      );
      expect(verified.checks.map(({ outcome }) => outcome)).toEqual(["PASSED", "PASSED", "PASSED"]);
      expect(verified.status).toBe("ACTIVE");
    },
    minutes(2),
  );

  it(
    "stays where nothing is saved by a switch",
    async () => {
      const instanceId = add();
      const { status, verdict } = await ended(
        await evaluate(instanceId, { min_savings_percent: 95 }),
      );
      expect([status, verdict?.kind]).toEqual(["STAYED", "STAY"]);
      expect(stateOf(instanceId)).toBe("running");
    },
    minutes(5),
  );

  it(
    "refuses what can't be switched",
    async () => {
      const instanceId = add({ dataVolumes: [{ sizeGib: 20 }] });
      const { status } = await ended(await evaluate(instanceId, { consistency: "stateless" }));
      expect(status).toBe("REFUSED");
      expect(stateOf(instanceId)).toBe("running");
    },
    minutes(5),
  );

  it(
    "switches an instance with a data volume and an Elastic IP",
    async () => {
      const instanceId = add({ dataVolumes: [{ sizeGib: 20 }] });
      const evaluation = await ended(await evaluate(instanceId));
      expect(evaluation.status).toBe("SWITCHED");
      expect(stateOf(instanceId)).toBe("stopped");
      const serving = stack.platform.ec2.control
        .instances(customerAccountId)
        .filter(({ tags }) => tags["spot-optimizer:evaluation"] === evaluation.evaluation_id)
        .filter(({ state }) => state === "running");
      expect(serving).toHaveLength(1);
    },
    minutes(5),
  );

  it(
    "rolls back when AWS refuses a call after the stop, and the original serves",
    async () => {
      const instanceId = add({ dataVolumes: [{ sizeGib: 20 }] });
      const refusedTo: string[] = [];
      const mend = stack.platform.cloud.faults.before((call) => {
        const { InstanceId: to } = call.input as { readonly InstanceId?: string };
        if (call.operation !== "AttachVolume" || to === undefined || to === instanceId) return;
        refusedTo.push(stateOf(instanceId) ?? "not shown");
        throw new CloudError("UnauthorizedOperation", "You are not authorized.", 403);
      });
      const { status } = await ended(await evaluate(instanceId));
      mend();
      expect(refusedTo).toEqual(["stopped"]);
      expect(status).toBe("ROLLED_BACK");
      expect(stateOf(instanceId)).toBe("running");
    },
    minutes(6),
  );

  it(
    "ended every execution, and each names published versions",
    async () => {
      const { endpoint, credentials, workflowArn } = stack;
      const sfn = new SFNClient({ region, endpoint, credentials });
      const { executions = [] } = await sfn.send(
        new ListExecutionsCommand({ stateMachineArn: workflowArn }),
      );
      // Newest first: a roll-back ends as a failure that says so.
      expect(executions.map(({ status }) => status)).toEqual([
        "FAILED",
        "SUCCEEDED",
        "SUCCEEDED",
        "SUCCEEDED",
      ]);
      const { definition = "" } = await sfn.send(
        new DescribeStateMachineCommand({ stateMachineArn: workflowArn }),
      );
      expect(definition).toMatch(/function:spot-optimizer-emulated-linear-launch:1"/);
      sfn.destroy();
    },
    minutes(1),
  );

  it(
    "publishes new versions at the next deployment, keeps the ones before, and has a janitor of its code that can ask",
    async () => {
      await stack.deploy({ RELEASE: "2" });
      const { endpoint, credentials, workflowArn } = stack;
      const sfn = new SFNClient({ region, endpoint, credentials });
      const { definition = "" } = await sfn.send(
        new DescribeStateMachineCommand({ stateMachineArn: workflowArn }),
      );
      expect(definition).toMatch(/function:spot-optimizer-emulated-linear-launch:2"/);
      const lambda = new LambdaClient({ region, endpoint, credentials });
      const kept = await lambda.send(
        new InvokeCommand({
          FunctionName: "spot-optimizer-emulated-judge-record",
          Qualifier: "1",
          Payload: Buffer.from(JSON.stringify({})),
        }),
      );
      // It is there and runs: what it was given is not valid.
      const refusal = z
        .object({ errorType: z.string() })
        .parse(JSON.parse(Buffer.from(kept.Payload ?? []).toString("utf8")));
      expect(refusal.errorType).toBe("BrokenInput");
      const tidied = await lambda.send(
        new InvokeCommand({
          FunctionName: "spot-optimizer-emulated-schedule-code-janitor",
          Payload: "{}",
        }),
      );
      expect(JSON.parse(Buffer.from(tidied.Payload ?? []).toString("utf8"))).toEqual({
        kind: "TIDIED",
        summary: "0 unused versions deleted, 0 kept for executions.",
      });
      sfn.destroy();
      lambda.destroy();
    },
    minutes(3),
  );
});
