/** Rules about traffic, addresses and interfaces: identity that AWS can't move must be given up by name. */
import type { InstanceFacts, NetworkInterfaceFacts } from "../../../model/instance.ts";
import { unservedIn } from "../../../model/target-group.ts";
import { limitName } from "../../../policy/limit-name.ts";
import { primaryAddress, primaryInterface } from "../travelling-parts.ts";
import { listed } from "../../switch/objection.ts";
import type { OriginalRule } from "./rule.ts";

const idsOf = (interfaces: readonly NetworkInterfaceFacts[]): string =>
  listed(interfaces.map((networkInterface) => networkInterface.networkInterfaceId));

const interfacesThat = (
  instance: InstanceFacts,
  predicate: (networkInterface: NetworkInterfaceFacts) => boolean,
): readonly NetworkInterfaceFacts[] => instance.networkInterfaces.filter(predicate);

const routesForNobody: OriginalRule = ({ instance }) => {
  const routing = interfacesThat(instance, (found) => !found.sourceDestCheck);
  if (routing.length === 0) return undefined;
  return {
    code: "ROUTER_OR_NAT",
    sentence: `Interface ${idsOf(routing)} of ${instance.instanceId} has no source/destination check, as a router or NAT has: others lose their way while it moves.`,
  };
};

const isEfa = (networkInterface: NetworkInterfaceFacts): boolean =>
  networkInterface.interfaceType.startsWith("efa");

const hasNoEfa: OriginalRule = ({ instance }) => {
  const fabric = interfacesThat(instance, isEfa);
  if (fabric.length === 0) return undefined;
  return {
    code: "EFA_INTERFACE",
    sentence: `Interface ${idsOf(fabric)} of ${instance.instanceId} is an Elastic Fabric Adapter, which can't be moved to a running instance: use plain interfaces, or keep it On-Demand.`,
  };
};

/** Trunk, branch and the like belong to the service that made them. */
const hasOnlyPlainInterfaces: OriginalRule = ({ instance }) => {
  const special = interfacesThat(
    instance,
    (found) => found.interfaceType !== "interface" && !isEfa(found),
  );
  if (special.length === 0) return undefined;
  const types = listed([...new Set(special.map((found) => found.interfaceType))]);
  return {
    code: "INTERFACE_NOT_MOVABLE",
    sentence: `Interface ${idsOf(special)} of ${instance.instanceId} is of type ${types}, which only the service that made it may move: remove it, or keep the instance On-Demand.`,
  };
};

const usesOneNetworkCard: OriginalRule = ({ instance }) => {
  const further = interfacesThat(instance, (found) => found.networkCardIndex > 0);
  if (further.length === 0) return undefined;
  return {
    code: "MULTIPLE_NETWORK_CARDS",
    sentence: `Interface ${idsOf(further)} of ${instance.instanceId} is on a network card other than 0, which few types have: move it to card 0.`,
  };
};

const primaryPrivateIpMayChange: OriginalRule = ({ instance, policy }) => {
  const address = primaryAddress(instance);
  if (address === undefined || policy.acceptChangeOf.includes("primary-private-ip")) {
    return undefined;
  }
  return {
    code: "PRIMARY_PRIVATE_IP_WOULD_CHANGE",
    sentence: `The primary private address ${address.privateIp} of ${instance.instanceId} can't be moved; the replacement gets another. Add primary-private-ip to ${limitName("acceptChangeOf")} if nothing depends on it.`,
  };
};

/** An Elastic IP on the primary address takes the place of an assigned one, so that there is none to lose. */
const publicIpMayChange: OriginalRule = ({ instance, policy }) => {
  const { autoAssignedPublicIp } = instance;
  if (autoAssignedPublicIp === undefined || policy.acceptChangeOf.includes("public-ip")) {
    return undefined;
  }
  if (primaryAddress(instance)?.allocationId !== undefined) return undefined;
  return {
    code: "PUBLIC_IP_WOULD_CHANGE",
    sentence: `The public address ${autoAssignedPublicIp} of ${instance.instanceId} was assigned by its subnet and can't be moved: give it an Elastic IP, or add public-ip to ${limitName("acceptChangeOf")}.`,
  };
};

/** Those of secondary interfaces travel with them. */
const ipv6MayChange: OriginalRule = ({ instance, policy }) => {
  const primary = primaryInterface(instance);
  if (primary === undefined || primary.ipv6Count === 0) return undefined;
  if (policy.acceptChangeOf.includes("ipv6")) return undefined;
  return {
    code: "IPV6_WOULD_CHANGE",
    sentence: `The primary interface ${primary.networkInterfaceId} of ${instance.instanceId} has ${String(primary.ipv6Count)} IPv6 address(es), which the replacement would not keep: add ipv6 to ${limitName("acceptChangeOf")} if nothing depends on them.`,
  };
};

/**
 * It gets no traffic where it stands, so nothing proves that a replacement is as well; in a served zone the replacement
 * would begin to get some, which is its owner's decision.
 */
const isServedByItsLoadBalancers: OriginalRule = ({ instance }) => {
  const unserved = unservedIn(instance.targetGroups, instance.zoneId);
  if (unserved === undefined) return undefined;
  const { group, loadBalancer } = unserved;
  const served = loadBalancer.zoneIds.join(", ") || "no zone";
  return {
    code: "ZONE_WITHOUT_LOAD_BALANCER",
    sentence: `${instance.instanceId} is in target group ${group.arn}, whose load balancer ${loadBalancer.arn} serves ${served} and sends nothing to ${instance.zoneId} (${instance.zoneName}): enable that zone for the load balancer, or take the instance out of the group.`,
  };
};

/** They know no target groups, and a switch does not move what they have: the replacement would get no traffic. */
const isInNoClassicLoadBalancer: OriginalRule = ({ instance }) => {
  const { classicLoadBalancers = [] } = instance;
  return classicLoadBalancers.length === 0
    ? undefined
    : {
        code: "IN_CLASSIC_LOAD_BALANCER",
        sentence: `Instance ${instance.instanceId} is in classic load balancer ${listed(classicLoadBalancers)}, which a switch does not move: migrate it to an Application or Network Load Balancer, or take the instance out (aws elb deregister-instances-from-load-balancer).`,
      };
};

export const networkRules: readonly OriginalRule[] = [
  routesForNobody,
  isServedByItsLoadBalancers,
  isInNoClassicLoadBalancer,
  usesOneNetworkCard,
  hasNoEfa,
  hasOnlyPlainInterfaces,
  primaryPrivateIpMayChange,
  publicIpMayChange,
  ipv6MayChange,
];
