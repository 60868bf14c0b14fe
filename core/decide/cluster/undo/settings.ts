/** Puts back what we have changed of the group itself: protection, AZRebalance, maximum, claim. What others changed meanwhile is theirs. */
import { memberOf } from "../../../model/group.ts";
import type { ChangeOf, Intent, IntentKind } from "../../../model/intent.ts";
import { judgeResume } from "../az-rebalance.ts";
import { judgeRestoreOfMax, type Restore } from "../maximum.ts";
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

const noted = ({ id }: Intent, sentence: string): ClusterUndoPlan =>
  act({ kind: "NOTE_RESTORED", id: `NOTE_RESTORED ${id}`, undoes: id, sentence });

/** A refresh waits for protected members, and fails after an hour: this goes first. */
export const planProtection = (
  { intents }: UndoInput,
  group: UndoGroup | undefined,
): ClusterUndoPlan | undefined => {
  const [open] = openOf(intents, "PROTECT_MEMBERS");
  if (open === undefined) return undefined;
  const { asgName, instanceIds } = open.change;
  const standing = instanceIds.filter((id) => {
    const member = group === undefined ? undefined : memberOf(group, id);
    return member?.protectedFromScaleIn === true && member.lifecycleState === "InService";
  });
  // The group protects whatever it launches or takes in.
  const isOfGroup = group?.settings.newInstancesProtected === true;
  if (standing.length === 0 || isOfGroup) return noted(open, "No member is protected by us.");
  const id = `UNPROTECT ${standing.join(" ")}`;
  return act({ kind: "UNPROTECT", id, asgName, instanceIds: standing, undoes: open.id });
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
      return noted(open, judged.sentence);
    case "NOT_NOW":
      return { kind: "WAIT", sentence: judged.sentence, on: ["group"], takes: "MINUTES" };
    case "RESTORE":
      return act(action());
  }
};

/** The last one says what stands there; the first one what stood there before. */
export const planMaximum = (
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

export const planAzRebalance = (
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
