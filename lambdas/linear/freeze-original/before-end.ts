/**
 * What must hold before a Spot Instance with data is ended, for nothing brings it back: what takes its place is proved as a machine, can be
 * given the root, and will be reached; this is the time for it; and the owner's hook has succeeded. One that EC2 takes back is not
 * waited for: then there is no other time.
 */
import { isOriginalEnded } from "../end-original.ts";
import { revalidateOriginal } from "../guards.ts";
import { assertRootCanMove } from "../move-root/begin.ts";
import { whyItIsTaken } from "../taken.ts";
import {
  judgeReplacementAnew,
  notNow,
  postpone,
  runHook,
  waitForReplacement,
  type Answer,
  type Change,
  type FreezeSession,
} from "./last-look.ts";

const endSpot = (summary: string, change?: Change): Answer => ({
  output: { kind: "END_SPOT", summary },
  ...(change === undefined ? {} : { change }),
});

export const beforeEnd = async (session: FreezeSession): Promise<Answer> => {
  const { instanceId } = session.evaluation.subject;
  if (await isOriginalEnded(session)) {
    return endSpot(`The Spot Instance ${instanceId} was asked to end already.`);
  }
  const taken = await whyItIsTaken(session);
  if (taken !== undefined) return endSpot(`EC2 takes ${instanceId} back. ${taken}`);
  const postponed = await notNow(session);
  if (postponed !== undefined) return postpone(postponed);
  const judged = await judgeReplacementAnew(session, false);
  if (typeof judged === "string") return waitForReplacement(session, judged);
  await assertRootCanMove(session);
  const hook = await runHook(session, judged);
  if (hook !== undefined) return hook;
  const { targetGroups, note } = judged;
  const states = ["running"] as const;
  await revalidateOriginal(session, {
    states,
    withProtections: true,
    targetGroups,
    isLastLook: true,
  });
  return endSpot(`${instanceId} is as it was judged, and what takes its place is proved.`, note);
};
