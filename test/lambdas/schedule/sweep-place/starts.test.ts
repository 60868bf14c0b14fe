import { beforeEach, describe, expect, it } from "@jest/globals";
import { listEvaluations } from "../../../../adapters/store/evaluations.ts";
import { planIntent } from "../../../../adapters/store/intents.ts";
import { createTarget } from "../../../../adapters/store/targets.ts";
import { accountIdSchema } from "../../../../core/model/ids.ts";
import { targetSchema, type Target } from "../../../../core/model/target.ts";
import type { LogKeys } from "../../../../lambdas/runtime/log.ts";
import { oneByOne } from "../../../../lambdas/schedule/one-by-one.ts";
import {
  noStarts,
  startPaced,
  type StartCounts,
} from "../../../../lambdas/schedule/sweep-place/starts.ts";
import { intent } from "../../../adapters/store/examples.ts";
import { apiUnderTest, labAccount, type ApiUnderTest } from "../../api/api-under-test.ts";

const place = { accountId: accountIdSchema.parse(labAccount.account_id), region: "eu-central-1" };
const at = "2026-02-01T12:00:00.000Z";

const targetOf = (number: number): Target =>
  targetSchema().parse({
    targetId: `tgt-${String(number).padStart(10, "0")}`,
    ...place,
    instanceId: `i-${String(number).padStart(17, "0")}`,
    instanceType: "m5.large",
    availabilityZone: "eu-central-1a",
    pipelineMode: "LINEAR",
    isShadowMode: true,
    policyOverrides: {},
    createdAt: at,
    updatedAt: at,
  });

describe("starts in a place", () => {
  let api: ApiUnderTest;
  let logged: { readonly message: string; readonly keys: LogKeys | undefined }[];
  beforeEach(async () => {
    api = apiUnderTest();
    logged = [];
    await api.send("POST", "/accounts", labAccount);
  });

  const add = async (count: number): Promise<readonly Target[]> => {
    const targets = Array.from({ length: count }, (_, index) => targetOf(index + 1));
    for (const target of targets) await createTarget(api.table, target);
    return targets;
  };
  const note = (message: string, keys?: LogKeys): void => {
    logged.push({ message, keys });
  };
  const start = (due: readonly Target[]): Promise<StartCounts> => {
    const pause = (milliseconds: number): Promise<void> => {
      api.pass(milliseconds / 1000);
      return Promise.resolve();
    };
    const context = { ...api.context, pause, log: { info: note, warn: note, error: note } };
    return startPaced(context, { place, due, turns: oneByOne(context, 240_000) });
  };

  it("are one every two seconds, a quarter of what EC2 allows, in the order given", async () => {
    const due = await add(200);
    expect(await start(due)).toEqual({ ...noStarts, started: 120, postponed: 80 });
    const { items } = await listEvaluations(api.table, { limit: 1000 });
    const inOrder = items.toSorted((one, other) => (one.startedAt < other.startedAt ? -1 : 1));
    expect(inOrder.map(({ targetId }) => targetId)).toEqual(
      due.slice(0, 120).map(({ targetId }) => targetId),
    );
    const times = inOrder.map(({ startedAt }) => Date.parse(startedAt));
    const gaps = times.slice(1).map((time, index) => time - (times[index] ?? 0));
    expect([Math.min(...gaps), Math.max(...gaps)]).toEqual([2000, 2000]);
    expect(items[0]).toMatchObject({ startedBy: "sweep", status: "RUNNING" });
  });

  it("pass over those that are evaluated right now, and lose no room to them", async () => {
    const due = await add(200);
    await start(due);
    api.pass(60);
    expect(await start(due)).toEqual({ ...noStarts, started: 80, busy: 120 });
  });

  it("say which evaluation stands in the way of a target, and start the others", async () => {
    const due = await add(2);
    await start(due);
    const { items } = await listEvaluations(api.table, { limit: 10 });
    const left = items.find(({ targetId }) => targetId === due[0]?.targetId);
    if (left === undefined) throw new Error("The first target was not evaluated.");
    await planIntent(api.table, left.evaluationId, intent("image-warm"));
    api.pass(24 * 3600);
    expect(await start(due)).toEqual({ ...noStarts, started: 1, unfinished: 1 });
    const told = logged.find(({ keys }) => keys?.["evaluationId"] === left.evaluationId);
    expect(told?.message).toMatch(/^tgt-\S+ is not evaluated.*resume.*roll-back.*adopt/);
  });

  it("go on after one that Step Functions refuses, which is tried again at the next sweep", async () => {
    const due = await add(3);
    const throttled = Object.assign(new Error("Rate exceeded"), {
      name: "ThrottlingException",
      $metadata: { httpStatusCode: 400, requestId: "r-1" },
      $fault: "client",
    });
    api.failStart(throttled);
    expect(await start(due)).toEqual({ ...noStarts, started: 2, failed: 1 });
    expect(logged.map(({ keys }) => keys)).toContainEqual({
      targetId: due[0]?.targetId,
      error: "RetryableThrottled",
    });
  });

  it("cost nothing where none is due", async () => {
    expect(await start([])).toEqual(noStarts);
  });
});
