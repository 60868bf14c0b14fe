/** What the steps of an evaluation saw in the course of time: one bounded item, packed, beside its record. */
import { emptyCourse, type Course } from "../../core/model/course.ts";
import type { EvaluationId } from "../../core/model/ids.ts";
import { courseKey } from "./keys.ts";
import { packed, unpacked } from "./packed-item.ts";
import type { Item, Table } from "./table.ts";
import { makeItem } from "./update-item.ts";

const readItem = (item: Item): Course => unpacked(item) as Course;

/** Among the items of an evaluation. Nothing was seen, or it was made before anything was kept: an empty one. @throws BrokenFacts naming the item if it is damaged */
export const courseAmong = (items: readonly Item[]): Course => {
  const item = items.find(({ sk }) => sk === courseKey("").sk);
  return item === undefined ? emptyCourse : readItem(item);
};

/** A course as it stands, and what it becomes. */
export interface CourseUpdate {
  readonly evaluationId: EvaluationId;
  /** Runs again after a collision. One that returns its argument writes nothing. */
  readonly change: (stored: Course) => Course;
  /** All of the evaluation, where they were read already: tried first, and read anew only after a collision. */
  readonly known?: readonly Item[];
}

/** @throws RetryableContention naming the evaluation, BrokenFacts naming the item if it is damaged */
export const updateCourse = async (
  table: Table,
  { evaluationId, change, known }: CourseUpdate,
): Promise<void> => {
  const key = courseKey(evaluationId);
  await makeItem<Course, Course>(table, key, {
    name: `course of ${evaluationId}`,
    read: readItem,
    empty: emptyCourse,
    change,
    toItem: (course, version) => packed(table, { ...key, version }, course),
    ...(known === undefined ? {} : { known }),
  });
};
