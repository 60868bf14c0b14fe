/**
 * Makes the calls that bring one part of the identity to the replacement. What is attached there is not deleted with
 * the replacement, whatever held at the original: a Spot interruption must not take the data.
 */
import {
  assignPrivateIps,
  associateAddress,
  attachInterface,
  detachInterface,
} from "../../../adapters/aws/ec2/network.ts";
import { attachVolume, detachVolume } from "../../../adapters/aws/ec2/volumes.ts";
import { deregisterTarget, registerTarget } from "../../../adapters/aws/elb.ts";
import type { IdentityMove } from "../../../core/decide/linear/identity-plan.ts";
import { carriesTraffic } from "../../../core/decide/linear/served.ts";
import type { IntentChange } from "../../../core/model/intent.ts";
import { perform, type Acted } from "../../evaluation/perform.ts";
import type { LinearSession } from "../session.ts";
import type { CustomerClients } from "../../runtime/context.ts";
import { nextMove, type IdentityCall } from "./next-move.ts";

const makeCall = ({ ec2, elb }: CustomerClients, call: IdentityCall): Promise<Acted> => {
  switch (call.action) {
    case "DetachVolume":
      return detachVolume(ec2, call);
    case "AttachVolume":
      return attachVolume(ec2, call);
    case "DetachNetworkInterface":
      return detachInterface(ec2, call);
    case "AttachNetworkInterface":
      return attachInterface(ec2, call);
    case "AssignPrivateIpAddresses":
      return assignPrivateIps(ec2, call);
    case "RegisterTargets":
      return registerTarget(elb, call);
    case "DeregisterTargets":
      return deregisterTarget(elb, call);
    case "AssociateAddress":
      return associateAddress(ec2, call);
  }
};

/** What EC2 needs seconds for: looking at once would only show that it is under way. */
const slow: ReadonlySet<IdentityCall["action"]> = new Set([
  "DetachVolume",
  "AttachVolume",
  "DetachNetworkInterface",
  "AttachNetworkInterface",
]);

/** These bring clients to the replacement. */
const reaching: ReadonlySet<IdentityCall["action"]> = new Set([
  "AttachNetworkInterface",
  "AssignPrivateIpAddresses",
  "RegisterTargets",
  "AssociateAddress",
]);

const noteReached = (change: IntentChange, reachedAt: string): IntentChange =>
  carriesTraffic(change) ? { reachedAt, ...change } : change;

/** At most this many calls for one part: detach (or register), attach (or deregister), and one to spare. */
const maxCallsPerMove = 3;

/**
 * Brings one part to the replacement; a sentence when something must be waited for. `beforeCall` is asked before
 * each call, and throws when the world does not allow it.
 */
export const carryOut = async (
  session: LinearSession<"ec2" | "elb">,
  move: IdentityMove,
  beforeCall: () => Promise<void>,
): Promise<string | undefined> => {
  for (let calls = 0; calls < maxCallsPerMove; calls += 1) {
    const next = await nextMove(session, move);
    if (next.kind === "IN_PLACE") return undefined;
    if (next.kind === "WAIT") return next.sentence;
    await beforeCall();
    const { call, resource } = next;
    const clients = await session.customer();
    const calledAt = session.context.now().toISOString();
    await perform(session, {
      intent: { id: move.id, change: move.change },
      action: call.action,
      resource,
      call: () => makeCall(clients, call),
      acted: (_result, change) =>
        reaching.has(call.action) ? noteReached(change, calledAt) : change,
    });
    if (slow.has(call.action)) return `${call.action} of ${resource} is under way.`;
  }
  return `${move.id} is not settled yet.`;
};
