/** No address or interface is taken from a healthy instance for one that does not run: nobody would serve there. */
import type { InstanceSummary } from "../../cloud/ec2/control-reads.ts";
import type { FaultCall } from "../../cloud/faults.ts";
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

/** A stateless load is never down: whoever takes over has passed its checks. */
const isReady = (to: InstanceSummary | undefined, { subject, isProved }: BeforeCall): boolean =>
  to?.state === "running" && (!subject.isStateless || isProved(to.instanceId));

export const trafficGoesToRunning: Promised = {
  ofCall: (call, world) => {
    const dark = takenBy(call, world).find(
      ({ from, to }) =>
        from !== undefined &&
        from.instanceId !== to?.instanceId &&
        world.isServing(from.instanceId) &&
        !isReady(to, world),
    );
    return dark === undefined
      ? undefined
      : `${dark.what} was taken from ${dark.from?.instanceId ?? ""}, which serves, for ${dark.to?.instanceId ?? "nobody"}, which is ${dark.to?.state ?? "absent"}`;
  },
};
