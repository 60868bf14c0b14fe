/** What the steps of an evaluation saw of its subject in the course of time: of a group its capacity, of nodes the budgets of their pods. */
import * as z from "../zod.ts";
import type { Course } from "../../../core/model/course.ts";
import { snakeKeys } from "../letter-case.ts";
import { timeField } from "./common.ts";
import { text } from "./verdict.ts";

const count = (description: string) => z.int().meta({ description });

const capacityPointSchema = z
  .strictObject({
    at: timeField("When a step looked."),
    asked: count(
      "Instances that the owner asks for: the desired capacity without what we have added and not taken off again.",
    ),
    desired: count("Desired capacity, as the group shows it."),
    in_service: count("Members that are InService and Healthy by the group alone."),
    serving: count(
      "Members of these that run, are healthy in every target group, and are not announced to be taken back. Absent: that look asked the group alone.",
    ).exactOptional(),
    serving_on_spot: count("Of those that serve, how many are on Spot.").exactOptional(),
    lacking_by_us: count(
      "Of those that are asked for and do not serve, how many we have taken before their replacements had served. Absent: none.",
    ).exactOptional(),
  })
  .meta({ id: "CapacityPoint", description: "How a group stood at one look." });

const budgetPointSchema = z
  .strictObject({
    at: timeField("When a step looked."),
    name: text("PodDisruptionBudget, as `namespace/name`."),
    allowed: count("Evictions that it allows then."),
    healthy: count("Its pods that are healthy."),
    needed: count("Pods of it that must be healthy."),
  })
  .meta({ id: "BudgetPoint", description: "How a budget stood at one look." });

export const courseFields = {
  capacity: z.array(capacityPointSchema).meta({
    description:
      "Of a group: its capacity in order of time, a point where something had changed. Empty otherwise, and in records made before it was kept.",
  }),
  budgets: z.array(budgetPointSchema).meta({
    description:
      "Of nodes: the budgets of their pods in order of time, a point where one had changed. Empty otherwise, and in records made before they were kept.",
  }),
  points_left_out: count(
    "Points of `capacity` and `budgets` that were left out, because there were too many: those that held for the shortest time. Absent: none.",
  ).exactOptional(),
  budgets_left_out: count(
    "Further budgets, of which no point is kept, because there were too many. Absent: none.",
  ).exactOptional(),
};

export const courseJson = ({ capacity, budgets, leftOut, budgetsLeftOut }: Course) => ({
  capacity: snakeKeys(capacity),
  budgets: snakeKeys(budgets),
  ...(leftOut === undefined ? {} : { points_left_out: leftOut }),
  ...(budgetsLeftOut === undefined ? {} : { budgets_left_out: budgetsLeftOut }),
});
