/** Plans the end of our claim on the original: once all is undone, so that no other deployment begins before. */
import { refusalOf } from "../../switch/undo-plan.ts";
import type { RollbackAction, RollbackInput, RollbackPlan } from "./world.ts";

/** A step has taken it away already. */
const isReleased = ({ intents }: RollbackInput): boolean =>
  intents.some(({ change, status }) => change.kind === "RELEASE_CLAIM" && status === "ACTED");

const releaseOf = (input: RollbackInput): RollbackAction | undefined => {
  if (isReleased(input)) return undefined;
  const claimed = input.intents.find(
    ({ change, status }) => change.kind === "CLAIM_ORIGINAL" && status !== "UNDONE",
  );
  if (claimed?.change.kind !== "CLAIM_ORIGINAL") return undefined;
  const { instanceId, claim } = claimed.change;
  const id = `RELEASE_CLAIM ${instanceId} ${claim}`;
  return { kind: "RELEASE_CLAIM", id, instanceId, claim, undoes: claimed.id };
};

/** Undefined where there is none, any longer, or AWS has refused it: what it said is a problem of its own. */
export const planRelease = (input: RollbackInput): RollbackPlan | undefined => {
  const action = releaseOf(input);
  return action === undefined || refusalOf(input.refused, action) !== undefined
    ? undefined
    : { kind: "ACT", action };
};

/** What AWS said to it, if it said no. */
export const refusedRelease = (input: RollbackInput): string | undefined => {
  const action = releaseOf(input);
  return action === undefined ? undefined : refusalOf(input.refused, action);
};
