/** States what the replacement of a node must offer: a clone of the group's template, or a node of the Spot node group; in the zone of the old one. */
import { SpotOptimizerError } from "../../errors.ts";
import type { FactsOn, MarketedFacts } from "../../model/evaluation.ts";
import { isOnDemand, type GroupFacts, type GroupMember } from "../../model/group.ts";
import type { KubernetesFacts } from "../../model/kubernetes/facts.ts";
import { membersInScope, scopeOfFacts } from "./candidate-nodes.ts";
import { fleetOfGroup } from "../offers/group-fleet.ts";
import { launchedTypeOf, needOfGroup } from "../offers/group-need.ts";
import type { Whereabouts } from "../offers/judge.ts";
import type { Need } from "../offers/need.ts";

/** @throws BrokenFacts when Auto Scaling did not show it: such an evaluation was refused, and goes no further */
const groupIn = ({ group }: Pick<KubernetesFacts, "group">): GroupFacts => {
  if (group !== undefined) return group;
  throw new SpotOptimizerError("BrokenFacts", "The facts do not hold the group behind the nodes.");
};

/** One node leaves at a time. */
const oneAtATime = { batchSize: 1 } as const;

/** As nodes tell it: `amd64`, `arm64`. Spelled as EC2 does. */
const architectureOf = (facts: KubernetesFacts): string => {
  const ids = membersInScope(facts, scopeOfFacts(facts)).map(({ instanceId }) => instanceId);
  const node = facts.view?.nodes.find(
    ({ instanceId }) => instanceId !== undefined && ids.includes(instanceId),
  );
  return node?.labels["kubernetes.io/arch"] === "arm64" ? "arm64" : "x86_64";
};

/** Source: Amazon EKS API reference, amiType: WINDOWS_CORE_2022_x86_64, AL2023_ARM_64_STANDARD … */
const isWindows = (amiType: string): boolean => amiType.startsWith("WINDOWS");

/** Of a managed node group, whose template EKS writes and hides. */
const needOfManaged = (facts: KubernetesFacts, group: GroupFacts): Need => {
  const { spotNodeGroup, spotGroup } = facts;
  const subnetIds = spotNodeGroup?.subnetIds ?? group.subnetIds;
  const stands = spotGroup ?? group;
  return {
    instanceType: typesOf(facts)[0] ?? "",
    architecture: architectureOf(facts),
    interfaces: 1,
    addressesPerInterface: 1,
    ipv6PerInterface: 0,
    volumes: 1,
    needsTpm: false,
    lacksEna: false,
    vpcId: group.vpcId,
    subnetId: subnetIds[0] ?? "",
    subnetIds,
    pins: [],
    reaches: [],
    fleet: fleetOfGroup(stands, { policy: oneAtATime }),
    standing: { kind: "ON_DEMAND" },
  };
};

/** Of On-Demand members that are asked for, the most frequent first. */
const typesOf = (facts: KubernetesFacts): readonly string[] => {
  const members = membersInScope(facts, scopeOfFacts(facts)).filter(isOnDemand);
  return [...Map.groupBy(members, ({ instanceType }) => instanceType)]
    .toSorted(([one, some], [other, more]) => more.length - some.length || (one < other ? -1 : 1))
    .map(([type]) => type);
};

/** @throws BrokenFacts for a group that the gate refuses */
const needOfNodes = (facts: KubernetesFacts): Need => {
  const group = groupIn(facts);
  return facts.nodeGroup === undefined
    ? needOfGroup(group, oneAtATime)
    : needOfManaged(facts, group);
};

/** Its replacement has its pods' volumes beside it, and leaves the zones of the group as they are. */
export const needOfNode = (facts: KubernetesFacts, member: GroupMember): Need => {
  const need = needOfNodes(facts);
  return {
    ...need,
    instanceType: member.instanceType,
    subnetId: member.instance?.subnetId ?? need.subnetId,
    pins: [{ zoneId: member.zoneId, because: `node ${member.instanceId} is` }],
  };
};

/** For the steps that judge piece by piece: of the nodes as a whole. */
export const needOfKubernetesFacts = (facts: MarketedFacts<"KUBERNETES">): Need =>
  needOfNodes(facts);

/** @throws BrokenFacts, see `groupIn` */
export const whereaboutsOfNodes = (facts: FactsOn<"KUBERNETES">): Whereabouts => {
  const group = groupIn(facts);
  const [first = "", ...others] = typesOf(facts);
  const { nodeGroup } = facts;
  const launched =
    nodeGroup === undefined
      ? launchedTypeOf(group)
      : {
          instanceType: first,
          platformDetails: isWindows(nodeGroup.amiType) ? "Windows" : "Linux/UNIX",
        };
  const otherTypes = [first, ...others].filter((type) => type !== launched.instanceType).sort();
  return {
    product: launched.platformDetails,
    vpcId: group.vpcId,
    instanceType: launched.instanceType,
    ...(otherTypes.length === 0 ? {} : { otherTypes }),
  };
};
