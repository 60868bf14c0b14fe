/** Runs the clock until an execution has ended, and tells each workflow state as it is left. */
import { visitsOf, type OnVisit } from "../interpreter/visits.ts";
import type { LabAccount } from "./account.ts";

/** A switch takes minutes to hours: what runs longer in virtual time hangs. */
const longestMs = 24 * 3_600_000;

/** @param onTick after each job of the clock, when something may have changed */
export const followExecution = async (
  { clock, platform }: LabAccount,
  executionArn: string,
  { onVisit, onTick }: { readonly onVisit: OnVisit; readonly onTick: () => void },
): Promise<void> => {
  const tell = visitsOf(onVisit);
  const endMs = clock.now() + longestMs;
  let told = 0;
  for (;;) {
    const events = await platform.interpreter.history(executionArn);
    for (const event of events.slice(told)) tell(event);
    told = events.length;
    const { status } = await platform.interpreter.describe(executionArn);
    if (status !== "RUNNING") return;
    if (clock.pending === 0 || clock.now() > endMs) {
      throw new Error(`Execution ${executionArn} does not come to an end.`);
    }
    let jobs = 0;
    await clock.run({ until: () => jobs++ > 0 });
    onTick();
  }
};
