/** From AWS's event about the end of an instance to the response of the target that it serves, over both buses and the queue. */
import { beforeEach, describe, expect, it } from "@jest/globals";
import { listWarned } from "../../../adapters/store/spot-events.ts";
import { addSpotInstance } from "../../../adapters/store/spot-instances.ts";
import type { EvaluationOf } from "../../../core/model/evaluation.ts";
import { accountIdSchema, instanceIdSchema } from "../../../core/model/ids.ts";
import { spotInstanceSchema } from "../../../core/model/spot-instance.ts";
import { rootOf } from "../../../local/lab/promises/promise.ts";
import { lossy, throwKillSwitch } from "../../../local/lab/scenarios.ts";
import { minuteMs, openWorld, type World } from "./response-world.ts";

describe("a warning of a target's Spot Instance", () => {
  let world: World;
  beforeEach(async () => {
    world = await openWorld();
  });

  it("starts its recovery within seconds, which is done before its end", async () => {
    world.interrupt();
    await world.pass(40 * minuteMs);
    const [recovery, ...others] = await world.evaluations();
    expect(recovery).toMatchObject({ kind: "RECOVER", startedBy: "event", status: "SWITCHED" });
    expect(others).toEqual([]);
    const { account, table, originalId } = world.lab;
    const place = { accountId: accountIdSchema.parse(account.accountId), region: account.region };
    const warned = await listWarned(table, place, new Date(0).toISOString());
    const at = warned.get(instanceIdSchema.parse(originalId))?.at ?? "";
    expect(Date.parse(recovery?.startedAt ?? "") - Date.parse(at)).toBeLessThan(5000);
    expect((recovery as EvaluationOf<"LINEAR">).downtimeSeconds).toBeLessThan(120);
    // Its state changes come when it has ended, and find it recovered or under way.
    expect(world.responses()[0]).toBe("STARTED");
    expect(world.responses().slice(1)).not.toContain("STARTED");
  });

  it("told twice at once, and once more later, starts one", async () => {
    const detail = { "instance-id": world.lab.originalId, "instance-action": "terminate" };
    const { eventBridge } = world.lab.platform;
    eventBridge.control.harm(({ rule }) =>
      rule.name === "urgent" ? { kind: "TWICE", afterMs: 100 } : undefined,
    );
    world.interrupt();
    await world.pass(minuteMs);
    world.tell(detail);
    await world.pass(40 * minuteMs);
    expect(await world.evaluations()).toHaveLength(1);
    expect(world.responses().filter((response) => response === "STARTED")).toHaveLength(1);
    expect(world.responses()).not.toContain("AWAITED");
  });

  it("that comes after its end starts it all the same", async () => {
    world.lab.platform.eventBridge.control.harm(({ event }) =>
      event["detail-type"].includes("State-change")
        ? { kind: "LOSE" }
        : { kind: "DELAY", ms: 3 * minuteMs },
    );
    world.interrupt();
    await world.pass(60 * minuteMs);
    expect(await world.evaluations()).toMatchObject([{ startedBy: "event", status: "SWITCHED" }]);
  });

  it("that is not true launches nothing: the recovery reads that it lives", async () => {
    world.tell({ "instance-id": world.lab.originalId, "instance-action": "terminate" });
    await world.pass(10 * minuteMs);
    const outcome = { status: "STAYED", reason: "NOT_INTERRUPTED" };
    expect(await world.evaluations()).toMatchObject([{ startedBy: "event", outcome }]);
    expect(world.lab.control.find(world.lab.originalId)?.state).toBe("running");
    expect(world.lab.watch.mutations()).toEqual([]);
  });

  it.each(["stop", "hibernate"])("to %s is looked at as any other", async (action) => {
    world.tell({ "instance-id": world.lab.originalId, "instance-action": action });
    await world.pass(10 * minuteMs);
    expect(await world.evaluations()).toMatchObject([{ kind: "RECOVER", startedBy: "event" }]);
  });

  it("is recorded while the kill switch is on, with its reason, and nothing is launched", async () => {
    await throwKillSwitch(world.lab);
    world.interrupt();
    await world.pass(10 * minuteMs);
    const outcome = { status: "DEGRADED", reason: "StaleKillSwitch" };
    expect((await world.evaluations()).at(-1)).toMatchObject({ startedBy: "event", outcome });
    expect(world.lab.watch.mutations()).toEqual([]);
  });

  it("is told to its owner while the kill switch is on: what EC2 takes, and that nothing is launched for it, and why", async () => {
    const { platform, account, originalId } = world.lab;
    const deliver = () => platform.functions.invoke("notice-deliver", {});
    await throwKillSwitch(world.lab);
    await deliver();
    world.interrupt();
    await world.pass(10 * minuteMs);
    await deliver();
    const { body } = await world.lab.send("GET", `/notices?account_id=${account.accountId}`);
    const [recovery] = await world.evaluations();
    expect(body["items"]).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          kind: "INTERRUPTION",
          sentence: expect.stringContaining(`EC2 takes Spot Instance ${originalId}`),
        }),
        expect.objectContaining({
          kind: "DEGRADED",
          error: "StaleKillSwitch",
          evaluation_id: recovery?.evaluationId,
          sentence: expect.stringContaining("The kill switch is on"),
        }),
      ]),
    );
  });

  it("is recorded in shadow mode, and nothing is changed", async () => {
    const path = `/lab/instances/${world.lab.targetId}`;
    await world.lab.send("PATCH", path, { is_shadow_mode: true });
    world.interrupt();
    await world.pass(10 * minuteMs);
    expect((await world.evaluations()).at(-1)).toMatchObject({ status: "SHADOWED" });
    expect(world.lab.watch.mutations()).toEqual([]);
  });

  it("of an account that was disabled meanwhile starts nothing", async () => {
    const path = `/accounts/${world.lab.account.accountId}`;
    await world.lab.send("PATCH", path, { status: "DISABLED" });
    world.interrupt();
    await world.pass(10 * minuteMs);
    expect(new Set(world.responses())).toEqual(new Set(["UNKNOWN_ACCOUNT"]));
    expect(await world.evaluations()).toEqual([]);
  });

  it("waits for another evaluation of the target, and starts the recovery once that has ended", async () => {
    // Nothing but the warning itself starts it later.
    world.lab.platform.eventBridge.control.harm(({ event }) =>
      event["detail-type"].includes("State-change") ? { kind: "LOSE" } : undefined,
    );
    const asked = await world.lab.send("POST", `/lab/instances/${world.lab.targetId}/evaluate`, {});
    expect(asked.status).toBe(202);
    world.interrupt();
    await world.pass(40 * minuteMs);
    const [recovery, ...before] = await world.evaluations();
    expect(before).toHaveLength(1);
    expect(recovery).toMatchObject({ kind: "RECOVER", startedBy: "event" });
    expect(world.responses()).toContain("AWAITED");
    const { queues, ownEvents } = world.lab.platform;
    expect(queues.messages(ownEvents.deadLettersArn)).toEqual([]);
  });
});

it("a warning that is quicker than what EC2 shows is answered once EC2 shows it, within the notice", async () => {
  const world = await openWorld({ ...lossy, settings: { requestLagMs: 8_000 } });
  const { eventBridge } = world.lab.platform;
  eventBridge.control.harm(({ event }) =>
    event["detail-type"].includes("State-change") ? { kind: "LOSE" } : undefined,
  );
  world.interrupt();
  await world.pass(40 * minuteMs);
  const [recovery, ...others] = await world.evaluations();
  expect(recovery).toMatchObject({ kind: "RECOVER", startedBy: "event", status: "SWITCHED" });
  expect((recovery as EvaluationOf<"LINEAR">).downtimeSeconds).toBeLessThan(120);
  expect(others).toEqual([]);
});

it("of an instance that EC2 has ended without a warning starts the recovery, by its state change", async () => {
  const world = await openWorld();
  world.lab.control.interrupt(world.lab.originalId, { noticeSeconds: 0 });
  await world.pass(60 * minuteMs);
  const [recovery] = await world.evaluations();
  expect(recovery).toMatchObject({ kind: "RECOVER", startedBy: "event", status: "SWITCHED" });
});

it("a load with data is recovered from its warning: its host waits for the end, and takes its volumes over", async () => {
  const world = await openWorld({ consistency: "stop-and-image" });
  const { control, watch, account } = world.lab;
  world.interrupt();
  await world.pass(30 * minuteMs);
  const [recovery] = await world.evaluations();
  expect(recovery).toMatchObject({ kind: "RECOVER", startedBy: "event", status: "SWITCHED" });
  expect(control.running(account.accountId).map(rootOf)).toEqual([watch.rootVolumeId]);
});

it("while a way back with data waits for its image, that gives way, and the recovery begins within minutes", async () => {
  const world = await openWorld({
    consistency: "stop-and-image",
    policy: { max_downtime_minutes_per_30_days: 1440 },
    settings: { imageBaseMs: 60 * minuteMs },
  });
  await world.lab.evaluate();
  await world.pass(10 * minuteMs);
  world.interrupt();
  await world.pass(5 * minuteMs);
  const [recovery, wayBack] = await world.evaluations();
  expect(wayBack).toMatchObject({ kind: "FALL_BACK", status: "ROLLED_BACK" });
  expect(recovery).toMatchObject({ kind: "RECOVER", startedBy: "event" });
});

it("the end of what serves no target, or nobody knows, is answered by nothing", async () => {
  const world = await openWorld();
  const { control, account, table } = world.lab;
  const { accountId, region } = account;
  const add = () =>
    control.addInstance({ accountId, region, instanceType: "m5.large", lifecycle: "spot" });
  const [known, unknown] = [add(), add()];
  const { zoneId } = control.find(known) ?? {};
  const row = { accountId, region, instanceId: known, instanceType: "m5.large", zoneId };
  const launchedAt = new Date(world.lab.clock.now()).toISOString();
  await addSpotInstance(
    table,
    spotInstanceSchema().parse({ ...row, product: "Linux/UNIX", launchedAt }),
  );
  for (const id of [known, unknown]) control.interrupt(id);
  await world.pass(minuteMs);
  expect([...world.responses()].sort()).toEqual(["NO_TARGET", "UNKNOWN_INSTANCE"]);
  expect(await world.evaluations()).toEqual([]);
});
