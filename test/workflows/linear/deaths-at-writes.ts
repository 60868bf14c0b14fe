/** Lets a function die at writes of its own, one in each run: it is invoked again by Step Functions. */
import { evaluationIdSchema } from "../../../core/model/ids.ts";
import type { Lab } from "../../../local/lab/contract.ts";
import { createKiller, watchTable, type WatchedTable } from "../../../local/lab/harm.ts";
import type { LabOptions } from "../../../local/lab/lab.ts";
import { complaintsAbout } from "../../../local/lab/judge.ts";
import { createMemoryTable } from "../../../local/platform/memory-table.ts";

type WriteHook = NonNullable<Parameters<WatchedTable["setHook"]>[0]>;
type Begin = Pick<LabOptions, "table" | "ownTable" | "undisturbedUntil">;

/** A laboratory that begins so. */
export type OpenLab = (begin: Begin) => Promise<Lab>;

const runWith = async (open: OpenLab, onWrite: WriteHook, begin: Begin = {}) => {
  const ownTable = createMemoryTable();
  const table = watchTable(ownTable);
  const lab = await open({ ...begin, table, ownTable });
  const { body } = await lab.evaluate();
  table.setHook(onWrite);
  const story = await lab.finish(evaluationIdSchema.parse(body["evaluation_id"]));
  return { complaints: await complaintsAbout(lab, story), status: story.status, table };
};

/** How many writes the functions of an evaluation make that nothing happens to. */
export const writesOf = async (open: OpenLab): Promise<number> =>
  (await runWith(open, () => undefined, { undisturbedUntil: "END" })).table.writes;

interface Death {
  readonly write: number;
  readonly deaths: number;
  readonly complaints: readonly string[];
  readonly status: string;
}

interface AtWrites {
  readonly count: number;
  /** So many writes apart. */
  readonly every: number;
  /** Default: before one write and after another in turn. */
  readonly moment?: "before" | "after";
}

export const dieAtWrites = async (
  open: OpenLab,
  { count, every, moment: always }: AtWrites,
): Promise<readonly Death[]> => {
  const ended: Death[] = [];
  for (let write = 1; write <= count; write += every) {
    const killer = createKiller();
    const dying = always ?? (ended.length % 2 === 0 ? "before" : "after");
    const { complaints, status } = await runWith(
      open,
      (moment, nth) => (moment === dying && nth === write ? killer.die() : undefined),
      { undisturbedUntil: { write } },
    );
    ended.push({ write, deaths: killer.deaths, complaints, status });
  }
  return ended;
};
