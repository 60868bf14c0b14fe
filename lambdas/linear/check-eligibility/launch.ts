/** Finds out whether a clone can be launched at all, before anything is touched: resolves what it refers to, and makes one dry run. */
import type { FirstReading } from "../../../adapters/aws/ec2/instances.ts";
import { dryRunSpotLaunch, type DryRunRefusal } from "../../../adapters/aws/ec2/launch.ts";
import { keyPairExists, readPlacementGroup } from "../../../adapters/aws/ec2/references.ts";
import { SpotOptimizerError } from "../../../core/errors.ts";
import { kindOf } from "../../../core/model/evaluation-kind.ts";
import type { LinearFacts } from "../../../core/model/evaluation.ts";
import type { InstanceFacts } from "../../../core/model/instance.ts";
import type { LaunchFacts } from "../../../core/model/launch-check.ts";
import type { SnapshotRoom } from "../../../core/model/snapshot-room.ts";
import { ebsPlaceOf } from "../../evaluation/ebs-standing.ts";
import { ourTags } from "../../evaluation/our-tags.ts";
import { findSnapshotRoom } from "../../evaluation/snapshot-room.ts";
import type { LinearSession } from "../session.ts";
import { gatherKeys } from "./keys.ts";

type CheckSession = LinearSession<"ec2" | "kms" | "serviceQuotas">;

/** An original that may be switched as far as is known, as EC2 showed it a moment ago. */
export interface LaunchSource extends Pick<FirstReading, "parts" | "image"> {
  readonly instance: InstanceFacts;
  readonly originalType: LinearFacts["originalType"];
}

/** A role that may only read is enough for shadow mode: that it may not launch is then no finding. */
const refusalOf = async (
  { evaluation, customer }: CheckSession,
  { instance, parts, image, originalType }: LaunchSource,
): Promise<DryRunRefusal | undefined> => {
  // Without the image there is nothing to ask with.
  if (!instance.imageExists || image === undefined) return undefined;
  const { ec2 } = await customer();
  try {
    return await dryRunSpotLaunch(ec2, {
      parts,
      image,
      subnetId: instance.subnetId,
      defaultCpu: originalType?.defaultCpu,
      tags: ourTags(evaluation),
      ...(kindOf(evaluation) === "SWITCH" ? {} : { purchase: "ON_DEMAND" as const }),
    });
  } catch (error) {
    const isDenied = error instanceof SpotOptimizerError && error.name === "BrokenPermission";
    if (isDenied && evaluation.isShadowMode) return undefined;
    throw error;
  }
};

/** Undefined: there is room, or the switch makes none. */
const gatherSnapshotRoom = async (session: CheckSession): Promise<SnapshotRoom | undefined> =>
  session.evaluation.policy.consistency === "stateless"
    ? undefined
    : findSnapshotRoom(await session.customer(), await ebsPlaceOf(session));

export const gatherLaunch = async (
  session: CheckSession,
  source: LaunchSource,
): Promise<{ readonly instance: InstanceFacts; readonly launch: LaunchFacts }> => {
  const { ec2 } = await session.customer();
  const { keyName, placementGroup } = source.instance;
  const group =
    placementGroup === undefined ? undefined : await readPlacementGroup(ec2, placementGroup);
  const hasKeyPair = keyName === undefined ? undefined : await keyPairExists(ec2, keyName);
  const keys = await gatherKeys(session, source);
  const snapshots = await gatherSnapshotRoom(session);
  const refusal = await refusalOf(session, source);
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
