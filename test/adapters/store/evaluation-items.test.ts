import { describe, expect, it } from "@jest/globals";
import {
  createEvaluation,
  getEvaluation,
  listEvaluations,
  loadEvaluation,
  loadStory,
  updateEvaluation,
  updateLoaded,
} from "../../../adapters/store/evaluations.ts";
import type { Table } from "../../../adapters/store/table.ts";
import type { Evaluation, Phase } from "../../../core/model/evaluation.ts";
import { createMemoryTable } from "../../../local/platform/memory-table.ts";
import { at, evaluation, evaluationId } from "./examples.ts";

interface Watched {
  readonly table: Table;
  /** Sort keys of the items written since the last look. */
  readonly written: () => readonly string[];
}

const watched = async (): Promise<Watched> => {
  const memory = createMemoryTable();
  await createEvaluation(memory, evaluation(1));
  let written: string[] = [];
  const table: Table = {
    get: (key, reading) => memory.get(key, reading),
    put: (item, condition) => {
      written.push(item.sk);
      return memory.put(item, condition);
    },
    delete: (key, condition) => memory.delete(key, condition),
    query: (input) => memory.query(input),
  };
  return {
    table,
    written: () => {
      const since = written;
      written = [];
      return since;
    },
  };
};

const open = (name: string, seconds: number): Phase => ({ name, startedAt: at(seconds) });
const ended = (name: string, from: number, to: number): Phase => ({
  ...open(name, from),
  endedAt: at(to),
});

const note =
  (phase: Phase) =>
  (record: Evaluation): Evaluation => ({
    ...record,
    phases: [...record.phases.filter(({ name }) => name !== phase.name), phase],
  });

const wait = {
  beganAt: at(1),
  deadline: at(100),
  pace: { firstSeconds: 10, everySeconds: 10, mostSeconds: 10 },
};

const namesOf = (record: Evaluation | undefined): readonly string[] | undefined =>
  record?.phases.map(({ name }) => name);

describe("the items of an evaluation", () => {
  it("are written where they differ: what a step adds is not written with what stays", async () => {
    const { table, written } = await watched();
    const change = (apply: (record: Evaluation) => Evaluation) =>
      updateEvaluation(table, evaluationId(1), apply);
    await change((record) => ({ ...record, waits: { image: wait } }));
    expect(written()).toEqual(["RECORD#PROGRESS"]);
    await change((record) => ({ ...note(ended("scrape", 1, 2))(record) }));
    expect(written()).toEqual(["PHASE#scrape#"]);
    await change((record) => note(ended("decide", 2, 3))({ ...record, status: "SWITCHED" }));
    expect(written()).toEqual(["RECORD"]);
    await change((record) => ({ ...record, waits: { ...record.waits } }));
    expect(written()).toEqual([]);
    await change((record) => note(ended("launch", 3, 4))({ ...record, waits: {} }));
    expect(written()).toEqual(["RECORD#PROGRESS"]);
    expect(await getEvaluation(table, evaluationId(1))).toEqual({
      ...evaluation(1),
      status: "SWITCHED",
      phases: [ended("scrape", 1, 2), ended("decide", 2, 3), ended("launch", 3, 4)],
      version: 4,
    });
  });

  it("give a step the phases that are open, and a reader all of them in the order of their ends", async () => {
    const { table } = await watched();
    for (const phase of [
      open("image", 1),
      ended("image", 1, 9),
      ended("launch", 9, 10),
      ended("early", 0, 5),
      open("healthy", 11),
    ]) {
      await updateEvaluation(table, evaluationId(1), note(phase));
    }
    const forStep = await loadEvaluation(table, evaluationId(1));
    expect(namesOf(forStep?.evaluation)).not.toContain("launch");
    expect(namesOf(forStep?.evaluation)).toContain("healthy");
    const story = await loadStory(table, evaluationId(1));
    expect(story?.evaluation.phases).toEqual([
      ended("early", 0, 5),
      ended("image", 1, 9),
      ended("launch", 9, 10),
      open("healthy", 11),
    ]);
  });

  it("show a phase that was begun again as open, and then from its first begin to its last end", async () => {
    const { table } = await watched();
    const phases = async () => (await getEvaluation(table, evaluationId(1)))?.phases;
    await updateEvaluation(table, evaluationId(1), note(ended("launch", 1, 2)));
    await updateEvaluation(table, evaluationId(1), note(open("launch", 3)));
    expect(await phases()).toEqual([open("launch", 3)]);
    await updateEvaluation(table, evaluationId(1), note(ended("launch", 3, 4)));
    expect(await phases()).toEqual([ended("launch", 1, 4)]);
  });

  it("are written on top of what was read, and read anew only after another writer's write", async () => {
    const { table } = await watched();
    const read = await loadEvaluation(table, evaluationId(1));
    if (read === undefined) throw new Error("It was created.");
    let queries = 0;
    const counting: Table = {
      ...table,
      query: (input) => {
        queries += 1;
        return table.query(input);
      },
    };
    const later = { ...wait, deadline: at(200) };
    await updateLoaded(counting, read, (record) => ({ ...record, waits: { image: wait } }));
    expect(queries).toBe(0);
    await updateLoaded(counting, read, (record) => ({
      ...record,
      waits: { ...record.waits, healthy: later },
    }));
    expect(queries).toBe(1);
    const stored = await getEvaluation(table, evaluationId(1));
    expect(stored?.waits).toEqual({ image: wait, healthy: later });
  });

  it("are listed by the record alone", async () => {
    const { table } = await watched();
    await updateEvaluation(table, evaluationId(1), note(ended("scrape", 1, 2)));
    const { items } = await listEvaluations(table, { limit: 10 });
    expect(items).toEqual([evaluation(1)]);
  });

  it("that do not hold a packed record are named", async () => {
    const { table } = await watched();
    const key = { pk: `EVALUATION#${evaluationId(1)}`, sk: "RECORD" };
    await table.put({ ...key, version: 2, data: Uint8Array.of(1, 2) }, { ifVersion: 1 });
    await expect(getEvaluation(table, evaluationId(1))).rejects.toMatchObject({
      name: "BrokenFacts",
      resource: `${key.pk}/RECORD`,
    });
  });
});
