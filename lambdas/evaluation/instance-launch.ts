/** Finds out whether a clone can be launched at all, before anything is touched: resolves what it refers to, and makes one dry run. */
import type { FirstReading } from "../../adapters/aws/ec2/instances.ts";
import { dryRunSpotLaunch, type DryRunRefusal } from "../../adapters/aws/ec2/launch.ts";
import { keyPairExists, readPlacementGroup } from "../../adapters/aws/ec2/references.ts";
import { SpotOptimizerError } from "../../core/errors.ts";
import type { LinearFacts } from "../../core/model/evaluation.ts";
import type { InstanceFacts } from "../../core/model/instance.ts";
import type { LaunchFacts } from "../../core/model/launch-check.ts";
import type { SnapshotRoom } from "../../core/model/snapshot-room.ts";
import type { EvaluationKind } from "../../core/model/evaluation-kind.ts";
import type { Policy } from "../../core/policy/policy.ts";
import type { CustomerClients } from "../runtime/context.ts";
import type { EbsPlace } from "./ebs-standing.ts";
import { findSnapshotRoom } from "./snapshot-room.ts";
import { gatherKeys } from "./instance-keys.ts";

/** An original that may be switched as far as is known, as EC2 showed it a moment ago. */
export interface LaunchSource extends Pick<FirstReading, "parts" | "image"> {
  readonly instance: InstanceFacts;
  readonly originalType: LinearFacts["originalType"];
}

export interface LaunchAsked {
  readonly clients: Pick<CustomerClients, "ec2" | "kms" | "serviceQuotas">;
  readonly place: EbsPlace;
  readonly policy: Policy;
  /** Absent: a switch to Spot. */
  readonly kind?: EvaluationKind;
  readonly isShadowMode: boolean;
  /** Those of what the launch would make. */
  readonly tags: Readonly<Record<string, string>>;
}

/** A move may come to On-Demand too: that is known to be allowed, or not, from the verification. */
const goesToSpot = ({ kind }: LaunchAsked): boolean =>
  kind === undefined || kind === "SWITCH" || kind === "MOVE";

/** A role that may only read is enough for shadow mode: that it may not launch is then no finding. */
const refusalOf = async (
  asked: LaunchAsked,
  { instance, parts, image, originalType }: LaunchSource,
): Promise<DryRunRefusal | undefined> => {
  // Without the image there is nothing to ask with.
  if (!instance.imageExists || image === undefined) return undefined;
  try {
    return await dryRunSpotLaunch(asked.clients.ec2, {
      parts,
      image,
      subnetId: instance.subnetId,
      defaultCpu: originalType?.defaultCpu,
      tags: asked.tags,
      ...(goesToSpot(asked) ? {} : { purchase: "ON_DEMAND" as const }),
    });
  } catch (error) {
    const isDenied = error instanceof SpotOptimizerError && error.name === "BrokenPermission";
    if (isDenied && asked.isShadowMode) return undefined;
    throw error;
  }
};

/** Undefined: there is room, or the switch makes none. */
const gatherSnapshotRoom = async ({
  clients,
  place,
  policy,
}: LaunchAsked): Promise<SnapshotRoom | undefined> =>
  policy.consistency === "stateless" ? undefined : findSnapshotRoom(clients, place);

export const gatherInstanceLaunch = async (
  asked: LaunchAsked,
  source: LaunchSource,
): Promise<{ readonly instance: InstanceFacts; readonly launch: LaunchFacts }> => {
  const { ec2 } = asked.clients;
  const { keyName, placementGroup } = source.instance;
  const group =
    placementGroup === undefined ? undefined : await readPlacementGroup(ec2, placementGroup);
  const hasKeyPair = keyName === undefined ? undefined : await keyPairExists(ec2, keyName);
  const keys = await gatherKeys({ ...asked, isSpot: goesToSpot(asked) }, source);
  const snapshots = await gatherSnapshotRoom(asked);
  const refusal = await refusalOf(asked, source);
  return {
    instance: {
      ...source.instance,
      ...(group === undefined ? {} : { placementGroup: group }),
    },
    launch: {
      ...(hasKeyPair === undefined ? {} : { keyPairExists: hasKeyPair }),
      ...(keys.length === 0 ? {} : { keys }),
      ...(snapshots === undefined ? {} : { snapshots }),
      ...(refusal === undefined ? {} : { refusal }),
    },
  };
};
