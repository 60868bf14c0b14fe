/**
 * Looks at findings by themselves before anybody is told or asked about them: a list of instances shows neither protections nor what stands on
 * an instance, and what is never stopped takes no place among those that are.
 */
import type { StoredFinding } from "../../../adapters/store/enforcer.ts";
import { asFound, judgeAgain } from "./judge-again.ts";
import { change, each, type Run } from "./run.ts";

/** Of one run: each takes some calls in the account, and the next run comes five minutes later. */
const mostAtOnce = 10;

const look = async (run: Run, stored: StoredFinding): Promise<void> => {
  const judged = await judgeAgain(run, stored.finding);
  // Who has an owner by now leaves the list with the next reading, and is not told before.
  if (judged === undefined || judged.standing.kind === "OWNED") return;
  await change(run, stored, asFound(stored.finding, judged, run.context.now()));
};

/** @returns whether none of them was left for the next run */
export const lookAt = async (run: Run, findings: readonly StoredFinding[]): Promise<boolean> => {
  await each(run, findings.slice(0, mostAtOnce), (one) =>
    look(run, one).then(() => ({ isEnough: false })),
  );
  return findings.length <= mostAtOnce && run.turns.hasTime();
};
