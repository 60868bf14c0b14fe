import { expect, it } from "@jest/globals";
import type { Target } from "../../../core/model/target.ts";
import { targetKey } from "../../../adapters/store/keys.ts";
import type { Table } from "../../../adapters/store/table.ts";
import {
  createTarget,
  deleteTarget,
  findTargetOf,
  getTarget,
  listTargets,
  updateTarget,
} from "../../../adapters/store/targets.ts";
import { describeForEachTable, readAllPages } from "./backends.ts";
import {
  accountId,
  at,
  clusterTarget,
  instanceId,
  kubernetesTarget,
  otherAccountId,
  target,
  targetId,
} from "./examples.ts";

const written = { kind: "WRITTEN" };
const exists = (n: number) => ({ kind: "EXISTS", target: target(n) });
const taken = (by: number) => ({ kind: "TAKEN", by: targetId(by) });

/** As if the process had died right before the target itself was written. */
const dyingBeforeTheTarget = (table: Table): Table => ({
  get: (key) => table.get(key),
  put: (item, condition) =>
    item.pk.startsWith("TARGET#")
      ? Promise.reject(new Error("killed"))
      : table.put(item, condition),
  delete: (key, condition) => table.delete(key, condition),
  query: (input) => table.query(input),
});

describeForEachTable("targets", (table) => {
  const moveTo = (id: number, instance: number, seconds = 50): Promise<Target> =>
    updateTarget(table(), targetId(id), (old) => ({
      ...old,
      instanceId: instanceId(instance),
      updatedAt: at(seconds),
    }));

  it("are read back as created", async () => {
    expect(await createTarget(table(), target(1))).toEqual(written);
    expect(await getTarget(table(), targetId(1))).toEqual(target(1));
    expect(await findTargetOf(table(), instanceId(1))).toEqual(target(1));
  });

  it("are read where a raised maximum was stored in them, which stands with its group now", async () => {
    const stored = { ...clusterTarget(1), raisedMax: { maxOriginal: 6, maxRaised: 8 } };
    await createTarget(table(), clusterTarget(1));
    const item = await table().get(targetKey(targetId(1)));
    if (item === undefined) throw new Error("The target was not stored.");
    await table().put({ ...item, version: 2, data: stored }, { ifVersion: 1 });
    expect(await getTarget(table(), targetId(1))).toEqual(clusterTarget(1));
  });

  it("are created once, and once for an instance", async () => {
    await createTarget(table(), target(1));
    expect(await createTarget(table(), target(1, { region: "us-east-1" }))).toEqual(exists(1));
    expect(await createTarget(table(), target(2, { instanceId: instanceId(1) }))).toEqual(taken(1));
    expect(await getTarget(table(), targetId(1))).toEqual(target(1));
    expect(await getTarget(table(), targetId(2))).toBeUndefined();
  });

  it("do not take an instance along when their id is taken", async () => {
    await createTarget(table(), target(1));
    expect(await createTarget(table(), target(1, { instanceId: instanceId(9) }))).toEqual(
      exists(1),
    );
    expect(await createTarget(table(), target(2, { instanceId: instanceId(9) }))).toEqual(written);
    expect(await findTargetOf(table(), instanceId(1))).toEqual(target(1));
  });

  it("have one winner among 20 registrations of an instance at once", async () => {
    const results = await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        createTarget(table(), target(n + 1, { instanceId: instanceId(1), createdAt: at(0) })),
      ),
    );
    expect(results.filter((result) => result.kind === "WRITTEN")).toHaveLength(1);
    expect((await listTargets(table(), { limit: 50 })).items).toHaveLength(1);
  });

  it("free their instance when they are deleted", async () => {
    await createTarget(table(), target(1));
    expect(await deleteTarget(table(), targetId(1))).toEqual({ kind: "DELETED" });
    expect(await deleteTarget(table(), targetId(1))).toEqual({ kind: "ABSENT" });
    expect(await findTargetOf(table(), instanceId(1))).toBeUndefined();
    expect(await createTarget(table(), target(2, { instanceId: instanceId(1) }))).toEqual(written);
  });

  it("take the replacement's id after a switch and free the original's", async () => {
    await createTarget(table(), target(1));
    expect((await moveTo(1, 7)).instanceId).toBe(instanceId(7));
    expect((await findTargetOf(table(), instanceId(7)))?.targetId).toBe(targetId(1));
    expect(await createTarget(table(), target(2, { instanceId: instanceId(7) }))).toEqual(taken(1));
    expect(await createTarget(table(), target(3, { instanceId: instanceId(1) }))).toEqual(written);
  });

  it("can't move to an instance that another target has", async () => {
    await createTarget(table(), target(1));
    await createTarget(table(), target(2));
    await expect(moveTo(1, 2)).rejects.toMatchObject({
      name: "BrokenInput",
      resource: `target ${targetId(1)}`,
      message: expect.stringContaining(`registered as target ${targetId(2)}`),
    });
    expect(await getTarget(table(), targetId(1))).toEqual(target(1));
  });

  it("take over the instance of a registration that died, once nobody can be at work on it", async () => {
    const first = target(1, { createdAt: at(0) });
    await expect(createTarget(dyingBeforeTheTarget(table()), first)).rejects.toThrow("killed");
    const again = (seconds: number): Target =>
      target(2, { instanceId: instanceId(1), createdAt: at(seconds) });
    expect(await createTarget(table(), again(900))).toEqual(taken(1));
    expect(await createTarget(table(), again(901))).toEqual(written);
  });

  it("let a registration that died be tried again at once", async () => {
    await expect(createTarget(dyingBeforeTheTarget(table()), target(1))).rejects.toThrow("killed");
    expect(await createTarget(table(), target(1))).toEqual(written);
  });

  it.each([
    { what: "group", make: (n: number) => clusterTarget(n) },
    { what: "whole node group", make: (n: number) => kubernetesTarget(n, { scope: "ALL" }) },
  ])("are created once for a $what, whichever member names it", async ({ make }) => {
    expect(await createTarget(table(), make(1))).toEqual(written);
    expect(await createTarget(table(), make(2))).toEqual(taken(1));
    // Nothing of the second stays: its member is free.
    expect(await createTarget(table(), target(3, { instanceId: instanceId(2) }))).toEqual(written);
    expect(await deleteTarget(table(), targetId(1))).toEqual({ kind: "DELETED" });
    expect(await createTarget(table(), make(4))).toEqual(written);
  });

  it("are created for single nodes of a node group side by side", async () => {
    expect(await createTarget(table(), kubernetesTarget(1))).toEqual(written);
    expect(await createTarget(table(), kubernetesTarget(2))).toEqual(written);
  });

  it("claim a group when their mode is changed, and let it go when it is changed back", async () => {
    await createTarget(table(), target(1));
    const { pipelineMode, group } = clusterTarget(1);
    const toCluster = (id: number) =>
      updateTarget(table(), targetId(id), (old) => ({
        ...target(id, { createdAt: old.createdAt, updatedAt: at(50) }),
        pipelineMode,
        group,
      }));
    await toCluster(1);
    await createTarget(table(), target(2));
    await expect(toCluster(2)).rejects.toMatchObject({ name: "BrokenInput" });
    await updateTarget(table(), targetId(1), () => target(1));
    expect((await toCluster(2)).pipelineMode).toBe("CLUSTER");
  });

  it("lose no change under concurrent updates", async () => {
    await createTarget(table(), target(1));
    await Promise.all([
      updateTarget(table(), targetId(1), (old) => ({ ...old, isShadowMode: false })),
      updateTarget(table(), targetId(1), (old) => ({ ...old, modelVersion: "advisor-2" })),
      moveTo(1, 7),
    ]);
    expect(await getTarget(table(), targetId(1))).toMatchObject({
      isShadowMode: false,
      modelVersion: "advisor-2",
      instanceId: instanceId(7),
    });
  });

  it("are listed page by page, all of them or those of an account", async () => {
    for (const n of [5, 4, 3, 2, 1]) {
      await createTarget(table(), target(n, n === 3 ? { accountId: otherAccountId } : {}));
    }
    const ids = async (filter: { accountId?: Target["accountId"] }) =>
      (
        await readAllPages((cursor) =>
          listTargets(table(), { ...filter, limit: 2, ...(cursor !== undefined && { cursor }) }),
        )
      ).map((page) => page.map((one) => one.targetId));
    const expected = (pages: number[][]) => pages.map((page) => page.map(targetId));
    expect(await ids({})).toEqual(expected([[1, 2], [3, 4], [5]]));
    expect(await ids({ accountId })).toEqual(
      expected([
        [1, 2],
        [4, 5],
      ]),
    );
    expect(await ids({ accountId: otherAccountId })).toEqual(expected([[3]]));
  });

  it("refuse the cursor of another list", async () => {
    for (const n of [1, 2, 3]) await createTarget(table(), target(n));
    const { cursor } = await listTargets(table(), { limit: 1 });
    await expect(
      listTargets(table(), { accountId, limit: 1, ...(cursor !== undefined && { cursor }) }),
    ).rejects.toMatchObject({ name: "BrokenInput", resource: "cursor" });
  });

  it("are refused by name when what is stored does not parse", async () => {
    const data = { ...target(1), pipelineMode: "SIDEWAYS" };
    await table().put({ ...targetKey(targetId(1)), version: 1, data }, { ifAbsent: true });
    await expect(getTarget(table(), targetId(1))).rejects.toMatchObject({
      name: "BrokenFacts",
      resource: `target ${targetId(1)}`,
    });
  });
});
