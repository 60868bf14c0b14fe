/** States what a clone of an Auto Scaling group's template must offer, in the group's own subnets: for members of groups and for nodes. */
import { SpotOptimizerError } from "../../errors.ts";
import type { GroupFacts } from "../../model/group.ts";
import type { GroupTemplate } from "../../model/group-template.ts";
import type { Policy } from "../../policy/policy.ts";
import { fleetOfGroup } from "./group-fleet.ts";
import type { Need, Reach } from "./need.ts";

interface LaunchedType {
  readonly template: GroupTemplate;
  readonly instanceType: string;
  readonly architecture: string;
  readonly platformDetails: string;
}

/** @throws BrokenFacts for a template that the gate refuses */
export const launchedTypeOf = ({ asgName, template }: GroupFacts): LaunchedType => {
  const { instanceType, architecture, platformDetails } = template ?? {};
  if (
    template === undefined ||
    instanceType === undefined ||
    architecture === undefined ||
    platformDetails === undefined
  ) {
    throw new SpotOptimizerError(
      "BrokenFacts",
      `The facts do not say what group ${asgName} launches.`,
      { resource: asgName },
    );
  }
  return { template, instanceType, architecture, platformDetails };
};

const reachesOf = ({ traffic }: GroupFacts): readonly Reach[] =>
  traffic.targetGroups.flatMap(({ arn: group, loadBalancers }) =>
    loadBalancers.map(({ arn, zoneIds }) => ({
      zoneIds,
      who: `load balancer ${arn} of target group ${group}`,
    })),
  );

/** Of any member: not bound to a zone. @throws BrokenFacts for a group whose template does not say what it launches */
export const needOfGroup = (group: GroupFacts, policy: Pick<Policy, "batchSize">): Need => {
  const { template, instanceType, architecture } = launchedTypeOf(group);
  const { cpuOptions, enaSupport } = template;
  const strategy = group.placementGroup?.strategy;
  return {
    instanceType,
    architecture,
    interfaces: template.interfaces,
    addressesPerInterface: 1,
    ipv6PerInterface: template.ipv6PerInterface,
    volumes: Math.max(1, template.deviceNames.length),
    ...(cpuOptions === undefined ? {} : { cpuOptions }),
    ...(strategy === undefined ? {} : { placementStrategy: strategy }),
    needsTpm: template.needsTpm,
    lacksEna: enaSupport === false,
    vpcId: group.vpcId,
    subnetId: group.subnetIds[0] ?? "",
    subnetIds: group.subnetIds,
    pins: [],
    reaches: reachesOf(group),
    fleet: fleetOfGroup(group, { policy }),
    standing: { kind: "ON_DEMAND" },
  };
};
