/** Puts back what we have changed of the group itself: protection, AZRebalance, maximum, claim. What others changed meanwhile is theirs. */
import { memberOf } from "../../../model/group.ts";
import { changesOf, type ChangeOf, type Intent, type IntentKind } from "../../../model/intent.ts";
import type { SettingKind } from "../../../model/intents/group.ts";
import { judgeResume } from "../../switch/az-rebalance.ts";
import { mayBeProtected, openHolds, type Hold } from "../hold.ts";
import { judgeRestoreOfMax } from "../maximum.ts";
import type { Restore } from "../../switch/restore.ts";
import type { ClusterUndoAction, ClusterUndoPlan, UndoGroup, UndoInput } from "./world.ts";

type Open<Kind extends IntentKind> = Intent & { readonly change: ChangeOf<Kind> };

const openOf = <Kind extends IntentKind>(
  intents: readonly Intent[],
  kind: Kind,
): readonly Open<Kind>[] =>
  intents.filter(
    (intent): intent is Open<Kind> =>
      intent.change.kind === kind && (intent.status === "PLANNED" || intent.status === "ACTED"),
  );

const act = (action: ClusterUndoAction): ClusterUndoPlan => ({ kind: "ACT", action });

const noted = (
  { id }: Intent,
  sentence: string,
  whose: { readonly isTheirs?: true } = {},
): ClusterUndoPlan =>
  act({ kind: "NOTE_RESTORED", id: `NOTE_RESTORED ${id}`, undoes: id, sentence, ...whose });

const unprotect = (
  open: Open<"PROTECT_MEMBERS"> | Hold,
  group: UndoGroup | undefined,
): ClusterUndoPlan => {
  const { kind, asgName, instanceIds } = open.change;
  const standing = instanceIds.filter((id) => {
    const member = group === undefined ? undefined : memberOf(group, id);
    return member?.protectedFromScaleIn === true && mayBeProtected(member);
  });
  // The group protects what it launches or takes in. Whom we hold was not protected, however the group is set.
  const isOfGroup = kind === "PROTECT_MEMBERS" && group?.settings.newInstancesProtected === true;
  if (standing.length === 0 || isOfGroup) return noted(open, "No member is protected by us.");
  const id = `UNPROTECT ${standing.join(" ")}`;
  return act({ kind: "UNPROTECT", id, asgName, instanceIds: standing, undoes: open.id });
};

/** All of them, one after the other. */
export const planProtections = (
  { intents }: Pick<UndoInput, "intents">,
  group: UndoGroup | undefined,
): readonly ClusterUndoPlan[] =>
  [...openHolds(intents), ...openOf(intents, "PROTECT_MEMBERS")].map((open) =>
    unprotect(open, group),
  );

/** An attached member is in service after some three seconds: whom we hold for it is released after this at the latest. */
const joinsWithinMs = 60_000;

/** Of those that we have attached, and whoever's they are by now, the first that is not in service yet. */
const firstOnItsWay = ({ intents }: UndoInput, group: UndoGroup): string | undefined =>
  changesOf(
    intents.filter(({ status }) => status !== "UNDONE"),
    "ATTACH_MEMBERS",
  )
    .flatMap(({ instanceIds }) => instanceIds)
    .find((id) => memberOf(group, id)?.lifecycleState.startsWith("Pending") === true);

/** Until it is in service a scale-in could take originals alone. */
const holdsYet = (
  input: UndoInput,
  group: UndoGroup | undefined,
): { readonly holds: readonly Hold[]; readonly instanceId: string } | undefined => {
  const instanceId = group === undefined ? undefined : firstOnItsWay(input, group);
  if (instanceId === undefined) return undefined;
  const now = Date.parse(input.now);
  const holds = openHolds(input.intents).filter(
    ({ plannedAt }) => now - Date.parse(plannedAt) < joinsWithinMs,
  );
  return { holds, instanceId };
};

/** Those that may be taken off at once: a refresh waits for protected members, and fails after an hour. */
export const planDueProtections = (
  input: UndoInput,
  group: UndoGroup | undefined,
): readonly ClusterUndoPlan[] => {
  const yet = new Set<Intent>(holdsYet(input, group)?.holds);
  const intents = input.intents.filter((intent) => !yet.has(intent));
  return planProtections({ intents }, group);
};

/** For the others. Undefined where there are none. */
export const planJoining = (
  input: UndoInput,
  group: UndoGroup | undefined,
): ClusterUndoPlan | undefined => {
  const yet = holdsYet(input, group);
  if (yet === undefined || yet.holds.length === 0) return undefined;
  const sentence = `Members of group ${input.asgName} are protected from scale-in until ${yet.instanceId} is in service.`;
  return { kind: "WAIT", sentence, on: ["group"], takes: "SECONDS" };
};

const planned = (
  open: Intent,
  judged: Restore,
  action: () => ClusterUndoAction,
): ClusterUndoPlan => {
  switch (judged.kind) {
    case "DONE":
      return noted(open, "As it was.");
    case "THEIRS":
      return noted(open, judged.sentence, { isTheirs: true });
    case "NOT_NOW":
      return { kind: "WAIT", sentence: judged.sentence, on: ["group"], takes: "MINUTES" };
    case "RESTORE":
      return act(action());
  }
};

/** The last one says what stands there; the first one what stood there before. */
const planMaximum = (
  { intents }: UndoInput,
  group: UndoGroup | undefined,
): ClusterUndoPlan | undefined => {
  const all = openOf(intents, "RAISE_MAX").toSorted((one, other) =>
    one.plannedAt < other.plannedAt ? -1 : 1,
  );
  const last = all.at(-1);
  if (last === undefined) return undefined;
  if (group === undefined) return noted(last, "The group no longer exists.");
  const earlier = all.find(({ id }) => id !== last.id);
  if (earlier !== undefined && group.maxSize !== earlier.change.maxRaised) {
    return noted(earlier, "A later value stands there.");
  }
  const { asgName, maxOriginal } = last.change;
  return planned(last, judgeRestoreOfMax(last.change, group), () => ({
    kind: "RESTORE_MAX",
    id: `RESTORE_MAX ${asgName} ${String(maxOriginal)}`,
    asgName,
    maxSize: maxOriginal,
    undoes: last.id,
  }));
};

const planAzRebalance = (
  { intents }: UndoInput,
  group: UndoGroup | undefined,
): ClusterUndoPlan | undefined => {
  const [open] = openOf(intents, "SUSPEND_AZ_REBALANCE");
  if (open === undefined) return undefined;
  if (group === undefined) return noted(open, "The group no longer exists.");
  const { asgName } = open.change;
  return planned(open, judgeResume(open, group), () => ({
    kind: "RESUME_AZ_REBALANCE",
    id: `RESUME_AZ_REBALANCE ${asgName}`,
    asgName,
    undoes: open.id,
  }));
};

const firstOf = (
  [open]: readonly (Open<"PROTECT_MEMBERS"> | Hold)[],
  group: UndoGroup | undefined,
): ClusterUndoPlan | undefined => (open === undefined ? undefined : unprotect(open, group));

/** How each kind of setting is put back: by the evaluation, and by the janitor after it. */
export const settingPlanners: {
  readonly [Kind in SettingKind]: (
    input: UndoInput,
    group: UndoGroup | undefined,
  ) => ClusterUndoPlan | undefined;
} = {
  HOLD_MEMBERS: ({ intents }, group) => firstOf(openHolds(intents), group),
  PROTECT_MEMBERS: ({ intents }, group) => firstOf(openOf(intents, "PROTECT_MEMBERS"), group),
  SUSPEND_AZ_REBALANCE: planAzRebalance,
  RAISE_MAX: planMaximum,
};

/** By key and value: another deployment's claim is not ours to take away. */
export const planClaim = (
  { intents }: UndoInput,
  group: UndoGroup | undefined,
): ClusterUndoPlan | undefined => {
  const [open] = openOf(intents, "CLAIM_GROUP");
  if (open === undefined) return undefined;
  const { asgName, claim } = open.change;
  if (group?.claim !== claim) return noted(open, "The group does not carry our claim.");
  const id = `RELEASE_CLAIM ${asgName} ${claim}`;
  return act({ kind: "RELEASE_CLAIM", id, asgName, claim, undoes: open.id });
};
