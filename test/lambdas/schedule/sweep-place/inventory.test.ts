import { describe, expect, it } from "@jest/globals";
import { listSpotInstances } from "../../../../adapters/store/spot-instances.ts";
import type { SpotInstance } from "../../../../core/model/spot-instance.ts";
import { openSweepLab, passMinutes, type SweepLab } from "./place-lab.ts";
import { tableBeforePuts } from "./table-before-puts.ts";

const inventoryOf = async ({ account, place }: SweepLab): Promise<readonly SpotInstance[]> => [
  ...(await listSpotInstances(account.table, place)).values(),
];

/** Spot Instances of the owner's, which nobody has registered. */
const addForeign = ({ account, place }: SweepLab, count: number): readonly string[] =>
  Array.from({ length: count }, () =>
    account.platform.ec2.control.addInstance({
      ...place,
      instanceType: "m5.large",
      lifecycle: "spot",
    }),
  );

describe("the inventory of Spot in connected accounts", () => {
  it("has those of others too, and is written again only when it has changed", async () => {
    let written = 0;
    const table = tableBeforePuts(({ pk }) => {
      if (pk.startsWith("SPOT#")) written += 1;
    });
    const lab = await openSweepLab({ table });
    const [first = "", second = ""] = addForeign(lab, 2);
    await lab.sweep();
    const found = await inventoryOf(lab);
    expect(found.map(({ instanceId }) => instanceId).toSorted()).toEqual([first, second].sort());
    expect(found[0]).toMatchObject({ ...lab.place, instanceType: "m5.large" });
    expect(found[0]?.targetId).toBeUndefined();
    await passMinutes(lab, 15);
    await lab.sweep();
    lab.account.platform.ec2.control.terminateByOwner(first);
    await passMinutes(lab, 15);
    await lab.sweep();
    expect((await inventoryOf(lab)).map(({ instanceId }) => instanceId)).toEqual([second]);
    expect(written).toBe(2);
  });

  it("has the replacement of a switch from its launch on, with its pool and its target", async () => {
    const lab = await openSweepLab();
    const [targetId] = await lab.add(1, { isShadowMode: false });
    await lab.sweep();
    let launched: readonly SpotInstance[] = [];
    for (let minute = 0; minute < 30 && launched.length === 0; minute += 1) {
      await passMinutes(lab, 1);
      launched = await inventoryOf(lab);
    }
    const [row] = launched;
    expect(row).toMatchObject({ targetId, ...lab.place });
    const summary = lab.account.platform.ec2.control.find(row?.instanceId ?? "");
    expect(summary).toMatchObject({ instanceType: row?.instanceType, lifecycle: "spot" });
    await passMinutes(lab, 60);
    await lab.sweep();
    expect(await inventoryOf(lab)).toMatchObject([{ instanceId: row?.instanceId, targetId }]);
  });
});
