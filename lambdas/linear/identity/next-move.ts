/**
 * Says for each part of the identity where it is, and which call brings it nearer to the replacement. Reads only, all parts
 * of a kind by one call; carry-out.ts makes the calls. Level-triggered: every invocation looks at the world and not at what
 * an earlier one believed.
 */
import { readInstanceState } from "../../../adapters/aws/ec2/instances.ts";
import {
  readAddresses,
  readInterfaces,
  type AddressReading,
} from "../../../adapters/aws/ec2/network.ts";
import { readVolumes } from "../../../adapters/aws/ec2/volumes.ts";
import { takesDataBack } from "../../../core/decide/linear/data-way-back.ts";
import type { IdentityMove } from "../../../core/decide/linear/identity-plan.ts";
import { SpotOptimizerError } from "../../../core/errors.ts";
import { isRecovery } from "../../../core/model/evaluation-kind.ts";
import type { IntentChange } from "../../../core/model/intent.ts";
import { readSubjectFacts } from "../../evaluation/facts.ts";
import { swapOf, type LinearSession } from "../session.ts";
import { nextForInterface, nextForVolume } from "./attachable.ts";
import { inPlace, waiting, type NextMove } from "./part.ts";
import type { IsThere } from "./there.ts";
import { nextForAddress, nextForPrivateIps, nextForTargetGroup } from "./pointers.ts";

export interface MoveStanding {
  readonly move: IdentityMove;
  readonly next: NextMove;
}

const interfaceIdsIn = (change: IntentChange): readonly string[] => {
  switch (change.kind) {
    case "MOVE_INTERFACE":
      return [change.networkInterfaceId];
    case "MOVE_PRIVATE_IPS":
      return [change.fromInterfaceId, change.toInterfaceId];
    default:
      return [];
  }
};

/** What is given up and still runs has what is taken from it: it does not let go by itself. */
const runningHeldId = async (session: LinearSession): Promise<string | undefined> => {
  const heldId = swapOf(session)?.heldId;
  if (heldId === undefined) return undefined;
  const { ec2 } = await session.customer();
  return (await readInstanceState(ec2, heldId)) === "running" ? heldId : undefined;
};

/** An instance that has ended, or is about to, lets go of what it held by itself. */
const unlessHeld = (next: NextMove): NextMove =>
  next.kind === "CALL" &&
  (next.call.action === "DetachVolume" || next.call.action === "DetachNetworkInterface")
    ? waiting(`${next.resource} is still shown at the instance that ends.`)
    : next;

const isFrom = (change: IntentChange, instanceId: string): boolean =>
  change.kind === "MOVE_VOLUME" && change.fromInstanceId === instanceId;

/** Of what a recovery asks for: an earlier one may have started the original and given it an address, and have stopped it again. */
const lentInterfaces = async (
  session: LinearSession,
  changes: readonly IntentChange[],
  addresses: readonly AddressReading[],
): Promise<ReadonlySet<string>> => {
  if (!isRecovery(session.evaluation)) return new Set();
  const known = changes.flatMap((change) =>
    change.kind === "MOVE_ADDRESS" ? [change.fromInterfaceId, change.toInterfaceId] : [],
  );
  const others = addresses
    .flatMap(({ networkInterfaceId }) => networkInterfaceId ?? [])
    .filter((id) => !known.includes(id));
  if (others.length === 0) return new Set();
  const { placedBy } = await readSubjectFacts<"LINEAR">(session);
  const { ec2 } = await session.customer();
  const found = await readInterfaces(ec2, others);
  return new Set(
    found
      .filter(({ attachedTo }) => attachedTo !== undefined && attachedTo === placedBy?.originalId)
      .map(({ networkInterfaceId }) => networkInterfaceId),
  );
};

/**
 * In the order of the moves. Of what `isThere` nothing is asked: this invocation has seen it at the replacement. Throws StaleOriginal when somebody else took a part or cut the replacement off, and what the
 * adapters throw.
 */
export const nextMoves = async (
  session: LinearSession<"ec2" | "elb">,
  moves: readonly IdentityMove[],
  isThere: IsThere,
): Promise<readonly MoveStanding[]> => {
  const clients = await session.customer();
  const { ec2 } = clients;
  const changes = moves.map(({ change }) => change).filter((change) => !isThere(change));
  const [volumes, interfaces, addresses] = await Promise.all([
    readVolumes(
      ec2,
      changes.flatMap((change) => (change.kind === "MOVE_VOLUME" ? [change.volumeId] : [])),
    ),
    readInterfaces(ec2, [...new Set(changes.flatMap(interfaceIdsIn))]),
    readAddresses(
      ec2,
      changes.flatMap((change) => (change.kind === "MOVE_ADDRESS" ? [change.allocationId] : [])),
    ),
  ]);
  const lent = await lentInterfaces(session, changes, addresses);
  const nextFor = (change: IntentChange): NextMove | Promise<NextMove> => {
    switch (change.kind) {
      case "MOVE_VOLUME":
        return nextForVolume(change, volumes);
      case "MOVE_INTERFACE":
        return nextForInterface(change, interfaces);
      case "MOVE_PRIVATE_IPS":
        return nextForPrivateIps(clients, change, interfaces);
      case "MOVE_TARGET_GROUP":
        return nextForTargetGroup(session, change);
      case "MOVE_ADDRESS":
        return nextForAddress(change, addresses, lent);
      default:
        throw new SpotOptimizerError("BrokenFacts", `${change.kind} is not a part of an identity.`);
    }
  };
  const standings: MoveStanding[] = [];
  const isOfSpot = takesDataBack(session.evaluation) || isRecovery(session.evaluation);
  const holderId = isOfSpot ? await runningHeldId(session) : undefined;
  for (const move of moves) {
    const next = isThere(move.change) ? inPlace : await nextFor(move.change);
    const isTaken = holderId !== undefined && isFrom(move.change, holderId);
    standings.push({ move, next: isOfSpot && !isTaken ? unlessHeld(next) : next });
  }
  return standings;
};
