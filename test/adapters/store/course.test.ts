import { describe, expect, it } from "@jest/globals";
import { courseAmong, updateCourse } from "../../../adapters/store/course.ts";
import { createEvaluation, loadEvaluation } from "../../../adapters/store/evaluations.ts";
import type { Item, Table } from "../../../adapters/store/table.ts";
import { emptyCourse, type Course } from "../../../core/model/course.ts";
import { createMemoryTable } from "../../../local/platform/memory-table.ts";
import { evaluationId as idOf } from "./examples.ts";
import { clusterEvaluation, course } from "./stored-items/samples.ts";

const evaluationId = idOf(1);

/** Every item that is written, in order. */
const watched = (): { readonly table: Table; readonly written: Item[] } => {
  const inner = createMemoryTable();
  const written: Item[] = [];
  const table: Table = {
    name: inner.name,
    packing: inner.packing,
    get: (...asked) => inner.get(...asked),
    query: (...asked) => inner.query(...asked),
    delete: (...asked) => inner.delete(...asked),
    put: (item, condition) => {
      written.push(item);
      return inner.put(item, condition);
    },
  };
  return { table, written };
};

const itemsOf = async (table: Table) => (await loadEvaluation(table, evaluationId))?.items ?? [];

const withCourse = async () => {
  const { table, written } = watched();
  await createEvaluation(table, { ...clusterEvaluation, evaluationId });
  await updateCourse(table, { evaluationId, change: () => course });
  written.length = 0;
  return { table, written };
};

describe("the course of an evaluation", () => {
  it("comes with the reading of the record, and is empty before anything was seen", async () => {
    const { table } = watched();
    await createEvaluation(table, { ...clusterEvaluation, evaluationId });
    expect(courseAmong(await itemsOf(table))).toBe(emptyCourse);
    await updateCourse(table, { evaluationId, change: () => course });
    expect(courseAmong(await itemsOf(table))).toEqual(course);
  });

  it("is not written where nothing is new, there or not", async () => {
    const { table, written } = await withCourse();
    const change = (stored: Course): Course => stored;
    await updateCourse(table, { evaluationId, change, known: await itemsOf(table) });
    await updateCourse(table, { evaluationId, change });
    const { table: other, written: ofOther } = watched();
    await updateCourse(other, { evaluationId, change, known: [] });
    expect([...written, ...ofOther]).toEqual([]);
  });

  it("leaves the record as it is", async () => {
    const { table, written } = await withCourse();
    const change = ({ capacity }: Course): Course => ({ capacity, budgets: [] });
    await updateCourse(table, { evaluationId, change });
    expect(written.map(({ sk }) => sk)).toEqual(["SEEN"]);
  });

  it("is read anew where another execution has written it meanwhile", async () => {
    const { table } = await withCourse();
    const known = await itemsOf(table);
    await updateCourse(table, { evaluationId, change: (stored) => ({ ...stored, leftOut: 7 }) });
    const change = (stored: Course): Course => ({ ...stored, budgets: [] });
    await updateCourse(table, { evaluationId, change, known });
    expect(courseAmong(await itemsOf(table))).toEqual({ ...course, leftOut: 7, budgets: [] });
  });
});
