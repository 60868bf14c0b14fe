/** The function that off-boards accounts dies at each of its calls and writes: what serves goes on serving, and it comes to the same end. */
import { describe, expect, it } from "@jest/globals";
import { accountId } from "../../../../local/lab/lab.ts";
import {
  createKiller,
  harmCall,
  harms,
  isMutation,
  watchTable,
} from "../../../../local/lab/harm.ts";
import { rich } from "../../../../local/lab/scenarios.ts";
import { createMemoryTable } from "../../../../local/platform/memory-table.ts";
import { leavingAccount, type LeavingLab } from "./off-board-lab.ts";

const scenario = rich["move-volumes"];

/** What is left in the account; a request for Spot ends with its instance. */
const endOf = ({ lab, tagsOf, replacementId }: LeavingLab): unknown => ({
  original: lab.control.find(lab.originalId)?.state,
  tags: tagsOf(lab.originalId),
  replacement: lab.control.find(replacementId)?.state,
  deletedWithIt: lab.control.find(replacementId)?.deletedWithIt.length,
  left: lab.control
    .resources(accountId)
    .filter(({ kind }) => kind !== "spot-request")
    .map(({ kind, tags }) => `${kind} ${String(Object.keys(tags).length)}`)
    .toSorted(),
});

const begin = async (leaving: LeavingLab): Promise<void> => {
  expect(await leaving.agree(await leaving.tell())).toMatchObject({ status: 202 });
};

const undisturbed = async (): Promise<{ readonly calls: number; readonly end: unknown }> => {
  const leaving = await leavingAccount(scenario);
  await begin(leaving);
  let calls = 0;
  leaving.lab.platform.cloud.faults.before((call) => {
    if (isMutation(accountId)(call)) calls += 1;
  });
  await leaving.work();
  return { calls, end: endOf(leaving) };
};

const expectSameEnd = async (leaving: LeavingLab, end: unknown): Promise<void> => {
  const { lab, replacementId } = leaving;
  const states = new Set<string | undefined>();
  lab.platform.cloud.faults.before(() => {
    states.add(lab.control.find(replacementId)?.state);
  });
  await leaving.work(20);
  expect([...states]).toEqual(["running"]);
  expect(await leaving.isGone()).toBe(true);
  expect(endOf(leaving)).toEqual(end);
};

describe("an off-boarding", () => {
  it.each(harms.filter((harm) => harm !== "unauthorized"))(
    "that meets %s at each of its calls comes to the same end",
    async (harm) => {
      const { calls, end } = await undisturbed();
      expect(calls).toBeGreaterThan(3);
      for (let nth = 1; nth <= calls; nth += 1) {
        const leaving = await leavingAccount(scenario);
        await begin(leaving);
        const { platform } = leaving.lab;
        const { isDone } = harmCall(platform, { harm, nth, matches: isMutation(accountId) });
        await expectSameEnd(leaving, end);
        expect(isDone()).toBe(true);
      }
    },
  );

  it("that dies after each of its writes comes to the same end", async () => {
    const { end } = await undisturbed();
    let deaths = 1;
    for (let nth = 1; deaths > 0; nth += 1) {
      const table = watchTable(createMemoryTable());
      const leaving = await leavingAccount({ ...scenario, table });
      await begin(leaving);
      const killer = createKiller();
      table.setHook((moment, write) =>
        moment === "after" && write === nth ? killer.die() : undefined,
      );
      await expectSameEnd(leaving, end);
      ({ deaths } = killer);
    }
  });
});
