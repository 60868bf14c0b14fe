import { beforeEach, describe, expect, it } from "@jest/globals";
import { StartExecutionCommand } from "@aws-sdk/client-sfn";
import { getAccount, updateAccount } from "../../../../adapters/store/accounts.ts";
import { listEvaluations, updateEvaluation } from "../../../../adapters/store/evaluations.ts";
import { planIntent } from "../../../../adapters/store/intents.ts";
import { acquireLease } from "../../../../adapters/store/leases.ts";
import { createTarget, updateTarget } from "../../../../adapters/store/targets.ts";
import { accountIdSchema, type TargetId } from "../../../../core/model/ids.ts";
import type { Place } from "../../../../core/model/place.ts";
import { targetSchema, type Target, type TargetOf } from "../../../../core/model/target.ts";
import type { LogKeys } from "../../../../lambdas/runtime/log.ts";
import { runStep } from "../../../../lambdas/runtime/step.ts";
import { sweepPlaceStep } from "../../../../lambdas/schedule/sweep-place/step.ts";
import type { StartsContext } from "../../../../lambdas/schedule/sweep-place/starts.ts";
import { intent } from "../../../adapters/store/examples.ts";
import {
  apiUnderTest,
  labAccount,
  startOfTime,
  type ApiUnderTest,
} from "../../api/api-under-test.ts";

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

const nothing = {
  started: 0,
  busy: 0,
  unfinished: 0,
  notDue: 0,
  notAvailable: 0,
  failed: 0,
  postponed: 0,
};

describe("a sweep of a place", () => {
  let api: ApiUnderTest;
  let logged: { readonly message: string; readonly keys: LogKeys | undefined }[];
  beforeEach(async () => {
    api = apiUnderTest();
    logged = [];
    await api.send("POST", "/accounts", labAccount);
  });

  const add = async (...targets: readonly Target[]): Promise<void> => {
    for (const target of targets) {
      expect(await createTarget(api.table, target)).toEqual({ kind: "WRITTEN" });
    }
  };
  const note = (message: string, keys?: LogKeys): void => {
    logged.push({ message, keys });
  };
  const pause = (milliseconds: number): Promise<void> => {
    api.pass(milliseconds / 1000);
    return Promise.resolve();
  };
  const sweep = (
    change: Partial<Pick<StartsContext, "now" | "table">> = {},
    place: Partial<Place> = {},
  ) =>
    runStep(
      sweepPlaceStep,
      { ...api.context, pause, log: { info: note, warn: note, error: note }, ...change },
      { accountId, region: "eu-central-1", ...place },
    );
  const startedTargets = async (): Promise<readonly TargetId[]> => {
    const { items } = await listEvaluations(api.table, { limit: 1000 });
    return items.map(({ targetId }) => targetId).sort();
  };

  it("starts those that are due, and no others", async () => {
    const never = targetOf(1);
    const longAgo = targetOf(2, { lastEvaluatedAt: hoursAgo(6) });
    const justNow = targetOf(3, { lastEvaluatedAt: hoursAgo(5.9) });
    const cluster = {
      ...targetOf(4),
      pipelineMode: "CLUSTER",
      group: { asgName: "web" },
    } as const;
    const node = {
      ...targetOf(5),
      pipelineMode: "KUBERNETES",
      node: { clusterName: "prod", nodeGroup: "web", scope: "ONE" },
    } as const;
    await add(never, longAgo, justNow, cluster, node);
    expect(await sweep()).toEqual({
      kind: "SWEPT",
      summary: "3 started, 0 busy, 0 waiting for a person, 2 not due, 0 not available, 0 failed.",
      ...nothing,
      started: 3,
      notDue: 2,
    });
    expect(await startedTargets()).toEqual([never.targetId, longAgo.targetId, cluster.targetId]);
  });

  it("writes down that it was the sweep that asked", async () => {
    await add(targetOf(1));
    await sweep();
    const { items } = await listEvaluations(api.table, { limit: 10 });
    expect(items).toMatchObject([{ startedBy: "sweep", status: "RUNNING", accountId }]);
    expect(api.sfn.commandCalls(StartExecutionCommand)[0]?.args[0].input).toEqual({
      stateMachineArn: api.context.workflowOf("LINEAR"),
      name: items[0]?.evaluationId,
      input: JSON.stringify({ evaluationId: items[0]?.evaluationId }),
    });
  });

  it("lets those be that are evaluated right now", async () => {
    await add(targetOf(1), targetOf(2));
    expect(await sweep()).toMatchObject({ started: 2 });
    expect(await sweep()).toMatchObject({ ...nothing, busy: 2 });
    expect(api.sfn.commandCalls(StartExecutionCommand)).toHaveLength(2);
  });

  it("says which evaluation stands in the way of a target, and starts the others", async () => {
    const [first, second] = [targetOf(1), targetOf(2)];
    await add(first, second);
    await sweep();
    const { items } = await listEvaluations(api.table, { limit: 10 });
    const left = items.find(({ targetId }) => targetId === first.targetId);
    if (left === undefined) throw new Error("The first target was not evaluated.");
    await planIntent(api.table, left.evaluationId, intent("image-warm"));
    const aDayLater = (): Date => new Date(startOfTime.getTime() + 24 * 3_600_000);
    expect(await sweep({ now: aDayLater })).toMatchObject({
      ...nothing,
      started: 1,
      unfinished: 1,
      summary: expect.stringContaining("1 waiting for a person"),
    });
    const told = logged.find(({ keys }) => keys?.["evaluationId"] === left.evaluationId);
    expect(told?.message).toMatch(/^tgt-\S+ is not evaluated.*resume.*roll-back.*adopt/);
    expect(told?.keys).toMatchObject({ targetId: first.targetId });
  });

  it("starts them again when their time has come again", async () => {
    const target = targetOf(1);
    await add(target);
    await sweep();
    const { items } = await listEvaluations(api.table, { limit: 10 });
    const [first] = items;
    if (first === undefined) throw new Error("nothing was started");
    await updateEvaluation(api.table, first.evaluationId, (stored) => ({
      ...stored,
      status: "STAYED",
    }));
    await updateTarget(api.table, target.targetId, (stored) => ({
      ...stored,
      lastEvaluatedAt: startOfTime.toISOString(),
    }));
    // The lease ended with the evaluation.
    api.pass(3600);
    expect(await sweep()).toMatchObject({ ...nothing, notDue: 1 });
    api.pass(5 * 3600);
    expect(await sweep()).toMatchObject({ ...nothing, started: 1 });
  });

  it("passes over accounts that are disabled, or no longer connected", async () => {
    const strangersAccount = accountIdSchema.parse("999900001111");
    await add(targetOf(1), targetOf(2, { accountId: strangersAccount }));
    await updateAccount(api.table, accountId, (account) => ({ ...account, status: "DISABLED" }));
    expect(await sweep()).toMatchObject({ ...nothing, notAvailable: 1 });
    const ofStranger = await sweep({}, { accountId: strangersAccount });
    expect(ofStranger).toMatchObject({ ...nothing, notAvailable: 1 });
    expect(api.sfn.commandCalls(StartExecutionCommand)).toHaveLength(0);
    expect(await startedTargets()).toEqual([]);
    expect((await getAccount(api.table, accountId))?.status).toBe("DISABLED");
  });

  it("reads all pages of targets", async () => {
    const old = Array.from({ length: 205 }, (_, index) =>
      targetOf(index + 1, { lastEvaluatedAt: hoursAgo(1) }),
    );
    const last = targetOf(206);
    await add(...old, last);
    expect(await sweep()).toMatchObject({ ...nothing, notDue: 205, started: 1 });
    expect(await startedTargets()).toEqual([last.targetId]);
  });

  it("starts one every two seconds, a quarter of what EC2 allows, who waits longest first", async () => {
    const many = Array.from({ length: 200 }, (_, index) =>
      targetOf(index + 1, { lastEvaluatedAt: hoursAgo(7) }),
    );
    const never = targetOf(900);
    const longest = targetOf(901, { lastEvaluatedAt: hoursAgo(8) });
    const elsewhere = targetOf(902, { region: "eu-west-1", lastEvaluatedAt: hoursAgo(6) });
    await add(...many, never, longest, elsewhere);
    const first = await sweep();
    expect(first).toMatchObject({ ...nothing, started: 120, postponed: 82 });
    expect(first.summary).toContain(", 82 postponed to the next sweep.");
    const { items } = await listEvaluations(api.table, { limit: 1000 });
    const inOrder = items.toSorted((one, other) => (one.startedAt < other.startedAt ? -1 : 1));
    expect(inOrder.slice(0, 2).map(({ targetId }) => targetId)).toEqual([
      never.targetId,
      longest.targetId,
    ]);
    const times = inOrder.map(({ startedAt }) => Date.parse(startedAt));
    const gaps = times.slice(1).map((time, index) => time - (times[index] ?? 0));
    expect(Math.min(...gaps)).toBe(2000);
    api.pass(60);
    expect(await sweep()).toMatchObject({ started: 82, busy: 120, postponed: 0 });
  });

  it("goes where another one stopped by its account's request limits, not over them", async () => {
    await add(...Array.from({ length: 200 }, (_, index) => targetOf(index + 1)));
    const start = startOfTime.getTime();
    expect(await sweep()).toMatchObject({ started: 120 });
    // As if that one had been killed right after it took its block: what it took is taken.
    const again = await sweep({ now: () => new Date(start) });
    expect(again).toMatchObject({ started: 0, busy: 0, postponed: 200 });
  });

  it("ends BUSY while another one is at work there", async () => {
    await add(targetOf(1));
    const held = { resource: `PLACE#${accountId}#eu-central-1`, owner: "sweep-other" };
    await acquireLease(api.table, { ...held, now: startOfTime, seconds: 300 });
    expect(await sweep()).toMatchObject({ ...nothing, kind: "BUSY" });
    expect(await startedTargets()).toEqual([]);
    api.pass(301);
    expect(await sweep()).toMatchObject({ kind: "SWEPT", started: 1 });
  });

  it("goes on after a target that can't be started, and tries that again next time", async () => {
    await add(targetOf(1), targetOf(2), targetOf(3));
    const throttled = Object.assign(new Error("Rate exceeded"), {
      name: "ThrottlingException",
      $metadata: { httpStatusCode: 400, requestId: "r-1" },
      $fault: "client",
    });
    api.failStart(throttled);
    expect(await sweep()).toMatchObject({ ...nothing, started: 2, failed: 1 });
    expect(logged.map(({ keys }) => keys)).toContainEqual({
      targetId: targetOf(1).targetId,
      error: "RetryableThrottled",
    });
    // Until the lease of the start that was cut off has ended.
    api.pass(16 * 60);
    expect(await sweep()).toMatchObject({ failed: 0, notDue: 0, started: 3 });
  });

  it("attempts every target even after an unknown error, and fails then", async () => {
    await add(targetOf(1), targetOf(2));
    const { table } = api.context;
    const broken = {
      ...table,
      get: (key: { readonly pk: string; readonly sk: string }) => {
        if (key.pk === `TARGET#${targetOf(1).targetId}`) throw new TypeError("a bug in our code");
        return table.get(key);
      },
      put: table.put.bind(table),
      query: table.query.bind(table),
      delete: table.delete.bind(table),
    };
    await expect(sweep({ table: broken })).rejects.toThrow("a bug in our code");
    expect(await startedTargets()).toEqual([targetOf(2).targetId]);
  });

  it("stops in time, and says that the rest is handled later", async () => {
    await add(...Array.from({ length: 10 }, (_, index) => targetOf(index + 1)));
    let seconds = 0;
    const now = (): Date => {
      seconds += 10;
      return new Date(startOfTime.getTime() + seconds * 1000);
    };
    const first = await sweep({ now });
    expect(first.started).toBeGreaterThan(0);
    expect(first.started).toBeLessThan(10);
    expect(first.started + first.postponed).toBe(10);
    expect(first.summary).toContain("postponed to the next sweep");
  });
});
