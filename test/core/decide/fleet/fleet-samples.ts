/** A place of the fleet with targets of one instance each. */
import type { InstanceFacts } from "../../../../core/model/instance.ts";
import type { FleetPlace, FleetRow } from "../../../../core/model/fleet-row.ts";
import type { Place } from "../../../../core/model/place.ts";
import type { PlaceReading } from "../../../../core/model/place-reading.ts";
import type { TargetOf } from "../../../../core/model/target.ts";
import { accountId, instanceId, targetId } from "../../../adapters/store/examples.ts";
import { linearTarget, plainInstance } from "../linear/eligible-facts.ts";
import { placeOf } from "./in-place.ts";

const fleetRegion = "us-east-1";
export const placeOfFleet: Place = { accountId, region: fleetRegion };

export const fleetTarget = (
  n: number,
  change: Partial<TargetOf<"LINEAR">> = {},
): TargetOf<"LINEAR"> => ({
  ...linearTarget,
  targetId: targetId(n),
  accountId,
  instanceId: instanceId(n),
  ...change,
});

export const readAt = "2026-03-01T12:00:00.000Z";

/** An m5.large in use1-az1 each, unless it says otherwise. */
export const readingOf = (instances: readonly Partial<InstanceFacts>[]): PlaceReading => ({
  ...placeOf(...instances.map((change) => ({ ...plainInstance, ...change }))),
  accountId,
  readAt,
});

export const fleetRow = (n: number, change: Partial<FleetRow> = {}): FleetRow => ({
  targetId: targetId(n),
  accountId,
  region: fleetRegion,
  mode: "LINEAR",
  instanceId: instanceId(n),
  isShadowMode: false,
  maxRisk: 0.3,
  name: `web-${String(n)}`,
  capacity: { spot: 1, onDemand: 0 },
  changedIn: 1_000,
  ...change,
});

export const fleetPlace = (change: Partial<FleetPlace> = {}): FleetPlace => ({
  ...placeOfFleet,
  sequence: 1_000,
  readAt,
  running: [],
  gone: [],
  goneFrom: 1_000,
  ...change,
});
