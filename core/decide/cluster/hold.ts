/**
 * Whom to hold, and for how long. An attach raises the desired capacity seconds before its replacement serves, and what is on its way can't be
 * protected from scale-in: a scale-in in these seconds could take away originals alone. So each member in service is protected (held) from right
 * before the attach until what was attached serves. AWS carries out a scale-in once members are released.
 */
import {
  isInService,
  isLeavingGroup,
  memberOf,
  type GroupMember,
  type LiveGroup,
} from "../../model/group.ts";
import { getsTraffic } from "../../model/group-traffic.ts";
import type { InstanceId } from "../../model/ids.ts";
import type { ChangeOf, Intent } from "../../model/intent.ts";
import { isOpenIntent } from "../switch/outcome.ts";

/** API reference, SetInstanceProtection: "You can specify up to 50 instances." */
const mostInOneCall = 50;

export type Hold = Intent & { readonly change: ChangeOf<"HOLD_MEMBERS"> };

/** Those that stand: planned or acted, and not released. */
export const openHolds = (intents: readonly Intent[]): readonly Hold[] =>
  intents.filter(
    (intent): intent is Hold => intent.change.kind === "HOLD_MEMBERS" && isOpenIntent(intent),
  );

/** Protected by us: their owner has not asked for it. */
export const heldMembers = (intents: readonly Intent[]): ReadonlySet<string> =>
  new Set(openHolds(intents).flatMap(({ change }) => change.instanceIds));

const protectable: ReadonlySet<string> = new Set(["InService", "EnteringStandby", "Standby"]);

/** Of others Auto Scaling takes the call not, and of none in it. † The states: they stand in its refusal alone. */
export const mayBeProtected = ({ lifecycleState }: Pick<GroupMember, "lifecycleState">): boolean =>
  protectable.has(lifecycleState);

/** One may have been pinned by a person; where several changed, workers protect themselves while they are busy. */
const fewestWorkers = 2;

type Members = Pick<LiveGroup, "members">;

/**
 * Members protect themselves, or are let go, one by one: what one of them sets while we hold it could not be told from what we set, and a busy worker
 * would be released.
 */
const protectThemselves = (judged: Members, now: Members, held: ReadonlySet<string>): boolean =>
  now.members.filter(({ instanceId, protectedFromScaleIn }) => {
    const before = memberOf(judged, instanceId);
    return (
      before !== undefined &&
      !held.has(instanceId) &&
      before.protectedFromScaleIn !== protectedFromScaleIn
    );
  }).length >= fewestWorkers;

/**
 * Calls to be made before an attach, each with its members: in service, and not protected yet. What this batch has attached already is left out: it is
 * protected by itself from its first second in service on. None where members protect themselves.
 */
export const membersToHold = (input: {
  /** As the gate found it. */
  readonly judged: Members;
  readonly group: Members;
  readonly intents: readonly Intent[];
  readonly attached: readonly string[];
}): readonly (readonly [InstanceId, ...InstanceId[]])[] => {
  const { judged, group, intents, attached } = input;
  if (protectThemselves(judged, group, heldMembers(intents))) return [];
  const ids = group.members
    .filter(
      ({ instanceId, lifecycleState, protectedFromScaleIn }) =>
        lifecycleState === "InService" && !protectedFromScaleIn && !attached.includes(instanceId),
    )
    .map(({ instanceId }) => instanceId);
  const calls: (readonly [InstanceId, ...InstanceId[]])[] = [];
  for (let first = 0; first < ids.length; first += mostInOneCall) {
    const [one, ...others] = ids.slice(first, first + mostInOneCall);
    if (one !== undefined) calls.push([one, ...others]);
  }
  return calls;
};

/** Of those that were attached: does one not serve yet, though it is about to? One that leaves again is not waited for. */
export const isJoining = (
  { members, traffic }: Pick<LiveGroup, "members" | "traffic">,
  attached: readonly string[],
): boolean =>
  attached.some((id) => {
    const member = memberOf({ members }, id);
    if (member === undefined) return true;
    return !isLeavingGroup(member) && !(isInService(member) && getsTraffic(traffic, id));
  });
