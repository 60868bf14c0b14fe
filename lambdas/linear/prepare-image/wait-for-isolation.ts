/** Waits until what is launched next can be kept by itself: EC2 shows its security group, and no rule of it. */
import { startsIsolated } from "../../../core/decide/linear/isolation.ts";
import { paces } from "../../../core/decide/linear/paces.ts";
import { isRecovery } from "../../../core/model/evaluation-kind.ts";
import { waitFor } from "../../evaluation/waiting.ts";
import { prepareIsolation } from "../isolation.ts";
import type { LinearSession } from "../session.ts";

/** EC2 shows what is new within a minute or two. */
const isolationMinutes = 10;

/** Undefined where it is not isolated, or can be. */
export const waitForIsolation = async (
  session: LinearSession,
  purpose: "warm" | "final",
): Promise<ReturnType<typeof waitFor> | undefined> => {
  if (!startsIsolated(session.evaluation, purpose)) return undefined;
  const sentence = await prepareIsolation(session);
  return sentence === undefined
    ? undefined
    : waitFor(session, {
        phase: "isolate",
        // Of what is down, or will be in two minutes, nobody waits for an image meanwhile.
        pace: isRecovery(session.evaluation) ? paces.move : paces.isolate,
        minutes: isolationMinutes,
        sentence,
        resource: session.evaluation.subject.instanceId,
      });
};
