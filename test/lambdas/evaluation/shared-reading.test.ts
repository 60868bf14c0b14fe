import { beforeEach, describe, expect, it } from "@jest/globals";
import {
  getSharedReading,
  keepSharedReading,
  takeLead,
} from "../../../adapters/store/shared-readings.ts";
import { keepSpotEvent } from "../../../adapters/store/spot-events.ts";
import type { Table } from "../../../adapters/store/table.ts";
import { evaluationIdSchema, instanceIdSchema } from "../../../core/model/ids.ts";
import type { SharedHealth } from "../../../core/model/shared-reading.ts";
import type { EvaluationSession } from "../../../lambdas/evaluation/session.ts";
import { isOneOfMany, readSharedHealth } from "../../../lambdas/evaluation/shared-reading.ts";
import { CloudError } from "../../../local/cloud/contract.ts";
import { createMemoryTable } from "../../../local/platform/memory-table.ts";
import {
  accountId,
  addFleet,
  openPlace,
  region,
  type PlaceAccount,
} from "../../adapters/aws/fleet/place-account.ts";

type Session = EvaluationSession<"LINEAR", "ec2">;

const spot = [{ instanceType: "m5.large", lifecycle: "spot" }] as const;
const place = { accountId, region };
const sharing = { sharesReadings: true } as const;

let account: PlaceAccount;
let table: Table;
let ids: readonly string[];
beforeEach(async () => {
  account = await openPlace();
  table = createMemoryTable();
  ids = addFleet(account, 20, spot);
});

const nowOf = (): Date => new Date(account.account.clock.now());

const sessionOf = (index: number, more: object = sharing): Session =>
  ({
    context: { table, now: nowOf, pause: (ms: number) => account.account.clock.wait(ms) },
    now: nowOf(),
    customer: () => Promise.resolve({ ec2: account.clients.ec2 }),
    evaluation: {
      ...place,
      evaluationId: evaluationIdSchema.parse(`evl-${String(index).padStart(20, "0")}`),
      kind: "RECOVER",
      ...more,
    },
  }) as unknown as Session;

/** Each asks for its own instance, all at the same instant, or one after the other. */
const askAll = async (
  asked: readonly string[],
  { apartMs = 0, causedAt = nowOf().toISOString() } = {},
): Promise<readonly (SharedHealth | undefined)[]> => {
  const { clock } = account.account;
  const beganMs = clock.now();
  const found: (SharedHealth | undefined)[] = [];
  asked.forEach((instanceId, index) => {
    clock.schedule(beganMs + index * apartMs, async () => {
      found[index] = await readSharedHealth(sessionOf(index), { instanceId, causedAt });
    });
  });
  await clock.run({ atMostMs: beganMs + 60_000 });
  return found;
};

describe("one of many recoveries", () => {
  const warn = async (count: number): Promise<void> => {
    const at = nowOf().toISOString();
    for (const id of ids.slice(0, count)) {
      const instanceId = instanceIdSchema.parse(id);
      const kind = "INTERRUPTION_WARNING" as const;
      const event = {
        ...place,
        kind,
        at,
        receivedAt: at,
        instanceId,
        action: "terminate",
      } as const;
      await keepSpotEvent(table, event);
    }
  };

  it("is one of which ten ends at least were announced in its notice", async () => {
    await warn(9);
    expect(await isOneOfMany(sessionOf(1))).toBe(false);
    await warn(10);
    expect(await isOneOfMany(sessionOf(1))).toBe(true);
    expect(await isOneOfMany(sessionOf(1, { kind: undefined }))).toBe(false);
    account.account.clock.elapse(200_000);
    expect(await isOneOfMany(sessionOf(1))).toBe(false);
  });

  it("reads by itself where it is alone, and leaves nothing in the table", async () => {
    const wanted = { instanceId: ids[0] ?? "", causedAt: nowOf().toISOString() };
    expect(await readSharedHealth(sessionOf(1, {}), wanted)).toBeUndefined();
    expect(await getSharedReading(table, place)).toBeUndefined();
    expect(account.calls()).toEqual([]);
  });
});

describe("what is read for all", () => {
  it("answers twenty who ask at once by the calls of two, and tells of each what EC2 shows", async () => {
    const found = await askAll(ids);
    expect(found.map((health) => health?.instanceId)).toEqual(ids);
    for (const health of found) {
      expect(health).toMatchObject({ state: "running", spotStatus: "fulfilled" });
    }
    const reading = ["DescribeSpotInstanceRequests", "DescribeInstanceStatus"];
    expect(account.calls()).toEqual([...reading, ...reading]);
  });

  it("tells since when a Spot request has its status", async () => {
    const [instanceId = ""] = ids;
    account.account.platform.ec2.control.interrupt(instanceId);
    const [found] = await askAll([instanceId]);
    expect(found).toMatchObject({ spotStatus: "instance-terminated-no-capacity" });
    expect(found?.spotStatusSince).toBeDefined();
  });

  it("is read anew for one whose cause came after its beginning", async () => {
    const [instanceId = ""] = ids;
    await askAll([instanceId]);
    const causedAt = nowOf().toISOString();
    const [found] = await askAll([instanceId], { causedAt });
    expect(found?.instanceId).toBe(instanceId);
    const { beganAt = "" } = (await getSharedReading(table, place)) ?? {};
    expect(beganAt >= causedAt).toBe(true);
  });

  it("tells of one that EC2 does not know that it has no state, and of the others what they are", async () => {
    const unknown = "i-0123456789abcdef0";
    const found = await askAll([unknown, ...ids.slice(0, 3)]);
    expect(found.map((health) => health?.state)).toEqual([
      undefined,
      "running",
      "running",
      "running",
    ]);
    expect(found[0]).toMatchObject({ instanceId: unknown, system: "unknown" });
  });

  it("goes on though who reads has died: after six seconds another does", async () => {
    const dead = evaluationIdSchema.parse("evl-dddddddddddddddddddd");
    const until = new Date(nowOf().getTime() + 6_000).toISOString();
    await takeLead(table, place, () => ({ evaluationId: dead, until }));
    const found = await askAll(ids.slice(0, 8), { apartMs: 1_000 });
    // The first three have waited for long enough, and read by themselves.
    expect(found.map((health) => health === undefined)).toEqual([
      ...[true, true, true],
      ...Array.from({ length: 5 }, () => false),
    ]);
  });

  it("is not replaced by what was begun earlier, and has come to its end later", async () => {
    await askAll(ids.slice(0, 1));
    const newest = await getSharedReading(table, place);
    const beganAt = new Date(0).toISOString();
    await keepSharedReading(table, place, { beganAt, healths: [] });
    expect(await getSharedReading(table, place)).toEqual(newest);
  });

  it("is nothing where EC2 refuses to tell: that is thrown, and another may read two seconds later", async () => {
    const { clock, platform } = account.account;
    let refusals = 0;
    platform.cloud.faults.before(({ operation }) => {
      if (operation !== "DescribeInstanceStatus" || refusals > 0) return;
      refusals += 1;
      throw new CloudError("UnauthorizedOperation", "You are not authorized.", 403);
    });
    const wanted = { instanceId: ids[0] ?? "", causedAt: nowOf().toISOString() };
    const outcomes: string[] = [];
    for (const index of [1, 2]) {
      clock.schedule(clock.now() + index, () =>
        readSharedHealth(sessionOf(index), wanted).then(
          (health) => void outcomes.push(health?.state ?? "unknown"),
          () => void outcomes.push("refused"),
        ),
      );
    }
    await clock.run({ atMostMs: clock.now() + 20_000 });
    expect(outcomes).toEqual(["refused", "running"]);
  });
});
