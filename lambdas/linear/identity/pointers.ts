/** Says where what points to an instance points to now, and which call turns it: private and Elastic IPs, target groups. */
import {
  findInterfacesHolding,
  type AddressReading,
  type InterfaceReading,
} from "../../../adapters/aws/ec2/network.ts";
import { readTargetHealth, standingIn, standingOf } from "../../../adapters/aws/elb.ts";
import { orAbsent } from "../../../adapters/aws/or-absent.ts";
import { withLoadBalancers } from "../../../adapters/aws/load-balancers.ts";
import { judgeStandIn } from "../../../core/decide/switch/traffic.ts";
import { SpotOptimizerError } from "../../../core/errors.ts";
import type { ChangeOf } from "../../../core/model/intent.ts";
import { isMember } from "../../../core/model/target-group.ts";
import { replacementOf, type LinearSession, type LinearClients } from "../session.ts";
import { elsewhere, inPlace, waiting, type NextMove } from "./part.ts";

const cutOff = (sentence: string, resource: string): SpotOptimizerError =>
  new SpotOptimizerError("StaleOriginal", sentence, {
    resource,
    nextStep: "Evaluate again when the load balancer is as it shall be.",
  });

/** Throws StaleOriginal when a third interface holds one of the addresses: AssignPrivateIpAddresses would take it. */
const refuseStrangers = async (
  { ec2 }: LinearClients,
  wanted: { readonly subnetId: string; readonly privateIps: readonly string[] },
  ours: readonly string[],
): Promise<void> => {
  for (const holder of await findInterfacesHolding(ec2, wanted)) {
    if (ours.includes(holder.networkInterfaceId)) continue;
    const held = wanted.privateIps.filter((ip) => holder.privateIps.includes(ip));
    throw elsewhere(held.join(", "), holder.networkInterfaceId);
  }
};

export const nextForPrivateIps = async (
  clients: LinearClients,
  { privateIps, fromInterfaceId, toInterfaceId }: ChangeOf<"MOVE_PRIVATE_IPS">,
  interfaces: readonly InterfaceReading[],
): Promise<NextMove> => {
  const [from, to] = [fromInterfaceId, toInterfaceId].map((id) =>
    interfaces.find((found) => found.networkInterfaceId === id),
  );
  if (to === undefined) return waiting(`${toInterfaceId} is not visible.`);
  const missing = privateIps.filter((ip) => !to.privateIps.includes(ip));
  if (missing.length === 0) {
    const stillThere = privateIps.some((ip) => from?.privateIps.includes(ip) === true);
    return stillThere
      ? waiting(`${fromInterfaceId} still shows ${privateIps.join(", ")}.`, "halfway")
      : inPlace;
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
export const nextForTargetGroup = async (
  session: LinearSession<"ec2" | "elb">,
  { targetGroupArn: arn, port, fromInstanceId, toInstanceId }: ChangeOf<"MOVE_TARGET_GROUP">,
): Promise<NextMove> => {
  const clients = await session.customer();
  const wanted = { arn, instanceId: toInstanceId, port };
  const health = await orAbsent(() => readTargetHealth(clients.elb, wanted));
  // One that its owner has deleted sends traffic to nobody.
  if (health === undefined) return inPlace;
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
    return waiting(`${toInstanceId} is ${health.state}${reason} in ${arn}.`);
  }
  if (!isMember(original)) return inPlace;
  return {
    kind: "CALL",
    resource: arn,
    call: { action: "DeregisterTargets", arn, instanceId: fromInstanceId, port },
    isHalfway: true,
  };
};

/** @param lent interfaces of the load's own original, to which an earlier recovery had given it without success */
export const nextForAddress = (
  change: ChangeOf<"MOVE_ADDRESS">,
  addresses: readonly AddressReading[],
  lent: ReadonlySet<string>,
): NextMove => {
  const { allocationId, fromInterfaceId, toInterfaceId, toPrivateIp } = change;
  const address = addresses.find((found) => found.allocationId === allocationId);
  if (address === undefined) throw elsewhere(allocationId, "nobody (it was released)");
  const at = address.networkInterfaceId;
  if (at === toInterfaceId && address.privateIp === toPrivateIp) return inPlace;
  const isTheirs = at !== fromInterfaceId && at !== toInterfaceId;
  if (at !== undefined && isTheirs && !lent.has(at)) throw elsewhere(allocationId, at);
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
