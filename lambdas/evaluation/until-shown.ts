/**
 * Reads again what EC2 does not show as it was told of. Its events and its readings come by ways of their own, and an event may be quicker: who went by the
 * first reading would let the two minutes of a notice pass.
 */
import { isAskedFor } from "../../core/model/evaluation.ts";
import { showsWithinMs } from "../../core/model/spot-status.ts";
import type { EvaluationSession } from "./session.ts";

/** EC2 advises to back off between two readings. Source: EC2 developer guide, "Eventual consistency in the Amazon EC2 API". */
const stepMs = 1_000;
const longestMs = 5_000;

/**
 * Of what somebody asked for once only: nothing has told of it.
 * @param shows whether a reading shows it
 * @returns the first reading that does, or else the last
 */
export const untilShown = async <Reading>(
  { context, evaluation }: Pick<EvaluationSession, "context" | "evaluation">,
  read: () => Promise<Reading>,
  shows: (reading: Reading) => boolean,
): Promise<Reading> => {
  const fromMs = context.now().getTime();
  const isOver = (): boolean => context.now().getTime() - fromMs >= showsWithinMs;
  let reading = await read();
  if (isAskedFor(evaluation)) return reading;
  for (let pauseMs = stepMs; !shows(reading) && !isOver(); pauseMs += stepMs) {
    await context.pause(Math.min(pauseMs, longestMs));
    reading = await read();
  }
  return reading;
};
