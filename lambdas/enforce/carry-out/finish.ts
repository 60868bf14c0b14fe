/**
 * Finishes what was begun in a place, whatever its settings say by now: looks what became of stops and terminations, and tells the
 * owners of what was stopped how to start it again.
 */
import { readFindingsIn, type StoredFinding } from "../../../adapters/store/enforcer.ts";
import type { Table } from "../../../adapters/store/table.ts";
import type { Place } from "../../../core/model/place.ts";
import { each, placeNow, type Run } from "./run.ts";
import { tellAll } from "./tell.ts";
import { verify } from "./verify.ts";

const isOpen = ({ finding }: StoredFinding): boolean =>
  finding.status === "STOPPING" || finding.status === "TERMINATING";

const isUnreported = ({ finding }: StoredFinding): boolean =>
  finding.status === "STOPPED" && finding.doneNotice === undefined;

export const hasBegun = async (table: Table, place: Place): Promise<boolean> =>
  (await readFindingsIn(table, place)).some((one) => isOpen(one) || isUnreported(one));

/** How many notices were accepted. */
export const finishBegun = async (run: Run): Promise<number> => {
  const { context, enforced } = run;
  const open = (await readFindingsIn(context.table, enforced.place)).filter(isOpen);
  await each(run, open, (one) => verify(run, one).then(() => ({ isEnough: false })));
  const stopped = (await readFindingsIn(context.table, enforced.place)).filter(isUnreported);
  if (stopped.length === 0) return 0;
  return tellAll(run, stopped, { kind: "DONE", place: await placeNow(run) });
};
