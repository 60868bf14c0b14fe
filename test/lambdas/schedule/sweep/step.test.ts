import { beforeEach, describe, expect, it } from "@jest/globals";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { mockClient } from "aws-sdk-client-mock";
import { updateAccount } from "../../../../adapters/store/accounts.ts";
import { updatePlaceStanding } from "../../../../adapters/store/place-standings.ts";
import { updateSwitching } from "../../../../adapters/store/switching.ts";
import { createTarget } from "../../../../adapters/store/targets.ts";
import { accountIdSchema } from "../../../../core/model/ids.ts";
import { targetSchema, type Target, type TargetOf } from "../../../../core/model/target.ts";
import { silentLog } from "../../../../lambdas/runtime/log.ts";
import { runStep } from "../../../../lambdas/runtime/step.ts";
import { sweepStep } from "../../../../lambdas/schedule/sweep/step.ts";
import {
  apiUnderTest,
  labAccount,
  startOfTime,
  type ApiUnderTest,
} from "../../api/api-under-test.ts";
import { awsError } from "../../../adapters/aws/aws-error.ts";

const accountId = accountIdSchema.parse(labAccount.account_id);

const hoursAgo = (hours: number): string =>
  new Date(startOfTime.getTime() - hours * 3_600_000).toISOString();

const targetOf = (number: number, change: Partial<TargetOf<"LINEAR">> = {}): Target => ({
  ...targetSchema().parse({
    targetId: `tgt-${String(number).padStart(10, "0")}`,
    accountId,
    region: "eu-central-1",
    instanceId: `i-${String(number).padStart(17, "0")}`,
    instanceType: "m5.large",
    availabilityZone: "eu-central-1a",
    pipelineMode: "LINEAR",
    isShadowMode: true,
    policyOverrides: {},
    createdAt: hoursAgo(1000 - number / 1000),
    updatedAt: hoursAgo(1000 - number / 1000),
  }),
  ...change,
});

const placeSweeperArn = "arn:aws:lambda:eu-central-1:111122223333:function:sweep-place";

describe("a sweep", () => {
  let api: ApiUnderTest;
  const lambda = new LambdaClient({ region: "eu-central-1" });
  const invoked = mockClient(lambda);
  beforeEach(async () => {
    api = apiUnderTest();
    invoked.reset();
    invoked.on(InvokeCommand).resolves({ StatusCode: 202 });
    await api.send("POST", "/accounts", labAccount);
  });

  const add = async (...targets: readonly Target[]): Promise<void> => {
    for (const target of targets) {
      expect(await createTarget(api.table, target)).toEqual({ kind: "WRITTEN" });
    }
  };
  const sweep = () => runStep(sweepStep, { ...api.context, lambda, placeSweeperArn }, {});
  const handed = () =>
    invoked.commandCalls(InvokeCommand).map(({ args: [{ input }] }) => {
      expect(input).toMatchObject({ FunctionName: placeSweeperArn, InvocationType: "Event" });
      return JSON.parse(Buffer.from(input.Payload as Uint8Array).toString("utf8")) as unknown;
    });

  it("hands on each account and region that has targets, once", async () => {
    const stranger = accountIdSchema.parse("999900001111");
    const many = Array.from({ length: 105 }, (_, index) => targetOf(index + 1));
    const others = [
      targetOf(200, { region: "eu-west-1" }),
      targetOf(201, { accountId: stranger }),
      targetOf(202, { lastEvaluatedAt: hoursAgo(1) }),
    ];
    await add(...many, ...others);
    expect(await sweep()).toEqual({
      kind: "SWEPT",
      summary: "3 places handed on, 0 failed.",
      places: 3,
      failed: 0,
      ended: 0,
    });
    expect(handed()).toEqual([
      { accountId, region: "eu-central-1" },
      { accountId, region: "eu-west-1" },
      { accountId: stranger, region: "eu-central-1" },
    ]);
  });

  it("hands on the others where Lambda does not take one", async () => {
    await add(targetOf(1), targetOf(2, { region: "eu-west-1" }));
    invoked.reset();
    invoked
      .on(InvokeCommand)
      .rejectsOnce(awsError("TooManyRequestsException", { status: 429 }))
      .resolves({ StatusCode: 202 });
    expect(await sweep()).toMatchObject({ places: 1, failed: 1 });
    expect(handed()).toHaveLength(2);
  });

  it("has nothing to do where there is no target, and the account was not verified yet", async () => {
    expect(await sweep()).toMatchObject({ places: 0, failed: 0, ended: 0 });
  });

  it("hands on each region of a verified account without targets once a day", async () => {
    await updateAccount(api.table, accountId, (account) => ({
      ...account,
      status: "ACTIVE",
      regions: ["eu-central-1", "eu-north-1"],
    }));
    await add(targetOf(1));
    expect(await sweep()).toMatchObject({ places: 2 });
    expect(handed()).toContainEqual({ accountId, region: "eu-north-1" });
    const standing = { accountId, region: "eu-north-1", targets: 0, judged: 0 } as const;
    await updatePlaceStanding(api.table, standing, () => ({
      ...standing,
      sweptAt: hoursAgo(1),
    }));
    expect(await sweep()).toMatchObject({ places: 1 });
    api.pass(23 * 3600);
    expect(await sweep()).toMatchObject({ places: 2 });
  });

  it("tells each account in which no switch begins, for the alarm that counts these lines", async () => {
    const told: unknown[] = [];
    const log = { ...silentLog, warn: (_: string, keys?: unknown) => told.push(keys) };
    await runStep(sweepStep, { ...api.context, log, lambda, placeSweeperArn }, {});
    expect(told).toEqual([]);
    const halt = { at: hoursAgo(1), error: "BrokenQuota", evaluationIds: [] };
    await updateSwitching(api.table, accountId, (switching) => ({ ...switching, halt }));
    await runStep(sweepStep, { ...api.context, log, lambda, placeSweeperArn }, {});
    expect(told).toMatchObject([{ accountId, haltedSince: halt.at, error: "BrokenQuota" }]);
  });
});
