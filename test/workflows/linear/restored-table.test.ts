/** The state table is restored to a point in the middle of a switch that has ended since: nothing acts on what it says before a person has looked. */
import { describe, expect, it } from "@jest/globals";
import * as z from "zod";
import { readLease } from "../../../adapters/store/leases.ts";
import type { Item, Key, Table } from "../../../adapters/store/table.ts";
import { CloudError } from "../../../local/cloud/contract.ts";
import type { Lab } from "../../../local/lab/contract.ts";
import { accountId, createLab, region } from "../../../local/lab/lab.ts";
import { hourMs } from "../../../local/lab/schedules.ts";
import { asOwner, rich } from "../../../local/lab/scenarios.ts";
import { createMemoryTable } from "../../../local/platform/memory-table.ts";

interface Restorable {
  readonly table: Table;
  /** How many items were written so far. */
  readonly writes: () => number;
  /** To what stood there after so many writes, as a copy under another name. */
  readonly restore: (writes: number) => Promise<void>;
}

const isOfInterpreter = ({ pk }: Key): boolean => pk.startsWith("STATES#");

/** Step Functions keeps its own: a restore of our table does not turn it back. */
const restorableTable = (): Restorable => {
  const interpreter = createMemoryTable();
  const log: ({ readonly put: Item } | { readonly gone: Key })[] = [];
  let current = createMemoryTable();
  const of = (key: Key): Table => (isOfInterpreter(key) ? interpreter : current);
  return {
    table: {
      get: (key, reading) => of(key).get(key, reading),
      query: (input) => of({ pk: input.partition, sk: "" }).query(input),
      put: async (item, condition) => {
        const result = await of(item).put(item, condition);
        if (result.kind === "WRITTEN" && !isOfInterpreter(item)) log.push({ put: item });
        return result;
      },
      delete: async (key, condition) => {
        const result = await of(key).delete(key, condition);
        if (result.kind === "WRITTEN" && !isOfInterpreter(key)) log.push({ gone: key });
        return result;
      },
    },
    writes: () => log.length,
    restore: async (writes) => {
      current = createMemoryTable();
      for (const entry of log.slice(0, writes)) {
        const key = "put" in entry ? entry.put : entry.gone;
        const old = await current.get(key);
        if ("gone" in entry) await current.delete(key, { ifVersion: old?.version ?? 0 });
        else {
          const before =
            old === undefined ? { ifAbsent: true as const } : { ifVersion: old.version };
          await current.put(entry.put, before);
        }
      }
    },
  };
};

const reason = "Restored to this morning";

const declare = async (lab: Lab): Promise<Readonly<Record<string, unknown>>> => {
  const { status, body } = await lab.send("PUT", "/restore", { reason });
  expect(status).toBe(200);
  return body;
};

const lift = (lab: Lab) =>
  lab.send("PUT", "/kill-switch", { engaged: false, reason: "looked at it" });

/** A switch, and the table as it stood when its replacement had just been launched. */
const restoredInSwitch = async () => {
  const restorable = restorableTable();
  const lab = await createLab({ ...rich["move-volumes"], table: restorable.table });
  let launched = 0;
  lab.platform.cloud.faults.after(({ operation }) => {
    if (operation === "RunInstances" && launched === 0) launched = restorable.writes();
  });
  const story = await lab.run();
  expect(story.status).toBe("SWITCHED");
  await restorable.restore(launched);
  return { lab, story, replacementId: story.swap?.replacement?.instanceId ?? "" };
};

const pass = (lab: Lab, hours: number): Promise<void> =>
  lab.clock.run({ atMostMs: lab.clock.now() + hours * hourMs });

describe("a table restored from before the end of a switch", () => {
  it("stops everything first, and can't be let go on before somebody has looked", async () => {
    const { lab, story } = await restoredInSwitch();
    const restore = await declare(lab);
    expect((await lab.send("GET", "/kill-switch")).body).toMatchObject({ engaged: true });
    expect(await lift(lab)).toMatchObject({
      status: 409,
      body: { detail: expect.stringContaining("GET /restore") },
    });
    const found = await lab.send("GET", "/restore");
    expect(found.body).toMatchObject({
      evaluations: [{ evaluation_id: story.evaluationId, status: "RUNNING", execution: "ENDED" }],
      unread: [{ account_id: accountId, region }],
    });
    const refused = await lab.send("PUT", "/restore/reconciled", {
      reason,
      hash: found.body["hash"],
    });
    expect(refused).toMatchObject({
      status: 409,
      body: { detail: expect.stringContaining(story.evaluationId) },
    });
    // Declared once more, as after an answer that was lost, it is the same one.
    expect(await declare(lab)).toEqual(restore);
  });

  it("gives no fence a second time, and takes the lease from what was open", async () => {
    const { lab, story } = await restoredInSwitch();
    const resource = story.evaluation.leases[0].resource;
    const before = await readLease(lab.table, resource);
    const { epoch } = await declare(lab);
    const cut = await readLease(lab.table, resource);
    expect(cut).toMatchObject({ isReleased: true });
    expect(cut?.fence).toBeGreaterThan(z.number().parse(epoch));
    expect(before?.fence).toBeLessThan(z.number().parse(epoch));
  });

  it("takes no Idempotency-Key for a day that may have been used before", async () => {
    const { lab } = await restoredInSwitch();
    const { restore_id: restoreId } = await declare(lab);
    const create = (key: string) =>
      lab.send("POST", "/approvals/void", { reason }, { "idempotency-key": key });
    expect(await create("k-1")).toMatchObject({
      status: 409,
      body: { errors: [{ field: "Idempotency-Key" }] },
    });
    expect(await create(`${String(restoreId)}-1`)).toMatchObject({ status: 200 });
    await pass(lab, 25);
    expect(await create("k-1")).toMatchObject({ status: 200 });
  });

  it("ends nothing that serves: what took over is adopted, and then the kill switch may be lifted", async () => {
    const { lab, story, replacementId } = await restoredInSwitch();
    const { restore_id: restoreId } = await declare(lab);
    const from = lab.platform.cloud.journal.length;
    for (const name of ["schedule-sweep", "schedule-janitor", "schedule-off-board"]) {
      await lab.platform.functions.invoke(name, {});
      await pass(lab, 0.5);
    }
    const changed = lab.platform.cloud.journal
      .slice(from)
      .filter((entry) => entry.accountId === accountId && entry.mutating && !entry.dryRun);
    expect(changed).toEqual([]);
    const path = `/evaluations/${story.evaluationId}/adopt`;
    const wish = { serving: replacementId, reason };
    const named = { "idempotency-key": `${String(restoreId)}-adopt` };
    expect(await lab.send("POST", path, wish, named)).toMatchObject({ status: 202 });
    await pass(lab, 1);
    expect((await lab.send("GET", `/evaluations/${story.evaluationId}`)).body).toMatchObject({
      status: "ADOPTED",
    });
    await lab.platform.functions.invoke("schedule-find-unclaimed", {});
    const { body } = await lab.send("GET", "/restore");
    expect(body).toMatchObject({ evaluations: [], unread: [] });
    const done = await lab.send("PUT", "/restore/reconciled", { reason, hash: body["hash"] });
    expect(done.status).toBe(200);
    expect((await lift(lab)).status).toBe(200);
    expect(lab.control.find(replacementId)?.state).toBe("running");
    expect((await lab.send("GET", `/lab/instances/${lab.targetId}`)).body).toMatchObject({
      instance_id: replacementId,
    });
  });
});

/** A switch that has ended, and the table as it stood before anybody had begun it. */
const restoredBeforeSwitch = async () => {
  const restorable = restorableTable();
  const lab = await createLab({ ...rich["move-volumes"], table: restorable.table });
  const before = restorable.writes();
  const story = await lab.run();
  expect(story.status).toBe("SWITCHED");
  await restorable.restore(before);
  return {
    lab,
    originalId: lab.originalId,
    replacementId: story.swap?.replacement?.instanceId ?? "",
  };
};

const reconciled = async (lab: Lab, hash: unknown) =>
  lab.send("PUT", "/restore/reconciled", { reason, hash });

describe("a table restored from yesterday while a switch ran", () => {
  it("finds that another instance serves than the one which it has, and is held until a person has seen to it", async () => {
    const { lab, originalId, replacementId } = await restoredBeforeSwitch();
    await declare(lab);
    await lab.platform.functions.invoke("schedule-find-unclaimed", {});
    const { body } = await lab.send("GET", "/restore");
    expect(body).toMatchObject({
      evaluations: [],
      unread: [],
      targets: [
        {
          target_id: lab.targetId,
          instance_id: originalId,
          standing: "ANOTHER_RUNS",
          running: [replacementId],
        },
      ],
    });
    expect(await reconciled(lab, body["hash"])).toMatchObject({
      status: 409,
      body: { detail: expect.stringContaining(replacementId) },
    });
    expect((await lift(lab)).status).toBe(409);
  });

  it("lets go on once the one that serves is its owner's, and what it says of the target was agreed to", async () => {
    const { lab, replacementId } = await restoredBeforeSwitch();
    await declare(lab);
    await lab.platform.functions.invoke("schedule-find-unclaimed", {});
    const before = await lab.send("GET", "/restore");
    await asOwner(lab)("DeleteTags", {
      Resources: [replacementId],
      Tags: [{ Key: "spot-optimizer:target" }],
    });
    const { body } = await lab.send("GET", "/restore");
    expect(body).toMatchObject({ targets: [{ standing: "NOT_RUNNING", running: [] }] });
    expect(await reconciled(lab, before.body["hash"])).toMatchObject({ status: 409 });
    expect(await reconciled(lab, body["hash"])).toMatchObject({ status: 200 });
    expect(lab.control.find(replacementId)?.state).toBe("running");
  });

  it("counts a place as unread whose role lets nothing be read", async () => {
    const { lab } = await restoredBeforeSwitch();
    await declare(lab);
    await lab.platform.functions.invoke("schedule-find-unclaimed", {});
    lab.platform.cloud.faults.before(({ operation }) => {
      if (operation !== "DescribeInstances") return;
      throw new CloudError("UnauthorizedOperation", "You are not authorized.", 403);
    });
    const { body } = await lab.send("GET", "/restore");
    expect(body).toMatchObject({ targets: [], unread: [{ account_id: accountId, region }] });
    expect(await reconciled(lab, body["hash"])).toMatchObject({ status: 409 });
  });
});
