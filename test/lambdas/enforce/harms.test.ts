/** Each call of the enforcer's functions fails or is their last: then the owner is told in time all the same, and nothing is stopped twice. */
import { describe, expect, it } from "@jest/globals";
import { createKiller, harmCall, harms, watchTable } from "../../../local/lab/harm.ts";
import { createMemoryTable } from "../../../local/platform/memory-table.ts";
import { afterWeek, live, stopsOf, type EnforceLab } from "./enforce-lab.ts";

const calls = [
  "DescribeInstances",
  "DescribeAutoScalingGroups",
  "ListClusters",
  "DescribeInstanceAttribute",
  "DescribeRouteTables",
  "DescribeTargetGroups",
  "Publish",
  "StopInstances",
] as const;

const readAndCarryOut = async (lab: EnforceLab): Promise<void> => {
  for (const name of ["enforce-scan-place", "enforce-carry-out"]) {
    // Whoever has died is called again by the schedule.
    await lab.platform.functions.invoke(name, {}).catch(() => undefined);
  }
};

/** Every five minutes, as deployed, until it is over. */
const hoursOf = async (lab: EnforceLab, hours: number): Promise<void> => {
  for (let run = 0; run < hours * 12; run += 1) {
    await readAndCarryOut(lab);
    await lab.pass(5);
  }
};

const hourMs = 3_600_000;

const expectTold = async (lab: EnforceLab, id: string): Promise<void> => {
  expect(lab.stateOf(id)).toBe("stopped");
  const finding = (await lab.findings()).get(id);
  expect(finding).toMatchObject({ status: "STOPPED", done_notice: {} });
  const warned = (finding?.["warning"] as { readonly at: string }).at;
  const acted = stopsOf(lab).filter(({ hadEffect }) => hadEffect);
  for (const { at } of acted) {
    expect(new Date(at).getTime() - Date.parse(warned)).toBeGreaterThanOrEqual(hourMs);
  }
  expect(acted.length).toBeLessThanOrEqual(2);
  const about = (what: string) => lab.told().filter((subject) => subject.endsWith(what));
  expect(about("is stopped in an hour").length).toBeGreaterThanOrEqual(1);
  expect(about("was stopped").length).toBeGreaterThanOrEqual(1);
};

describe.each(calls)("at %s", (operation) => {
  it.each(harms)("%s", async (harm) => {
    const { lab, id } = await afterWeek();
    const { isDone } = harmCall(lab.platform, {
      harm,
      nth: 1,
      matches: (call) => call.operation === operation,
    });
    await hoursOf(lab, 4);
    expect(isDone()).toBe(true);
    // A stop that was refused has taken its place in the cap: the day must be over, or persons agree.
    if (lab.stateOf(id) === "running") {
      expect(operation).toBe("StopInstances");
      await live(lab, 27);
    }
    await expectTold(lab, id);
  });
});

describe("a run that dies at a write", () => {
  /** From the last reading before the last notice to the stop they are twenty-three. */
  const writes = Array.from({ length: 23 }, (_, index) => index + 1);

  it.each(writes)("the %ith, before or after it, is followed by one that goes on", async (nth) => {
    for (const moment of ["before", "after"] as const) {
      const ownTable = createMemoryTable();
      const table = watchTable(ownTable);
      const { lab, id } = await afterWeek({}, {}, { table, ownTable });
      const killer = createKiller();
      table.setHook((when, write) => (when === moment && write === nth ? killer.die() : undefined));
      await hoursOf(lab, 4);
      expect(killer.deaths).toBe(1);
      if (lab.stateOf(id) === "running") await live(lab, 27);
      await expectTold(lab, id);
    }
  });
});

describe("at TerminateInstances", () => {
  it.each(harms)("%s: what was agreed to is ended once, or asked for anew", async (harm) => {
    const { lab, id } = await afterWeek({}, { settings: { terminate_after_days: 1 } });
    await live(lab, 4);
    expect(lab.stateOf(id)).toBe("stopped");
    await lab.pass(24 * 60);
    await live(lab, 3);
    const agree = async (): Promise<void> => {
      const { body } = await lab.send("GET", "/approvals?status=PENDING");
      const { items } = body as {
        readonly items: readonly { readonly approval_id: string; readonly bounds_hash: string }[];
      };
      for (const { approval_id: asked, bounds_hash } of items) {
        await lab.send("POST", `/approvals/${asked}/approve`, { bounds_hash }, "ben");
      }
    };
    await agree();
    const { isDone } = harmCall(lab.platform, {
      harm,
      nth: 1,
      matches: ({ operation }) => operation === "TerminateInstances",
    });
    await hoursOf(lab, 0.5);
    expect(isDone()).toBe(true);
    await agree();
    await hoursOf(lab, 1);
    expect([undefined, "shutting-down", "terminated"]).toContain(lab.stateOf(id));
    const ends = lab.platform.cloud.journal.filter(
      ({ operation, hadEffect }) => operation === "TerminateInstances" && hadEffect,
    );
    expect(ends).toHaveLength(1);
  });
});
