/** States the need of one instance: what it uses, where it may go, and what keeps it in its zone. */
import type { InstanceFacts } from "../../model/instance.ts";
import type { MarketedFacts } from "../../model/evaluation.ts";
import type { Pool, SubnetFacts } from "../../model/market.ts";
import type { Policy } from "../../policy/policy.ts";
import type { Need, Pin, Reach } from "../offers/need.ts";
import { borderGroupOf, likeSubnets } from "./like-subnets.ts";
import { originalIn } from "./original.ts";
import { judgeRootImage } from "./root-image.ts";
import { movesRootVolume, rootVolumeOf } from "./root-move.ts";
import {
  targetGroupsOf,
  travellingInterfaces,
  travellingPrivateIps,
  travellingVolumes,
} from "./travelling-parts.ts";

const pinByVolumes = (
  instance: InstanceFacts,
  policy: Pick<Policy, "consistency">,
): readonly Pin[] => {
  const volumes = travellingVolumes(instance, policy);
  if (volumes.length === 0) return [];
  const ids = volumes.map((volume) => volume.volumeId).join(", ");
  return [{ zoneId: instance.zoneId, because: `data volume ${ids} is` }];
};

const pinByRoot = (
  instance: InstanceFacts,
  policy: Pick<Policy, "consistency" | "rootTransfer">,
): readonly Pin[] => {
  const root = movesRootVolume(policy) ? rootVolumeOf(instance) : undefined;
  if (root === undefined) return [];
  return [{ zoneId: instance.zoneId, because: `root volume ${root.volumeId} is` }];
};

const pinByInterfaces = (instance: InstanceFacts): readonly Pin[] => {
  const interfaces = travellingInterfaces(instance).map((found) => found.networkInterfaceId);
  const parts = [
    ...(interfaces.length === 0 ? [] : [`secondary interface ${interfaces.join(", ")}`]),
    ...travellingPrivateIps(instance).map((address) => `secondary private address ${address}`),
  ];
  if (parts.length === 0) return [];
  return [{ zoneId: instance.zoneId, because: `${parts.join(" and ")} must stay` }];
};

/** A cluster group is in one zone. Source: EC2 user guide, "Placement strategies". */
const pinByGroup = ({ placementGroup, zoneId }: InstanceFacts): readonly Pin[] =>
  placementGroup?.strategy === "cluster"
    ? [{ zoneId, because: `cluster placement group ${placementGroup.name} is` }]
    : [];

const launchNeeds = ({
  cpuOptions,
  placementGroup,
  tpm,
  enaSupport,
}: InstanceFacts): Pick<Need, "cpuOptions" | "placementStrategy" | "needsTpm" | "lacksEna"> => ({
  ...(cpuOptions === undefined ? {} : { cpuOptions }),
  ...(placementGroup?.strategy === undefined ? {} : { placementStrategy: placementGroup.strategy }),
  needsTpm: tpm !== undefined,
  lacksEna: enaSupport === false,
});

const reachOfLoadBalancers = (instance: InstanceFacts): readonly Reach[] =>
  targetGroupsOf(instance).flatMap(({ arn: group, loadBalancers = [] }) =>
    loadBalancers.map(({ arn, zoneIds }) => ({
      zoneIds,
      who: `load balancer ${arn} of target group ${group}`,
    })),
  );

const borderOf = (
  instance: InstanceFacts,
  subnets: readonly SubnetFacts[],
): Pick<Need, "borderGroup"> => {
  const borderGroup = borderGroupOf(instance, subnets);
  return borderGroup === undefined ? {} : { borderGroup };
};

/** Whatever the policy says of a switch: the root volume of a Spot Instance with data goes over itself, for there is nothing left to image. */
const takingRoot = (
  policy: Pick<Policy, "consistency" | "rootTransfer">,
): Pick<Policy, "consistency" | "rootTransfer"> =>
  policy.consistency === "stateless"
    ? policy
    : { consistency: "stop-and-image", rootTransfer: "move-root-volume" };

/** EC2 gives the root volume itself to a host in its zone alone. Elsewhere an image carries it, where one can. */
const takingLostRoot = (
  instance: InstanceFacts,
  policy: Pick<Policy, "consistency" | "rootTransfer">,
): Pick<Policy, "consistency" | "rootTransfer"> =>
  judgeRootImage(instance).kind === "CARRIES"
    ? { ...policy, rootTransfer: "replace-root-volume" }
    : takingRoot(policy);

const poolOf = ({ region, zoneId, instanceType, platformDetails }: InstanceFacts): Pool => ({
  region,
  zoneId,
  instanceType,
  product: platformDetails,
});

/**
 * Of what the facts were gathered for. The way back, and a move, are held against the type that its owner had: what Spot had to offer may
 * have been larger.
 */
export const needOfFacts = (
  facts: MarketedFacts<"LINEAR">,
  policy: Pick<Policy, "consistency" | "rootTransfer">,
): Need => {
  const { kind, placedBy } = facts;
  const original = originalIn(facts);
  if (kind === "RECOVER") {
    const taking = takingLostRoot(original, policy);
    const need = needOfInstance(original, taking, facts.market.subnets);
    return { ...need, standing: { kind: "INTERRUPTED" } };
  }
  if (kind !== "FALL_BACK" && kind !== "MOVE") {
    return needOfInstance(original, policy, facts.market.subnets);
  }
  const need = needOfInstance(original, takingRoot(policy), facts.market.subnets);
  const instanceType = placedBy?.originalType ?? need.instanceType;
  return kind === "MOVE"
    ? { ...need, instanceType, standsIn: poolOf(original) }
    : { ...need, instanceType, purchase: "ON_DEMAND" };
};

/** @param subnets of the instance's VPC */
export const needOfInstance = (
  instance: InstanceFacts,
  policy: Pick<Policy, "consistency" | "rootTransfer">,
  subnets: readonly SubnetFacts[],
): Need => ({
  instanceType: instance.instanceType,
  architecture: instance.architecture,
  interfaces: instance.networkInterfaces.length,
  addressesPerInterface: Math.max(
    0,
    ...instance.networkInterfaces.map((found) => found.privateAddresses.length),
  ),
  ipv6PerInterface: Math.max(0, ...instance.networkInterfaces.map((found) => found.ipv6Count)),
  volumes: 1 + travellingVolumes(instance, policy).length,
  ...launchNeeds(instance),
  vpcId: instance.vpcId,
  subnetId: instance.subnetId,
  subnetIds: likeSubnets(instance, subnets).map(({ subnetId }) => subnetId),
  ...borderOf(instance, subnets),
  pins: [
    ...pinByVolumes(instance, policy),
    ...pinByRoot(instance, policy),
    ...pinByInterfaces(instance),
    ...pinByGroup(instance),
  ],
  reaches: reachOfLoadBalancers(instance),
  // Of a switch. The way back does not ask, and of a move its pool's offer says how it stands.
  standing: { kind: "ON_DEMAND" },
});
