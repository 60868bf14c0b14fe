/** Says what is not shown of a course of time, because there was too much of it. */
import type { JSX } from "preact";
import { count } from "../format.ts";
import type { EvaluationRecord } from "./story.ts";

type Counts = Pick<EvaluationRecord, "points_left_out" | "budgets_left_out">;

export const LeftOut = ({
  record: { points_left_out: points, budgets_left_out: budgets },
}: {
  readonly record: Counts;
}): JSX.Element => (
  <>
    {points !== undefined && `${count(points)} of the shortest steps are left out. `}
    {budgets !== undefined && `${count(budgets)} more budgets are not followed.`}
  </>
);
