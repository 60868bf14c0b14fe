/**
 * Says where one part of the identity is, and which call brings it nearer to the replacement. Reads only; carry-out.ts
 * makes the call. Level-triggered: every invocation looks at the world and not at what an earlier one believed.
 */
import {
  findInterfacesHolding,
  readAddresses,
  readInterfaces,
} from "../../../adapters/aws/ec2/network.ts";
import { readVolumes } from "../../../adapters/aws/ec2/volumes.ts";
import { withLoadBalancers } from "../../../adapters/aws/load-balancers.ts";
import { readTargetHealth, standingIn, standingOf } from "../../../adapters/aws/elb.ts";
import { judgeStandIn } from "../../../core/decide/switch/traffic.ts";
import type { IdentityMove } from "../../../core/decide/linear/identity-plan.ts";
import { SpotOptimizerError } from "../../../core/errors.ts";
import type { ChangeOf } from "../../../core/model/intent.ts";
import { isMember } from "../../../core/model/target-group.ts";
import type { CustomerClients } from "../../runtime/context.ts";
import { replacementOf, type LinearSession } from "../session.ts";

/** One call of EC2's or the load balancer's, with all that it needs. */
export type IdentityCall = Readonly<
  | { action: "DetachVolume"; volumeId: string; instanceId: string }
  | { action: "AttachVolume"; volumeId: string; instanceId: string; deviceName: string }
  | { action: "DetachNetworkInterface"; attachmentId: string }
  | {
      action: "AttachNetworkInterface";
      networkInterfaceId: string;
      instanceId: string;
      deviceIndex: number;
    }
  | { action: "AssignPrivateIpAddresses"; interfaceId: string; privateIps: readonly string[] }
  | { action: "RegisterTargets"; arn: string; instanceId: string; port: number }
  | { action: "DeregisterTargets"; arn: string; instanceId: string; port: number }
  | { action: "AssociateAddress"; allocationId: string; interfaceId: string; privateIp: string }
>;

/** What comes next for one part. */
export type NextMove =
  | { readonly kind: "IN_PLACE" }
  /** One of our calls is under way. */
  | { readonly kind: "WAIT"; readonly sentence: string }
  | { readonly kind: "CALL"; readonly resource: string; readonly call: IdentityCall };

const elsewhere = (what: string, where: string): SpotOptimizerError =>
  new SpotOptimizerError("StaleOriginal", `${what} is now at ${where}: somebody else moved it.`, {
    resource: what,
    nextStep: "Settle who owns it, then evaluate again.",
  });

const cutOff = (sentence: string, resource: string): SpotOptimizerError =>
  new SpotOptimizerError("StaleOriginal", sentence, {
    resource,
    nextStep: "Evaluate again when the load balancer is as it shall be.",
  });

/** Where a part that can be attached is now. MOVING: between attached and detached. */
export type Place = "AT_ORIGINAL" | "MOVING" | "DETACHED" | "AT_REPLACEMENT";

/** Throws StaleOriginal when it is attached to a third instance. */
export const placeOf = (
  what: string,
  found: { readonly attachedTo?: string; readonly attachmentState?: string },
  { fromInstanceId, toInstanceId }: { fromInstanceId: string; toInstanceId: string },
): Place => {
  const { attachedTo, attachmentState } = found;
  if (attachedTo === undefined) return "DETACHED";
  if (attachedTo !== fromInstanceId && attachedTo !== toInstanceId) {
    throw elsewhere(what, attachedTo);
  }
  if (attachmentState !== "attached") return "MOVING";
  return attachedTo === toInstanceId ? "AT_REPLACEMENT" : "AT_ORIGINAL";
};

const nextForVolume = async (
  { ec2 }: CustomerClients,
  change: ChangeOf<"MOVE_VOLUME">,
): Promise<NextMove> => {
  const { volumeId, fromInstanceId, toInstanceId, deviceName } = change;
  const [volume] = await readVolumes(ec2, [volumeId]);
  if (volume === undefined) return { kind: "WAIT", sentence: `${volumeId} is not visible.` };
  const resource = volumeId;
  switch (placeOf(volumeId, volume, change)) {
    case "AT_REPLACEMENT":
      return { kind: "IN_PLACE" };
    case "AT_ORIGINAL":
      return {
        kind: "CALL",
        resource,
        call: { action: "DetachVolume", volumeId, instanceId: fromInstanceId },
      };
    case "MOVING":
      return { kind: "WAIT", sentence: `${volumeId} is ${volume.attachmentState ?? "moving"}.` };
    case "DETACHED":
      return volume.state === "available"
        ? {
            kind: "CALL",
            resource,
            call: { action: "AttachVolume", volumeId, instanceId: toInstanceId, deviceName },
          }
        : { kind: "WAIT", sentence: `${volumeId} is ${volume.state}.` };
  }
};

const nextForInterface = async (
  { ec2 }: CustomerClients,
  change: ChangeOf<"MOVE_INTERFACE">,
): Promise<NextMove> => {
  const { networkInterfaceId, toInstanceId, deviceIndex } = change;
  const [found] = await readInterfaces(ec2, [networkInterfaceId]);
  const resource = networkInterfaceId;
  if (found === undefined) return { kind: "WAIT", sentence: `${resource} is not visible.` };
  const place = placeOf(resource, found, change);
  const { attachmentId } = found;
  if (place === "DETACHED") {
    return {
      kind: "CALL",
      resource,
      call: {
        action: "AttachNetworkInterface",
        networkInterfaceId,
        instanceId: toInstanceId,
        deviceIndex,
      },
    };
  }
  if (place === "MOVING" || attachmentId === undefined) {
    return { kind: "WAIT", sentence: `${resource} is ${found.attachmentState ?? "moving"}.` };
  }
  if (place === "AT_ORIGINAL") {
    return {
      kind: "CALL",
      resource,
      call: { action: "DetachNetworkInterface", attachmentId },
    };
  }
  return { kind: "IN_PLACE" };
};

/** Throws StaleOriginal when a third interface holds one of the addresses: AssignPrivateIpAddresses would take it. */
const refuseStrangers = async (
  { ec2 }: CustomerClients,
  wanted: { readonly subnetId: string; readonly privateIps: readonly string[] },
  ours: readonly string[],
): Promise<void> => {
  for (const holder of await findInterfacesHolding(ec2, wanted)) {
    if (ours.includes(holder.networkInterfaceId)) continue;
    const held = wanted.privateIps.filter((ip) => holder.privateIps.includes(ip));
    throw elsewhere(held.join(", "), holder.networkInterfaceId);
  }
};

const nextForPrivateIps = async (
  clients: CustomerClients,
  { privateIps, fromInterfaceId, toInterfaceId }: ChangeOf<"MOVE_PRIVATE_IPS">,
): Promise<NextMove> => {
  const { ec2 } = clients;
  const [[from], [to]] = await Promise.all([
    readInterfaces(ec2, [fromInterfaceId]),
    readInterfaces(ec2, [toInterfaceId]),
  ]);
  if (to === undefined) return { kind: "WAIT", sentence: `${toInterfaceId} is not visible.` };
  const missing = privateIps.filter((ip) => !to.privateIps.includes(ip));
  if (missing.length === 0) {
    const stillThere = privateIps.some((ip) => from?.privateIps.includes(ip) === true);
    return stillThere
      ? { kind: "WAIT", sentence: `${fromInterfaceId} still shows ${privateIps.join(", ")}.` }
      : { kind: "IN_PLACE" };
  }
  const { subnetId } = to;
  await refuseStrangers(clients, { subnetId, privateIps: missing }, [
    fromInterfaceId,
    toInterfaceId,
  ]);
  return {
    kind: "CALL",
    resource: toInterfaceId,
    call: {
      action: "AssignPrivateIpAddresses",
      interfaceId: toInterfaceId,
      privateIps: missing,
    },
  };
};

/**
 * Register, wait until the load balancer finds it healthy, and only then take the original out. It may still drain then:
 * the rest of the identity moves meanwhile, and "Retire original" waits for it.
 */
const nextForTargetGroup = async (
  session: LinearSession<"ec2" | "elb">,
  { targetGroupArn: arn, port, fromInstanceId, toInstanceId }: ChangeOf<"MOVE_TARGET_GROUP">,
): Promise<NextMove> => {
  const clients = await session.customer();
  const health = await readTargetHealth(clients.elb, { arn, instanceId: toInstanceId, port });
  const replacement = standingOf(health);
  if (!isMember(replacement)) {
    return {
      kind: "CALL",
      resource: arn,
      call: { action: "RegisterTargets", arn, instanceId: toInstanceId, port },
    };
  }
  const original = await standingIn(clients.elb, { arn, instanceId: fromInstanceId, port });
  const [group] =
    replacement === "unrouted" ? await withLoadBalancers(clients, [{ arn, port }]) : [];
  const { zoneId } = replacementOf(session).pool;
  const judged = judgeStandIn({ replacement, original, zoneId, group });
  if (judged.kind === "CUT_OFF") throw cutOff(judged.sentence, toInstanceId);
  if (judged.kind === "WAITING") {
    const reason = health.reason === undefined ? "" : ` (${health.reason})`;
    return { kind: "WAIT", sentence: `${toInstanceId} is ${health.state}${reason} in ${arn}.` };
  }
  if (!isMember(original)) return { kind: "IN_PLACE" };
  return {
    kind: "CALL",
    resource: arn,
    call: { action: "DeregisterTargets", arn, instanceId: fromInstanceId, port },
  };
};

const nextForAddress = async (
  { ec2 }: CustomerClients,
  change: ChangeOf<"MOVE_ADDRESS">,
): Promise<NextMove> => {
  const { allocationId, fromInterfaceId, toInterfaceId, toPrivateIp } = change;
  const [address] = await readAddresses(ec2, [allocationId]);
  if (address === undefined) throw elsewhere(allocationId, "nobody (it was released)");
  const at = address.networkInterfaceId;
  if (at === toInterfaceId && address.privateIp === toPrivateIp) return { kind: "IN_PLACE" };
  if (at !== undefined && at !== fromInterfaceId && at !== toInterfaceId) {
    throw elsewhere(allocationId, at);
  }
  return {
    kind: "CALL",
    resource: allocationId,
    call: {
      action: "AssociateAddress",
      allocationId,
      interfaceId: toInterfaceId,
      privateIp: toPrivateIp,
    },
  };
};

/** Throws StaleOriginal when somebody else took the part or cut the replacement off, and what the adapters throw. */
export const nextMove = async (
  session: LinearSession<"ec2" | "elb">,
  { change }: IdentityMove,
): Promise<NextMove> => {
  const clients = await session.customer();
  switch (change.kind) {
    case "MOVE_VOLUME":
      return nextForVolume(clients, change);
    case "MOVE_INTERFACE":
      return nextForInterface(clients, change);
    case "MOVE_PRIVATE_IPS":
      return nextForPrivateIps(clients, change);
    case "MOVE_TARGET_GROUP":
      return nextForTargetGroup(session, change);
    case "MOVE_ADDRESS":
      return nextForAddress(clients, change);
    default:
      throw new SpotOptimizerError("BrokenFacts", `${change.kind} is not a part of an identity.`);
  }
};
