/**
 * One piece of identity at a time: is it at the replacement, and if not, the next call that brings it there.
 * Level-triggered: every invocation looks at the world and not at what an earlier one believed. What is attached to
 * the replacement is not deleted with it, whatever held at the original: a Spot interruption must not take the data.
 */
import {
  deregisterTarget,
  readTargetHealth,
  registerTarget,
  type TargetHealthReading,
} from "../../../adapters/aws/elb.ts";
import {
  assignPrivateIps,
  associateAddress,
  attachInterface,
  detachInterface,
  findInterfacesHolding,
  readAddresses,
  readInterfaces,
} from "../../../adapters/aws/ec2/network.ts";
import { attachVolume, detachVolume, readVolumes } from "../../../adapters/aws/ec2/volumes.ts";
import type { IdentityMove } from "../../../core/decide/linear/identity-plan.ts";
import { SpotOptimizerError } from "../../../core/errors.ts";
import type { ChangeOf } from "../../../core/model/intent.ts";
import type { CustomerClients } from "../../runtime/context.ts";
import { perform, type Acted } from "../../evaluation/perform.ts";
import type { EvaluationSession } from "../../evaluation/session.ts";

/** What is to be done next for one move. */
export type NextMove =
  | { readonly kind: "IN_PLACE" }
  /** A call of ours is under way. */
  | { readonly kind: "WAIT"; readonly sentence: string }
  | {
      readonly kind: "CALL";
      readonly action: string;
      readonly resource: string;
      readonly call: () => Promise<Acted>;
    };

const elsewhere = (what: string, where: string): SpotOptimizerError =>
  new SpotOptimizerError("StaleOriginal", `${what} is now at ${where}: somebody else moved it.`, {
    resource: what,
    nextStep: "Settle who owns it, then evaluate again.",
  });

/** Where a thing that can be attached is now. */
type Place = "THERE" | "HERE" | "NOWHERE" | "UNDER_WAY";

/** Throws StaleOriginal when it hangs on an instance of somebody else's. */
const placeOf = (
  what: string,
  found: { readonly attachedTo?: string; readonly attachmentState?: string },
  { fromInstanceId, toInstanceId }: { fromInstanceId: string; toInstanceId: string },
): Place => {
  const { attachedTo, attachmentState } = found;
  if (attachedTo === undefined) return "NOWHERE";
  if (attachedTo !== fromInstanceId && attachedTo !== toInstanceId) {
    throw elsewhere(what, attachedTo);
  }
  if (attachmentState !== "attached") return "UNDER_WAY";
  return attachedTo === toInstanceId ? "THERE" : "HERE";
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
    case "THERE":
      return { kind: "IN_PLACE" };
    case "HERE":
      return {
        kind: "CALL",
        action: "DetachVolume",
        resource,
        call: () => detachVolume(ec2, { volumeId, instanceId: fromInstanceId }),
      };
    case "UNDER_WAY":
      return { kind: "WAIT", sentence: `${volumeId} is ${volume.attachmentState ?? "moving"}.` };
    case "NOWHERE":
      return volume.state === "available"
        ? {
            kind: "CALL",
            action: "AttachVolume",
            resource,
            call: () => attachVolume(ec2, { volumeId, instanceId: toInstanceId, deviceName }),
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
  if (place === "NOWHERE") {
    return {
      kind: "CALL",
      action: "AttachNetworkInterface",
      resource,
      call: () =>
        attachInterface(ec2, { networkInterfaceId, instanceId: toInstanceId, deviceIndex }),
    };
  }
  if (place === "UNDER_WAY" || attachmentId === undefined) {
    return { kind: "WAIT", sentence: `${resource} is ${found.attachmentState ?? "moving"}.` };
  }
  if (place === "HERE") {
    return {
      kind: "CALL",
      action: "DetachNetworkInterface",
      resource,
      call: () => detachInterface(ec2, { attachmentId }),
    };
  }
  return { kind: "IN_PLACE" };
};

/** Throws StaleOriginal when an interface of somebody else's holds one: AssignPrivateIpAddresses would take it. */
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
    action: "AssignPrivateIpAddresses",
    resource: toInterfaceId,
    call: () => assignPrivateIps(ec2, { interfaceId: toInterfaceId, privateIps: missing }),
  };
};

/** Not registered, or on its way out. */
const hasLeft = ({ state, reason }: TargetHealthReading): boolean =>
  reason === "Target.NotRegistered" || state.endsWith("draining");

/** Register, wait until the load balancer finds it healthy, and only then take the original out. */
const nextForTargetGroup = async (
  { elb }: CustomerClients,
  { targetGroupArn: arn, port, fromInstanceId, toInstanceId }: ChangeOf<"MOVE_TARGET_GROUP">,
): Promise<NextMove> => {
  const health = await readTargetHealth(elb, { arn, instanceId: toInstanceId, port });
  if (hasLeft(health)) {
    return {
      kind: "CALL",
      action: "RegisterTargets",
      resource: arn,
      call: () => registerTarget(elb, { arn, instanceId: toInstanceId, port }),
    };
  }
  // `unused`: no load balancer routes to this group, so there is no health to wait for.
  if (health.state !== "healthy" && health.state !== "unused") {
    return { kind: "WAIT", sentence: `${toInstanceId} is ${health.state} in ${arn}.` };
  }
  const original = await readTargetHealth(elb, { arn, instanceId: fromInstanceId, port });
  if (hasLeft(original)) return { kind: "IN_PLACE" };
  return {
    kind: "CALL",
    action: "DeregisterTargets",
    resource: arn,
    call: () => deregisterTarget(elb, { arn, instanceId: fromInstanceId, port }),
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
    action: "AssociateAddress",
    resource: allocationId,
    call: () =>
      associateAddress(ec2, {
        allocationId,
        interfaceId: toInterfaceId,
        privateIp: toPrivateIp,
      }),
  };
};

/** Throws StaleOriginal when somebody else took the thing; whatever the reading calls throw. */
export const nextMove = async (
  session: EvaluationSession,
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
      return nextForTargetGroup(clients, change);
    case "MOVE_ADDRESS":
      return nextForAddress(clients, change);
    default:
      throw new SpotOptimizerError("BrokenFacts", `${change.kind} is not a piece of identity.`);
  }
};

/** At most this many calls for one piece: detach (or register), attach (or deregister), and one to spare. */
const maxCallsPerMove = 3;

/**
 * Brings one piece to the replacement; a sentence when something must be waited for. `beforeCall` is asked before
 * each call, and throws when the world does not allow it.
 */
export const carryOut = async (
  session: EvaluationSession,
  move: IdentityMove,
  beforeCall: () => Promise<void>,
): Promise<string | undefined> => {
  for (let calls = 0; calls < maxCallsPerMove; calls += 1) {
    const next = await nextMove(session, move);
    if (next.kind === "IN_PLACE") return undefined;
    if (next.kind === "WAIT") return next.sentence;
    await beforeCall();
    await perform(session, {
      intent: { id: move.id, change: move.change },
      action: next.action,
      resource: next.resource,
      call: next.call,
    });
  }
  return `${move.id} is not settled yet.`;
};
