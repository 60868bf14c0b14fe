/** Reads what names the original and does not follow to its replacement, once the replacement is verified. */
import { readAlarmsOf } from "../../adapters/aws/cloudwatch.ts";
import { followUpsOf, type AlarmsFound } from "../../core/decide/linear/follow-ups.ts";
import { SpotOptimizerError } from "../../core/errors.ts";
import type { ReplacementFacts } from "../../core/model/instance.ts";
import { readOriginal } from "./facts.ts";
import type { LinearSession } from "./session.ts";

/** A replacement serves by now: an answer that does not come keeps no switch from its end, and is told. */
const readAlarms = async (
  session: LinearSession<"cloudWatch">,
  instanceId: string,
): Promise<AlarmsFound> => {
  const { cloudWatch } = await session.customer();
  try {
    return { kind: "READ", ...(await readAlarmsOf(cloudWatch, instanceId)) };
  } catch (error) {
    if (!(error instanceof SpotOptimizerError)) throw error;
    return { kind: "UNREAD", because: error.message };
  }
};

export const readFollowUps = async (
  session: LinearSession<"cloudWatch">,
  replacement: ReplacementFacts,
): Promise<readonly string[]> => {
  const original = await readOriginal(session);
  const alarms = await readAlarms(session, original.instanceId);
  return followUpsOf({ original, replacement, alarms });
};
