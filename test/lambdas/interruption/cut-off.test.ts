/** A warning whose function dies, or is refused its start, wherever that happens: it is answered within the notice all the same, once. */
import { describe, expect, it } from "@jest/globals";
import { CloudError } from "../../../local/cloud/contract.ts";
import { createKiller, watchTable } from "../../../local/lab/harm.ts";
import { lossy } from "../../../local/lab/scenarios.ts";
import { currentInvocation } from "../../../local/platform/invocation.ts";
import { createMemoryTable } from "../../../local/platform/memory-table.ts";
import { lossesOf, minuteMs, openAtRisk, type World } from "./response-world.ts";

const isReceiving = (): boolean => currentInvocation()?.name === "interruption-receive";

/** @param at the write of the function, from 1, before or after which it dies; 0: none */
const dyingAt = async (
  at: number,
  dies: "before" | "after" = "before",
): Promise<{ readonly world: World; readonly writes: readonly string[] }> => {
  const table = watchTable(createMemoryTable());
  const world = await openAtRisk({ ...lossy, table });
  const killer = createKiller();
  const writes: string[] = [];
  table.setHook((moment, _write, { pk, sk }) => {
    if (!isReceiving()) return undefined;
    if (moment === "before") writes.push(`${pk.split("#")[0] ?? ""} ${sk.split("#")[0] ?? ""}`);
    const isDue = moment === dies && writes.length === at && killer.deaths === 0;
    return isDue ? killer.die() : undefined;
  });
  return { world, writes };
};

/** Answered once, and in time. */
const expectAnswered = async (world: World): Promise<void> => {
  const noticedMs = world.lab.clock.now();
  const startedMs: number[] = [];
  world.lab.platform.cloud.faults.before(({ operation, at }) => {
    if (operation === "StartExecution") startedMs.push(at - noticedMs);
  });
  world.interrupt();
  await world.pass(40 * minuteMs);
  const [recovery, ...others] = await world.evaluations();
  expect(others).toEqual([]);
  expect(recovery).toMatchObject({ kind: "RECOVER", startedBy: "event", status: "SWITCHED" });
  expect(startedMs.at(-1)).toBeLessThan(15_000);
  const { platform, watch } = world.lab;
  expect(await lossesOf(world)).toHaveLength(1);
  expect(watch.broken).toEqual([]);
  expect(platform.queues.messages(platform.ownEvents.deadLettersArn)).toEqual([]);
};

/** Those of one warning that nothing happens to: the first of the function's own. */
const writes = await (async () => {
  const { world, writes: told } = await dyingAt(0);
  world.interrupt();
  await world.pass(5_000);
  return [...told];
})();

describe("a warning whose function dies", () => {
  it("has these writes", () => {
    expect(writes).toEqual([
      "TOLD INTERRUPTION_WARNING",
      "OUTBOX 2026-03-02T09:10:02.000Z",
      "POOL REPORT",
      "POOL LOSS",
      "LEASE LEASE",
      "EVALUATION RECORD",
      "EVALUATION RECORD",
    ]);
  });

  it.each(
    writes.flatMap((write, index) =>
      (["before", "after"] as const).map((dies) => ({ write, nth: index + 1, dies })),
    ),
  )("$dies write $nth ($write) is answered once, within seconds", async ({ nth, dies }) => {
    const { world } = await dyingAt(nth, dies);
    await expectAnswered(world);
  });

  it.each(["before", "after"] as const)(
    "%s it has started the workflow is answered once, within seconds",
    async (dies) => {
      const world = await openAtRisk();
      const killer = createKiller();
      world.lab.platform.cloud.faults[dies](({ operation }) =>
        operation === "StartExecution" && isReceiving() && killer.deaths === 0
          ? killer.die()
          : undefined,
      );
      await expectAnswered(world);
      expect(killer.deaths).toBe(1);
    },
  );
});

it.each(["ExecutionLimitExceeded", "StateMachineDeleting"])(
  "a warning whose start Step Functions refuses with %s is answered by another",
  async (code) => {
    const world = await openAtRisk();
    let refused = 0;
    world.lab.platform.cloud.faults.before(({ operation }) => {
      if (operation !== "StartExecution" || !isReceiving() || refused > 0) return;
      refused += 1;
      throw new CloudError(code, "Not now.", 400);
    });
    world.interrupt();
    await world.pass(40 * minuteMs);
    const [recovery, ended] = await world.evaluations();
    expect(recovery).toMatchObject({ kind: "RECOVER", startedBy: "event", status: "SWITCHED" });
    expect(ended).toMatchObject({ kind: "RECOVER", status: "DEGRADED" });
  },
);
