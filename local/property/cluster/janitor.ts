/** What an evaluation has left to the janitor: he comes by his schedule, as deployed, before anybody judges. */
import { listIntents } from "../../../adapters/store/intents.ts";
import { leftSettings } from "../../../core/decide/cluster/left-settings.ts";
import type { Intent } from "../../../core/model/intent.ts";
import type { GroupEnding, GroupLab } from "../../lab/group-lab.ts";
import { hourMs, keepSchedules } from "../../lab/schedules.ts";

/** What stands in his way is looked at again within an hour: he has two looks at least. */
const longestMs = 2.25 * hourMs;
const everyMs = 5 * 60_000;

/** While the kill switch is on he changes nothing: whoever threw it lifts it, as he is told to. */
const liftKillSwitch = ({ account }: GroupLab): Promise<unknown> =>
  account.api.send({
    method: "PUT",
    path: "/kill-switch",
    body: { engaged: false, reason: "the drill is over" },
  });

/** Comes until nothing is left to him, or for hours. Intents as they are then. Throws what a run of his has thrown. */
export const awaitJanitor = async (
  lab: GroupLab,
  { evaluationId, intents }: Pick<GroupEnding, "evaluationId" | "intents">,
): Promise<readonly Intent[]> => {
  const isLeft = (some: readonly Intent[]): boolean => leftSettings(some, "").length > 0;
  if (!isLeft(intents)) return intents;
  await liftKillSwitch(lab);
  const { table, clock } = lab.account;
  const schedules = keepSchedules(lab.account, { who: ["schedule-janitor"] });
  const untilMs = clock.now() + longestMs;
  let found = intents;
  while (isLeft(found) && clock.now() < untilMs) {
    await clock.run({ atMostMs: clock.now() + everyMs });
    found = await listIntents(table, evaluationId);
  }
  schedules.stop();
  if (schedules.failures.length > 0) {
    throw new AggregateError(schedules.failures, "The janitor failed.");
  }
  return found;
};
