/** Which instances have been stopped for long: their volumes and addresses are charged on. They are told alone, and never terminated. */
import { ownerAmong, schedulers } from "../decide/switch/owner-lists.ts";
import { hoursPerMonth } from "../hours.ts";
import { memberTags } from "../model/tags.ts";
import type { OwnAddress } from "../model/waste/address.ts";
import type { StoppedInstance } from "../model/waste/stopped.ts";
import type { OwnVolume } from "../model/waste/volume.ts";
import { reasonsOf, unlessKept, type Charge, type Judgement } from "./judgement.ts";
import { keptByTags } from "./owners.ts";
import { chargesOfVolume } from "./volumes.ts";

const idleHour: Charge = { times: hoursPerMonth, price: ({ idleAddress }) => idleAddress };

export interface StoppedSurroundings {
  readonly volumes: ReadonlyMap<string, OwnVolume>;
  readonly addresses: readonly OwnAddress[];
  /** What open evaluations and our due intents name: an original in its cool-off is among them. */
  readonly claimedIds: ReadonlySet<string>;
}

const kept = (instance: StoppedInstance, { claimedIds }: StoppedSurroundings) => {
  const { tags, instanceId } = instance;
  const scheduler = ownerAmong(tags, schedulers);
  const group = tags[memberTags.asgName];
  return [
    ...reasonsOf([
      [
        group !== undefined,
        "SERVICE",
        `The Auto Scaling group ${group ?? ""} has it: its warm pool.`,
      ],
      [scheduler !== undefined, "SCHEDULED", `${scheduler?.name ?? ""} stops and starts it.`],
      [instance.canHibernate, "HIBERNATES", "It may be hibernated."],
      [instance.isReservationTarget, "RESERVED", "A capacity reservation waits for it."],
      [instance.isOperatorManaged, "SERVICE", "A service manages it."],
      [claimedIds.has(instanceId), "EVALUATION", "An evaluation, or a cool-off, has it."],
    ]),
    ...keptByTags(tags),
  ];
};

export const judgeStopped = (instance: StoppedInstance, around: StoppedSurroundings): Judgement => {
  const { instanceId, instanceType, volumeIds, stoppedAt, tags } = instance;
  const volumes = volumeIds.flatMap((id) => around.volumes.get(id) ?? []);
  const addresses = around.addresses.filter((address) => address.instanceId === instanceId);
  const since = stoppedAt === undefined ? "" : `, since ${stoppedAt} by EC2's word`;
  return unlessKept(kept(instance, around), () => ({
    why: `The instance (${instanceType}) is stopped${since}. Its ${String(volumeIds.length)} volumes and ${String(addresses.length)} Elastic IP addresses are charged on.`,
    effect: "It is told alone, and never terminated from here.",
    undo: "Nothing is done.",
    unchecked: [],
    charges:
      volumes.length < volumeIds.length
        ? []
        : [...volumes.flatMap(chargesOfVolume), ...addresses.map(() => idleHour)],
    ...(tags.Name !== undefined && { label: tags.Name }),
  }));
};
