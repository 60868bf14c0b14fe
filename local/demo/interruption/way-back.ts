/** What becomes of the node that came On-Demand: the sweep finds it worth a switch to Spot, and begins one. */
import {
  evaluationPageSchema,
  evaluationSchema,
} from "../../../lambdas/api/schemas/evaluations.ts";
import { sweepStarter } from "../../../core/model/starter.ts";
import type { LabAccount } from "../../lab/account.ts";
import { hourMs, keepSchedules } from "../../lab/schedules.ts";
import type { WayBack } from "./interruption-ending.ts";

const stepMs = hourMs / 4;
const longestMs = 24 * hourMs;

/** The last of the target that the sweep has begun and that has ended. */
const lastBySweep = async (
  { api }: LabAccount,
  targetId: string,
): Promise<WayBack["evaluation"] | undefined> => {
  const { items } = await api.get(
    `/evaluations?target_id=${targetId}&limit=1`,
    evaluationPageSchema,
  );
  const [last] = items;
  if (last?.started_by !== sweepStarter || last.ended_at === undefined) return undefined;
  return api.get(`/evaluations/${last.evaluation_id}`, evaluationSchema);
};

/**
 * In a PROD account a person agrees to each switch of nodes: this one is none from now on.
 * @param sinceMs the notice
 * @returns undefined where the sweep begins none for a day
 */
export const awaitWayBack = async (
  account: LabAccount,
  targetId: string,
  sinceMs: number,
): Promise<WayBack | undefined> => {
  const { api, accountId, clock } = account;
  const body = { environment: "LAB" };
  await api.send({ method: "PATCH", path: `/accounts/${accountId}`, body });
  const schedules = keepSchedules(account, { who: ["schedule-sweep"] });
  const untilMs = clock.now() + longestMs;
  try {
    while (clock.now() < untilMs) {
      await clock.run({ atMostMs: clock.now() + stepMs });
      const evaluation = await lastBySweep(account, targetId);
      if (evaluation === undefined) continue;
      const endedMs = Date.parse(evaluation.ended_at ?? evaluation.started_at);
      return { evaluation, afterSeconds: Math.round((endedMs - sinceMs) / 1000) };
    }
    return undefined;
  } finally {
    schedules.stop();
  }
};
