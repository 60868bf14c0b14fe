/** A fleet of any size in one account and region: instances with targets, in as many subnets as they need. */
import { createTarget } from "../../adapters/store/targets.ts";
import { accountIdSchema, targetIdSchema } from "../../core/model/ids.ts";
import { targetSchema, type Target, type TargetOf } from "../../core/model/target.ts";
import type { LabAccount } from "./account.ts";
import type { Workload } from "./subject.ts";
import { enrolled } from "../platform/customer-group.ts";

/** A subnet of 256 addresses has 251. */
const instancesInSubnet = 240;

export interface FleetPlace {
  readonly accountId: string;
  readonly region: string;
}

export interface FleetOptions {
  readonly place: FleetPlace;
  readonly count: number;
  /** Of the nth instance. */
  readonly workloadOf: (index: number) => Workload;
  /** What its target says beside that. */
  readonly target?: Partial<TargetOf<"LINEAR">>;
}

type Parts = Pick<LabAccount, "clock" | "platform" | "table">;

/** Distinct in one table. */
let made = 0;

/** One instance after the other, each with a target of LINEAR, in shadow mode unless told. */
export const addFleet = async (
  { clock, platform, table }: Parts,
  { place, count, workloadOf, target }: FleetOptions,
): Promise<readonly Target[]> => {
  const { control } = platform.ec2;
  const zones = control.zones(place.accountId, place.region);
  const createdAt = new Date(clock.now()).toISOString();
  const targets: Target[] = [];
  let subnetId: string | undefined;
  for (let index = 0; index < count; index += 1) {
    const zone = zones[Math.floor(index / instancesInSubnet) % zones.length];
    if (index % instancesInSubnet === 0 && zone !== undefined) {
      subnetId = control.addSubnet({ ...place, zone: zone.id });
    }
    const instanceId = control.addInstance({
      ...place,
      sharedTags: enrolled,
      ...(subnetId !== undefined && { subnetId }),
      ...workloadOf(index),
    });
    const found = control.find(instanceId);
    made += 1;
    const one = targetSchema().parse({
      targetId: targetIdSchema.parse(`tgt-${String(made).padStart(10, "0")}`),
      accountId: accountIdSchema.parse(place.accountId),
      region: place.region,
      instanceId,
      instanceType: found?.instanceType,
      availabilityZone: found?.zoneName,
      pipelineMode: "LINEAR",
      isShadowMode: true,
      policyOverrides: { acceptChangeOf: ["primary-private-ip"], consistency: "stateless" },
      createdAt,
      updatedAt: createdAt,
      ...target,
    });
    await createTarget(table, one);
    targets.push(one);
  }
  return targets;
};
