/**
 * What an invocation has seen of its subject: written down where something had changed, for people to look at. Nothing is decided by it: where
 * its item is damaged, that is logged, and the evaluation goes on without it.
 */
import { courseAmong, updateCourse } from "../../adapters/store/course.ts";
import type { Item } from "../../adapters/store/table.ts";
import { withSight } from "../../core/decide/switch/course.ts";
import { SpotOptimizerError } from "../../core/errors.ts";
import { emptyCourse, type Course, type Sight } from "../../core/model/course.ts";
import type { Log } from "../runtime/log.ts";
import type { DueSession } from "./session.ts";

/** @throws what is not a damaged item */
const logDamage = (log: Log, error: unknown): void => {
  if (!(error instanceof SpotOptimizerError) || error.name !== "BrokenFacts") throw error;
  log.error(`What an evaluation saw can't be read, and is left out: ${error.message}`, {
    error: error.name,
  });
};

/** @param items of an evaluation. An item that is damaged is left out. */
export const courseSeen = (items: readonly Item[], log: Log): Course => {
  try {
    return courseAmong(items);
  } catch (error) {
    logDamage(log, error);
    return emptyCourse;
  }
};

/** @throws RetryableContention naming the evaluation */
export const noteSight = async (
  { context, stored: { evaluation, items: known } }: Pick<DueSession, "context" | "stored">,
  sight: Sight | undefined,
): Promise<void> => {
  if (sight === undefined) return;
  const { evaluationId } = evaluation;
  const change = (course: Course): Course => withSight(course, sight);
  try {
    await updateCourse(context.table, { evaluationId, known, change });
  } catch (error) {
    logDamage(context.log, error);
  }
};
