/**
 * No address or interface is taken from a healthy instance for one that does not run: nobody would serve there. Of a stateless
 * load it is taken for one that has passed its checks and that the load balancers of the other find healthy too.
 */
import type { InstanceSummary } from "../../cloud/ec2/control-reads.ts";
import type { FaultCall } from "../../cloud/faults.ts";
import type { Subject } from "../contract.ts";
import type { BeforeCall, Promised } from "./promise.ts";

interface Taking {
  readonly what: string;
  readonly from: InstanceSummary | undefined;
  readonly to: InstanceSummary | undefined;
}

/** What the call takes, from whom, and for whom; a detached interface is for whoever is left. */
const takenBy = (
  { operation, input }: FaultCall,
  { instances, subject }: BeforeCall,
): readonly Taking[] => {
  const given = input as Readonly<Record<string, string | undefined>>;
  const ofInterface = (id: string | undefined): InstanceSummary | undefined =>
    instances.find(({ networkInterfaceIds }) => networkInterfaceIds.some((each) => each === id));
  const to = ofInterface(given["NetworkInterfaceId"]);
  if (operation === "AssociateAddress") {
    const what = given["AllocationId"] ?? "";
    return [{ what, to, from: instances.find((each) => each.allocationIds.includes(what)) }];
  }
  if (operation === "AssignPrivateIpAddresses") {
    const { PrivateIpAddresses: ips = [] } = input as { PrivateIpAddresses?: readonly string[] };
    return ips.map((what) => ({
      what,
      to,
      from: instances.find((each) => each.privateIps.includes(what)),
    }));
  }
  if (operation !== "DeregisterTargets") return [];
  const { Targets: targets = [] } = input as { readonly Targets?: readonly { Id?: string }[] };
  return targets.map(({ Id: what = "" }) => {
    const from = instances.find(({ instanceId }) => instanceId === what);
    const others = instances.filter(
      ({ instanceId, tags }) =>
        instanceId !== what &&
        (instanceId === subject.originalId || tags["ManagedBy"] !== undefined),
    );
    return { what, from, to: others.find(({ state }) => state === "running") ?? others[0] };
  });
};

/**
 * An Elastic IP comes last, and nothing comes back to an original before it: so load balancers can be asked. Private addresses
 * reach a replacement before it is registered.
 */
const isAfterGroups = ({ operation }: FaultCall, to: InstanceSummary, subject: Subject): boolean =>
  operation === "AssociateAddress" || to.instanceId === subject.originalId;

/** A stateless load is never down: whoever takes over is proved, by EC2's checks and by the load balancers'. */
const isReady = (call: FaultCall, { from, to }: Taking, world: BeforeCall): boolean => {
  if (to?.state !== "running") return false;
  const { subject, isProved, healthyIn, wasFit } = world;
  if (!subject.isStateless) return true;
  // It failed while the step moved the parts, which had looked at it before.
  if (to.instanceId !== subject.originalId && wasFit(to.instanceId)) return true;
  if (!isProved(to.instanceId)) return false;
  const ready = healthyIn(to.instanceId);
  const groups = isAfterGroups(call, to, subject) ? healthyIn(from?.instanceId ?? "") : [];
  return groups.every((arn) => ready.includes(arn));
};

export const trafficGoesToRunning: Promised = {
  ofCall: (call, world) => {
    const dark = takenBy(call, world).find(
      (taking) =>
        taking.from !== undefined &&
        taking.from.instanceId !== taking.to?.instanceId &&
        world.isServing(taking.from.instanceId) &&
        !isReady(call, taking, world),
    );
    return dark === undefined
      ? undefined
      : `${dark.what} was taken from ${dark.from?.instanceId ?? ""}, which serves, for ${dark.to?.instanceId ?? "nobody"}, which is ${dark.to?.state ?? "absent"} and not ready`;
  },
};
