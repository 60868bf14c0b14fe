/** Puts back what was changed of the groups behind a node group: protection, AZRebalance, claim. What others changed meanwhile is theirs. */
import { memberOf } from "../../../model/group.ts";
import { judgeResume } from "../../switch/az-rebalance.ts";
import { act, noted, openOf, wait, type Next } from "./step.ts";
import type { KubernetesUndoInput, UndoNodeGroup } from "./world.ts";

export const groupNamed = (
  { group, spotGroup }: Pick<KubernetesUndoInput, "group" | "spotGroup">,
  asgName: string,
): UndoNodeGroup | undefined => [group, spotGroup].find((found) => found?.asgName === asgName);

export const planProtection = (input: KubernetesUndoInput): Next => {
  const [open] = openOf(input.intents, "PROTECT_MEMBERS");
  if (open === undefined) return undefined;
  const { asgName, instanceIds } = open.change;
  const group = groupNamed(input, asgName);
  const standing = instanceIds.filter(
    (id) => group !== undefined && memberOf(group, id)?.protectedFromScaleIn === true,
  );
  if (standing.length === 0) return noted(open, "No member is protected by us.");
  const id = `UNPROTECT ${standing.join(" ")}`;
  return act({ kind: "UNPROTECT", id, asgName, instanceIds: standing, undoes: open.id });
};

/** What stands longer in the way is its owner's wish, and the janitor hands the rest back once that has passed. */
const settleMs = 15 * 60_000;

export const planAzRebalance = (input: KubernetesUndoInput): Next => {
  const [open] = openOf(input.intents, "SUSPEND_AZ_REBALANCE");
  if (open === undefined) return undefined;
  const { asgName } = open.change;
  const group = groupNamed(input, asgName);
  if (group === undefined) return noted(open, "The group no longer exists.");
  const judged = judgeResume(open, group);
  switch (judged.kind) {
    case "DONE":
      return noted(open, "As it was.");
    case "THEIRS":
      return noted(open, judged.sentence, { isTheirs: true });
    case "RESTORE": {
      const id = `RESUME_AZ_REBALANCE ${asgName}`;
      return act({ kind: "RESUME_AZ_REBALANCE", id, asgName, undoes: open.id });
    }
    case "NOT_NOW":
      return Date.parse(input.now) - Date.parse(input.askedSince) < settleMs
        ? wait(judged.sentence, ["group", "spotGroup"], "MINUTES")
        : act({
            kind: "LEAVE_TO_JANITOR",
            id: `LEAVE_TO_JANITOR ${open.id}`,
            intentIds: [open.id],
          });
  }
};

/** By key and value: another deployment's claim is not ours to take away. */
export const planClaim = (input: KubernetesUndoInput): Next => {
  const [open] = openOf(input.intents, "CLAIM_GROUP");
  if (open === undefined) return undefined;
  const { asgName, claim } = open.change;
  if (groupNamed(input, asgName)?.claim !== claim) {
    return noted(open, "The group does not carry our claim.");
  }
  const id = `RELEASE_CLAIM ${asgName} ${claim}`;
  return act({ kind: "RELEASE_CLAIM", id, asgName, claim, undoes: open.id });
};
