/**
 * Undoes one pair that was not finished, or says that it stands. A replacement that is a member leaves only as far as the surplus reaches: what
 * the owner of the group has taken for himself meanwhile stays his. One that is not a member leaves its target groups, drains, and ends.
 */
import { isLeavingGroup, isRetained, memberOf, type GroupMember } from "../../../model/group.ts";
import { hasEnded } from "../../../model/instance.ts";
import { changesOf, type Intent } from "../../../model/intent.ts";
import { servingWithout, type Reckoning } from "../capacity.ts";
import { reckonWithLeave } from "../hidden-leave.ts";
import { launchOf } from "../../switch/launches.ts";
import { hasLeftWithPlace } from "./detached.ts";
import { registerAgain } from "./doomed.ts";
import { cancelRetirement, keepDetached, type Removal } from "./kept.ts";
import { act, keep, showsWithinMs, undone, wait, type OpenPair, type PairUndo } from "./pair.ts";
import { undoByStandIn, undoPlace } from "./surplus.ts";
import type { FoundReplacement, UndoGroup, UndoInput } from "./world.ts";

const isOpen = ({ status }: Intent): boolean => status === "PLANNED" || status === "ACTED";

/** In the order in which they were begun. */
export const openPairs = (intents: readonly Intent[]): readonly OpenPair[] => {
  const bySwap = Map.groupBy(
    intents.filter((intent) => intent.swapId !== undefined && isOpen(intent)),
    ({ swapId }) => swapId ?? "",
  );
  return [...bySwap].map(([swapId, some]) => ({ swapId, intents: some }));
};

/** All of theirs, those too that are undone: AWS refused one launch, and another one was made. */
export const intentsOfOpenPairs = (intents: readonly Intent[]): readonly Intent[] => {
  const open = new Set(openPairs(intents).map(({ swapId }) => swapId));
  return intents.filter(({ swapId }) => swapId !== undefined && open.has(swapId));
};

/** Of an original that is a member no longer, or is kept after an abandoned hook. */
const standsWithout = (input: UndoInput, pair: OpenPair, removal: Removal): PairUndo => {
  const { instanceId, how } = removal.change;
  return how === "detach"
    ? keepDetached(input, pair, removal)
    : keep(pair.swapId, `Original ${instanceId} has left the group: its replacement stays.`);
};

/** Has the original left by our call, or is it about to? Undefined: it has not, or nobody asked it to. */
const judgeRemoval = (input: UndoInput, pair: OpenPair, group: UndoGroup): PairUndo | undefined => {
  const removal = pair.intents.find(
    (intent): intent is Removal => intent.change.kind === "REMOVE_MEMBER",
  );
  if (removal === undefined) return undefined;
  const { instanceId } = removal.change;
  const original = memberOf(group, instanceId);
  if (original === undefined || isRetained(original)) return standsWithout(input, pair, removal);
  if (isLeavingGroup(original) || removal.status === "ACTED") {
    return wait(
      `Original ${instanceId} leaves the group (${original.lifecycleState}).`,
      ["group"],
      "MINUTES",
    );
  }
  return Date.parse(input.now) - Date.parse(removal.plannedAt) < showsWithinMs
    ? wait(`Whether original ${instanceId} leaves the group is not known yet.`, ["group"])
    : undefined;
};

const reckoningOf = (input: UndoInput, group: UndoGroup): Reckoning => {
  const { ledger, intents } = input;
  const standing = intents.filter(
    ({ change, status }) =>
      change.kind !== "ATTACH_MEMBERS" ||
      status === "UNDONE" ||
      !change.instanceIds.every((id) => hasLeftWithPlace(input, group, id)),
  );
  const kept = ledger ?? { asked: group.desiredCapacity, absorbed: 0 };
  return reckonWithLeave(kept, { intents: standing, group });
};

/** After it has left as many must serve as are asked for, and the zones must be as balanced as they were. */
const detach = (
  input: UndoInput,
  pair: OpenPair,
  { group, member }: { readonly group: UndoGroup; readonly member: GroupMember },
): PairUndo => {
  const { instanceId } = member;
  const attach = attachOf(pair);
  if (isLeavingGroup(member)) {
    return wait(`Replacement ${instanceId} is ${member.lifecycleState}.`, ["group"], "MINUTES");
  }
  if (attach === undefined) {
    return keep(
      pair.swapId,
      `Replacement ${instanceId} is a member of group ${group.asgName}, and nothing that our attach has added is left: it stays.`,
    );
  }
  const reckoning = reckoningOf(input, group);
  const { surplus, ledger } = reckoning;
  if (surplus <= 0 || group.desiredCapacity <= group.minSize) {
    return keep(
      pair.swapId,
      `Somebody set the capacity of group ${group.asgName} to ${String(ledger.asked)} meanwhile, or its minimum to ${String(group.minSize)}: replacement ${instanceId} stays.`,
    );
  }
  if (member.lifecycleState !== "InService") {
    return wait(`Replacement ${instanceId} is ${member.lifecycleState}.`, ["group"]);
  }
  const instead = undoByStandIn({ ...input, group, reckoning, attach, replacementId: instanceId });
  if (instead !== undefined) return instead;
  const serving = servingWithout(group, instanceId);
  if (serving < ledger.asked) {
    return wait(
      `Without replacement ${instanceId} only ${String(serving)} of ${String(ledger.asked)} members of group ${group.asgName} would serve.`,
      ["group"],
      "MINUTES",
    );
  }
  return act({
    kind: "DETACH",
    id: `DETACH ${instanceId}`,
    asgName: group.asgName,
    instanceId,
    desiredSeen: group.desiredCapacity,
    undoes: attach.id,
  });
};

/** Also those that the group has named once. */
const targetGroupsOf = (group: UndoGroup | undefined): UndoGroup["traffic"]["targetGroups"] =>
  group === undefined ? [] : [...group.traffic.targetGroups, ...(group.formerTargetGroups ?? [])];

/** Undefined once it is in none of them. */
const leaveTargetGroups = (
  { intents }: OpenPair,
  group: UndoGroup | undefined,
): PairUndo | undefined => {
  const known = targetGroupsOf(group);
  for (const { targetGroupArn: arn, port, instanceId } of changesOf(intents, "REGISTER_TARGET")) {
    const targets = known.find((found) => found.arn === arn)?.targets ?? [];
    const own = targets.find((target) => target.instanceId === instanceId && target.port === port);
    if (own === undefined || own.standing === "absent") continue;
    if (own.standing === "leaving") {
      return wait(`Replacement ${instanceId} drains in ${arn}.`, ["group"], "MINUTES");
    }
    const id = `LEAVE_TARGET_GROUP ${arn} ${instanceId}`;
    return act({ kind: "LEAVE_TARGET_GROUP", id, arn, port, instanceId });
  }
  return undefined;
};

const terminate = ({ intents }: UndoInput, found: FoundReplacement): PairUndo => {
  const { instanceId } = found;
  const undoes = launchOf(intents, found)?.id;
  return act({
    kind: "TERMINATE_REPLACEMENT",
    id: `TERMINATE_REPLACEMENT ${instanceId}`,
    instanceId,
    ...(undoes === undefined ? {} : { undoes }),
  });
};

const undoReplacement = (input: UndoInput, pair: OpenPair, found: FoundReplacement): PairUndo => {
  const { group } = input;
  const member = group === undefined ? undefined : memberOf(group, found.instanceId);
  if (group !== undefined && member !== undefined) return detach(input, pair, { group, member });
  if (hasEnded(found.state)) return undone;
  return leaveTargetGroups(pair, group) ?? terminate(input, found);
};

/** An attach whose answer is not known may still show. */
const attachMayShow = ({ intents }: OpenPair, now: string): boolean =>
  intents.some(
    ({ change, status, plannedAt }) =>
      change.kind === "ATTACH_MEMBERS" &&
      status === "PLANNED" &&
      Date.parse(now) - Date.parse(plannedAt) < showsWithinMs,
  );

const attachOf = ({ intents }: OpenPair): Intent | undefined =>
  intents.find(({ change }) => change.kind === "ATTACH_MEMBERS");

/** Once nothing else of the pair is left: its attach has made a place, and whoever took it away may have left the place. */
const undoAttach = (input: UndoInput, pair: OpenPair): PairUndo => {
  const { group, intents, originals } = input;
  const attach = attachOf(pair);
  if (group === undefined || attach?.status !== "ACTED") return undone;
  const [change] = changesOf([attach], "ATTACH_MEMBERS");
  return undoPlace({
    group,
    reckoning: reckoningOf(input, group),
    attach,
    replacementIds: change?.instanceIds ?? [],
    originalId: originals.get(pair.swapId),
    intents,
  });
};

export const undoPair = (input: UndoInput, pair: OpenPair): PairUndo => {
  const { group, replacements, intents, now } = input;
  const removal = group === undefined ? undefined : judgeRemoval(input, pair, group);
  if (removal !== undefined) return removal;
  const retirement = cancelRetirement(input, pair);
  if (retirement !== undefined) return retirement;
  const own = replacements.filter((found) => launchOf(intents, found)?.swapId === pair.swapId);
  if (attachMayShow(pair, now)) {
    return wait("Whether a replacement was attached is not known yet.", ["group"]);
  }
  for (const found of own) {
    const next = undoReplacement(input, pair, found);
    if (next.kind !== "UNDONE") return next;
  }
  const place = undoAttach(input, pair);
  return place.kind === "UNDONE" ? registerAgain(input, pair) : place;
};
