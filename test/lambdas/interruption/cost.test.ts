/** What an event costs: calls of our table, tries and conflicts among them, and of the customer's account. */
import { describe, expect, it } from "@jest/globals";
import { addSpotInstance } from "../../../adapters/store/spot-instances.ts";
import { spotInstanceSchema } from "../../../core/model/spot-instance.ts";
import { lossy } from "../../../local/lab/scenarios.ts";
import { currentInvocation } from "../../../local/platform/invocation.ts";
import { createMemoryTable } from "../../../local/platform/memory-table.ts";
import { counting } from "./counted-table.ts";
import { lossesOf, minuteMs, openAtRisk, type World } from "./response-world.ts";

const open = async () => {
  const table = counting(
    createMemoryTable(),
    () => currentInvocation()?.name === "interruption-receive",
  );
  const world = await openAtRisk({ ...lossy, table: table.counted });
  return { world, ...table };
};

/** In the inventory, and of no target. */
const addKnown = async ({ lab }: World): Promise<string> => {
  const { accountId, region } = lab.account;
  const instanceType = "m5.large";
  const instanceId = lab.control.addInstance({
    accountId,
    region,
    instanceType,
    lifecycle: "spot",
  });
  const { zoneId } = lab.control.find(instanceId) ?? {};
  const launchedAt = new Date(lab.clock.now()).toISOString();
  const row = { accountId, region, instanceId, instanceType, zoneId, launchedAt };
  await addSpotInstance(lab.table, spotInstanceSchema().parse({ ...row, product: "Linux/UNIX" }));
  return instanceId;
};

/** Calls in the customer's account under a session of the function. */
const callsOfCustomer = ({ lab }: World): number =>
  lab.platform.cloud.journal.filter(
    ({ sessionName }) => sessionName === "spot-optimizer-interruption",
  ).length;

/** Operation and kind of what it is about: `put TOLD`. */
const kinds = (calls: readonly string[]): readonly string[] =>
  calls.map((call) => call.split("#")[0] ?? "");

const six = ["put TOLD", "get ACCOUNT", "get SPOT", "query TOLD", "put POOL", "put POOL"];

describe("an event costs", () => {
  it("six calls of the table where its instance serves no target, and none of the customer's account", async () => {
    const { world, calls, conflicts } = await open();
    world.lab.control.interrupt(await addKnown(world));
    await world.pass(minuteMs);
    expect(kinds(calls)).toEqual(six);
    expect([conflicts, callsOfCustomer(world)]).toEqual([[], 0]);
    expect(world.answers).toHaveLength(1);
  });

  it("as many when it is told again, and writes nothing then", async () => {
    const { world, calls, conflicts } = await open();
    world.lab.platform.eventBridge.control.harm(({ rule }) =>
      rule.name === "urgent" ? { kind: "TWICE", afterMs: 5_000 } : undefined,
    );
    world.lab.control.interrupt(await addKnown(world));
    await world.pass(minuteMs);
    expect(kinds(calls)).toEqual([...six, ...six.slice(0, 4), "get POOL", "put POOL"]);
    expect(kinds(conflicts)).toEqual(["put TOLD", "put POOL"]);
  });

  it("what a start costs besides where its instance serves a target, and no call of the customer's account", async () => {
    const { world, calls, conflicts } = await open();
    world.interrupt();
    await world.pass(5_000);
    expect(world.responses()).toEqual(["STARTED"]);
    // That Step Functions starts it is kept in our table on a laptop alone.
    const own = kinds(calls).filter((kind) => !kind.endsWith("STATES"));
    const starting = [
      "get TARGET",
      "get TARGET",
      "get ACCOUNT",
      "get LEASE",
      "get RESTORE",
      "put LEASE",
    ];
    const recording = ["query EVALUATION", "query EVALUATION", "put EVALUATION", "put EVALUATION"];
    // Its owner is told.
    const telling = own.filter((call) => call.startsWith("put OUTBOX "));
    expect(telling).toHaveLength(1);
    const all = [...six, ...starting, ...recording, ...telling, "get DEPLOYMENT"];
    expect(own.toSorted()).toEqual(all.toSorted());
    // Stored before anything else that can fail.
    expect(own[0]).toBe("put TOLD");
    expect([conflicts, callsOfCustomer(world)]).toEqual([[], 0]);
  });
});

describe("two hundred losses at once", () => {
  it("are six calls each, and contend for no item", async () => {
    const { world, calls, conflicts } = await open();
    const ids: string[] = [];
    for (let nth = 0; nth < 200; nth += 1) ids.push(await addKnown(world));
    for (const id of ids) world.lab.control.interrupt(id);
    await world.pass(minuteMs);
    expect(await lossesOf(world)).toHaveLength(200);
    expect([calls.length, conflicts]).toEqual([200 * six.length, []]);
  });
});
