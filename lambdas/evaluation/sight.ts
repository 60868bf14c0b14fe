/** Writes down what an invocation has seen of its subject: only where something had changed. */
import { updateCourse } from "../../adapters/store/course.ts";
import { withSight } from "../../core/decide/switch/course.ts";
import type { Sight } from "../../core/model/course.ts";
import type { DueSession } from "./session.ts";

/** @throws RetryableContention naming the evaluation */
export const noteSight = async (
  { context, stored: { evaluation, items: known } }: Pick<DueSession, "context" | "stored">,
  sight: Sight | undefined,
): Promise<void> => {
  if (sight === undefined) return;
  const { evaluationId } = evaluation;
  await updateCourse(context.table, {
    evaluationId,
    known,
    change: (course) => withSight(course, sight),
  });
};
