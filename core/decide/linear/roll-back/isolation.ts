/** Plans the end of the security group in which the replacement was kept by itself: once nothing that we launched uses it. */
import type { ChangeOf, Intent } from "../../../model/intent.ts";
import { hasEnded } from "../../../model/instance.ts";
import { isOpenIntent } from "../../switch/outcome.ts";
import { planAct } from "./problems.ts";
import { wait } from "./return.ts";
import { hasBeenAsked } from "../../switch/launches.ts";
import type { RollbackInput, RollbackPlan } from "./world.ts";

type Isolation = Intent & { readonly change: ChangeOf<"ISOLATE"> };

const isOpenIsolation = (intent: Intent): intent is Isolation =>
  intent.change.kind === "ISOLATE" && isOpenIntent(intent);

/** Undefined once it is gone, or was never made. */
export const planIsolationEnd = (input: RollbackInput): RollbackPlan | undefined => {
  const { intents, replacements, isolation } = input;
  const open = intents.find(isOpenIsolation);
  if (open === undefined) return undefined;
  const going = replacements.find(({ state }) => state === "shutting-down");
  if (going !== undefined) {
    return wait(
      `The replacement ${going.instanceId} is shutting down.`,
      ["replacements"],
      "MINUTES",
    );
  }
  // One that is another evaluation's by now keeps it: it carries our tag, and is named among what is left.
  if (!replacements.every(({ state }) => hasEnded(state))) return undefined;
  if (isolation === undefined) return { kind: "LOOK", at: ["isolation"] };
  const { id: undoes, change, plannedAt, actedAt } = open;
  const [found] = isolation;
  if (found === undefined) {
    if (hasBeenAsked(input, actedAt ?? plannedAt)) return undefined;
    const sentence = `Whether there is a security group ${change.groupName} is not known: EC2 does not show it yet.`;
    return wait(sentence, ["isolation"], "MINUTES");
  }
  const { groupId } = found;
  return planAct({
    kind: "DELETE_ISOLATION_GROUP",
    id: `DELETE_ISOLATION_GROUP ${groupId}`,
    groupId,
    undoes,
  });
};
