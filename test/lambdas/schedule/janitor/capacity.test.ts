import { describe, expect, it } from "@jest/globals";
import { refusals } from "../../../../local/lab/harm.ts";
import { accountId, type LabOptions } from "../../../../local/lab/lab.ts";
import { afterSwitch, type JanitorLab } from "./janitor-lab.ts";

const held = {
  consistency: "move-volumes",
  policy: { hold_return_capacity: true },
} as const satisfies LabOptions;

const groups = ({ lab }: JanitorLab) => lab.platform.resourceGroups.groups(accountId);
const reservations = ({ lab }: JanitorLab) => lab.control.heldCapacity(accountId);

const told = async (janitor: JanitorLab): Promise<unknown> => {
  const { settlements = [] } = (await janitor.evaluation()) as {
    readonly settlements?: readonly { readonly of: string }[];
  };
  return settlements.find(({ of }) => of === "RESERVE_CAPACITY");
};

describe("the capacity that was held for the way back", () => {
  it("is cancelled right after a switch, its group deleted, and that is told", async () => {
    const janitor = await afterSwitch(held);
    expect(reservations(janitor)).toHaveLength(1);
    await janitor.tidy();
    expect(janitor.calls()).toEqual(
      expect.arrayContaining(["CancelCapacityReservation", "DeleteGroup"]),
    );
    expect(reservations(janitor)).toEqual([]);
    expect(groups(janitor)).toEqual([]);
    expect(await told(janitor)).toMatchObject({ kind: "REMOVED" });
    const calls = janitor.calls().length;
    await janitor.tidy();
    expect(janitor.calls()).toHaveLength(calls);
  });

  it("waits while the kill switch is on", async () => {
    const janitor = await afterSwitch(held);
    await janitor.lab.send("PUT", "/kill-switch", { engaged: true, reason: "drill" });
    await janitor.tidy();
    expect(janitor.calls()).toEqual([]);
    await janitor.lab.send("PUT", "/kill-switch", { engaged: false, reason: "over" });
    await janitor.pass(1);
    await janitor.tidy();
    expect(reservations(janitor)).toEqual([]);
  });

  it("is asked for again where a call is refused", async () => {
    const janitor = await afterSwitch(held);
    let isRefused = false;
    janitor.lab.platform.cloud.faults.before(({ operation }) => {
      if (isRefused || operation !== "DeleteGroup") return;
      isRefused = true;
      throw refusals.unauthorized();
    });
    await janitor.tidy();
    expect(reservations(janitor)).toEqual([]);
    expect(groups(janitor)).toHaveLength(1);
    await janitor.pass(1);
    await janitor.tidy();
    expect(groups(janitor)).toEqual([]);
    expect(await told(janitor)).toMatchObject({ kind: "GONE" });
  });

  it("that its owner has cancelled is gone", async () => {
    const janitor = await afterSwitch(held);
    const [reservation] = reservations(janitor);
    await janitor.asOwner("CancelCapacityReservation", {
      CapacityReservationId: reservation?.id,
    });
    await janitor.tidy();
    expect(janitor.calls()).not.toContain("CancelCapacityReservation");
    expect(await told(janitor)).toMatchObject({ kind: "GONE" });
  });

  it("leaves a group at which the stopped original is pointed: it may not start without it", async () => {
    const janitor = await afterSwitch(held);
    const [group] = groups(janitor);
    await janitor.asOwner("ModifyInstanceCapacityReservationAttributes", {
      InstanceId: janitor.lab.originalId,
      CapacityReservationSpecification: {
        CapacityReservationTarget: { CapacityReservationResourceGroupArn: group?.arn },
      },
    });
    await janitor.tidy();
    expect(reservations(janitor)).toEqual([]);
    expect(groups(janitor)).toHaveLength(1);
    const settled = await told(janitor);
    expect(JSON.stringify(settled)).toContain("is pointed at it");
  });
});
