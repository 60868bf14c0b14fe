/**
 * Makes the calls that bring the parts of one stage to the replacement: all detached, all attached, so that many parts
 * take hardly longer than one. What is attached there is not deleted with the replacement, whatever held at the original: a
 * Spot interruption must not take the data.
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
import { alikeCallsAtOnce } from "../../../core/decide/linear/paces.ts";
import { perform, type Acted } from "../../evaluation/perform.ts";
import type { LinearSession, LinearClients } from "../session.ts";
import { nextMoves, type MoveStanding } from "./next-move.ts";
import type { IdentityCall, NextMove } from "./part.ts";
import type { IsThere } from "./there.ts";

const makeCall = ({ ec2, elb }: LinearClients, call: IdentityCall): Promise<Acted> => {
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

/** Who has it is another than an earlier call gave it to, where that one was lost. */
const givenTo = (stored: IntentChange, { change }: IdentityMove): IntentChange =>
  stored.kind === "MOVE_VOLUME" && change.kind === "MOVE_VOLUME"
    ? { ...stored, toInstanceId: change.toInstanceId }
    : stored;

const noteReached = (change: IntentChange, reachedAt: string): IntentChange =>
  carriesTraffic(change) ? { reachedAt, ...change } : change;

/** At most this many looks in one invocation: detach (or register), attach (or deregister), and one to spare. */
const maxLooks = 3;

/** How far a stage is. */
export interface StageStanding {
  /** What must be waited for; absent: every part is there. */
  readonly sentence?: string;
  /** Halves of the way that its parts have behind them: grows up to twice their number. */
  readonly halves: number;
}

interface Due extends MoveStanding {
  readonly next: NextMove & { readonly kind: "CALL" };
}

const isCall = (standing: MoveStanding): standing is Due => standing.next.kind === "CALL";

const halvesOf = ({ next }: MoveStanding): number => {
  if (next.kind === "IN_PLACE") return 2;
  return next.isHalfway === true ? 1 : 0;
};

/** With an interface clients reach the replacement: it is attached once the volumes are there. */
const isHeldBack = (standings: readonly MoveStanding[], { next: { call } }: Due): boolean =>
  call.action === "AttachNetworkInterface" &&
  standings.some(
    ({ move, next }) => move.change.kind === "MOVE_VOLUME" && next.kind !== "IN_PLACE",
  );

/** Those that are made at this look; the others' turn comes with the next. */
const callsIn = (standings: readonly MoveStanding[]): readonly Due[] => {
  const counts = new Map<string, number>();
  return standings.filter(isCall).filter((due) => {
    if (isHeldBack(standings, due)) return false;
    const { action } = due.next.call;
    const count = (counts.get(action) ?? 0) + 1;
    counts.set(action, count);
    return count <= alikeCallsAtOnce;
  });
};

const andOthers = (count: number): string =>
  count === 0 ? "" : ` So it is with ${String(count)} more.`;

const whatIsWaitedFor = (standings: readonly MoveStanding[]): string | undefined => {
  const [first, ...others] = standings.flatMap(({ next }) =>
    next.kind === "WAIT" ? [next.sentence] : [],
  );
  return first === undefined ? undefined : first + andOthers(others.length);
};

const underWay = (calls: readonly Due[]): string | undefined => {
  const [first, ...others] = calls.filter(({ next }) => slow.has(next.call.action));
  if (first === undefined) return undefined;
  const { call, resource } = first.next;
  return `${call.action} of ${resource} is under way.${andOthers(others.length)}`;
};

export interface Carrying {
  /** What this invocation has seen at the replacement already. */
  readonly isThere: IsThere;
  /** Asked before each call; throws when the world does not allow it. */
  readonly beforeCall: () => Promise<void>;
}

/** Brings the parts of one stage to the replacement, as far as it goes now. */
export const carryOutStage = async (
  session: LinearSession<"ec2" | "elb">,
  moves: readonly IdentityMove[],
  { isThere, beforeCall }: Carrying,
): Promise<StageStanding> => {
  const clients = await session.customer();
  let halves = 0;
  for (let looks = 0; looks < maxLooks; looks += 1) {
    const standings = await nextMoves(session, moves, isThere);
    halves = standings.reduce((sum, standing) => sum + halvesOf(standing), 0);
    const calls = callsIn(standings);
    const waited = whatIsWaitedFor(standings);
    if (calls.length === 0) return { halves, ...(waited !== undefined && { sentence: waited }) };
    for (const { move, next } of calls) {
      await beforeCall();
      const { call, resource, found } = next;
      const calledAt = session.context.now().toISOString();
      await perform(session, {
        // What stood there before is that of the first call: a retry finds the intent as that one wrote it.
        intent: { id: move.id, change: { ...move.change, ...found } },
        action: call.action,
        resource,
        call: () => makeCall(clients, call),
        acted: (_result, change) =>
          reaching.has(call.action) ? noteReached(change, calledAt) : givenTo(change, move),
      });
    }
    const sentence = underWay(calls);
    if (sentence !== undefined) return { halves, sentence };
  }
  return { halves, sentence: `${moves.map(({ id }) => id).join(", ")}: not settled yet.` };
};
