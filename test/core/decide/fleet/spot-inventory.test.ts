import { describe, expect, it } from "@jest/globals";
import {
  inventoryChange,
  type InventoryChange,
} from "../../../../core/decide/fleet/spot-inventory.ts";
import type { InstanceFacts } from "../../../../core/model/instance.ts";
import type { PlaceReading } from "../../../../core/model/place-reading.ts";
import type { SpotInstance } from "../../../../core/model/spot-instance.ts";
import { linearTarget, plainInstance } from "../linear/eligible-facts.ts";
import { placeOf } from "./in-place.ts";

const spot: InstanceFacts = { ...plainInstance, lifecycle: "spot" };
const { accountId, region, instanceId, instanceType, zoneId, platformDetails, launchedAt } = spot;

const row: SpotInstance = {
  accountId,
  region,
  instanceId,
  instanceType,
  zoneId,
  product: platformDetails,
  launchedAt,
};
const owned: SpotInstance = { ...row, targetId: linearTarget.targetId };

const after = (
  reading: PlaceReading,
  stored: readonly SpotInstance[],
  targets: readonly (typeof linearTarget)[] = [linearTarget],
): InventoryChange =>
  inventoryChange(new Map(stored.map((one) => [one.instanceId, one])), { reading, targets });

const none = { put: [], gone: [] };

describe("the inventory of Spot", () => {
  it("has each Spot Instance that a reading shows, with its pool and the target that it serves", () => {
    expect(after(placeOf(spot), [])).toEqual({ put: [owned], gone: [] });
    expect(after(placeOf(spot), [], [])).toEqual({ put: [row], gone: [] });
    expect(after(placeOf(plainInstance), [])).toEqual(none);
  });

  it("is not written as long as nothing of it has changed", () => {
    expect(after(placeOf(spot), [owned])).toEqual(none);
  });

  it("loses what has ended, and what a complete reading no longer shows", () => {
    const gone = { put: [], gone: [owned] };
    expect(after(placeOf({ ...spot, state: "terminated" }), [owned])).toEqual(gone);
    expect(after(placeOf(), [owned])).toEqual(gone);
    expect(after(placeOf({ ...spot, state: "shutting-down" }), [owned])).toEqual(none);
  });

  it("keeps what was launched right before the reading, which EC2 may not show yet", () => {
    const { readAt } = placeOf();
    const justNow = new Date(Date.parse(readAt) - 60_000).toISOString();
    expect(after(placeOf(), [{ ...owned, launchedAt: justNow }])).toEqual(none);
    const soonAfter = new Date(Date.parse(readAt) + 60_000).toISOString();
    expect(after(placeOf(), [{ ...owned, launchedAt: soonAfter }])).toEqual(none);
  });

  it("keeps what is there and can't be understood", () => {
    const failure = { error: "BrokenFacts", cause: "EC2 left out its type." };
    const reading = { ...placeOf(), unreadable: [{ id: instanceId, failure }] };
    expect(after(reading, [owned])).toEqual(none);
  });

  it("knows for which target a switch has launched one before the target names it, until that is deleted", () => {
    const elsewhere = {
      ...linearTarget,
      instanceId: `${instanceId.slice(0, -1)}9` as typeof instanceId,
    };
    expect(after(placeOf(spot), [owned], [elsewhere])).toEqual(none);
    expect(after(placeOf(spot), [owned], [])).toEqual({ put: [row], gone: [] });
  });
});
