import { describe, expect, it } from "@jest/globals";
import { readFindByTags, setFindByTags } from "../../../../adapters/store/find-by-tags.ts";
import type { Key } from "../../../../adapters/store/table.ts";
import { openSweepLab, passMinutes, type SweepLab } from "../sweep-place/place-lab.ts";
import { tableBeforePuts } from "../sweep-place/table-before-puts.ts";

/** All that a sweep keeps of a place, by how its keys begin. */
const kinds = ["SPOT#", "JUDGED#", "JUDGED_ON#", "LOOK#", "BUDGET#", "PLACE#"] as const;

const isOfPlace = ({ pk, sk }: Key): boolean =>
  kinds.some((kind) => pk.startsWith(kind) || sk.startsWith(kind));

const sweptLab = async () => {
  const keys = new Map<string, Key>();
  const table = tableBeforePuts(({ pk, sk }) => {
    if (isOfPlace({ pk, sk })) keys.set(`${pk}/${sk}`, { pk, sk });
  });
  const lab = await openSweepLab({ table });
  const { account, place } = lab;
  account.platform.ec2.control.addInstance({
    ...place,
    instanceType: "m5.large",
    lifecycle: "spot",
  });
  const targets = await lab.add(2);
  await lab.sweep();
  await setFindByTags(table, place.accountId, {
    tags: { spot: "yes" },
    updatedAt: new Date(account.clock.now()).toISOString(),
  });
  const left = async (): Promise<readonly string[]> => {
    const found: string[] = [];
    for (const [name, key] of keys) if ((await table.get(key)) !== undefined) found.push(name);
    return found;
  };
  return { lab, targets, left };
};

const remove = async ({ account: { api } }: SweepLab, path: string): Promise<void> => {
  expect((await api.send({ method: "DELETE", path })).status).toBe(204);
};

const findUnclaimed = ({ account: { platform } }: SweepLab): Promise<unknown> =>
  platform.functions.invoke("schedule-find-unclaimed", {});

describe("what is kept of an account", () => {
  it("is removed once it is disconnected, when no sweep can be at work there any longer", async () => {
    const { lab, targets, left } = await sweptLab();
    for (const kind of kinds) {
      expect((await left()).filter((name) => name.includes(kind))).not.toEqual([]);
    }
    for (const id of targets) await remove(lab, `/lab/instances/${id}`);
    await remove(lab, `/accounts/${lab.place.accountId}`);
    // Whoever connects it again does not find targets by the tags of before.
    expect(await readFindByTags(lab.account.table, lab.place.accountId)).toBeUndefined();
    await findUnclaimed(lab);
    expect(await left()).not.toEqual([]);
    await passMinutes(lab, 20);
    await findUnclaimed(lab);
    expect(await left()).toEqual([]);
  });

  it("stays while it is connected", async () => {
    const { lab, left } = await sweptLab();
    const before = await left();
    await passMinutes(lab, 12 * 60);
    await findUnclaimed(lab);
    expect(await left()).toEqual(expect.arrayContaining([...before]));
  });
});
