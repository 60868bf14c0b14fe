/** A warning of what a switch has launched, at each of its states: no sweep is needed for somebody to serve again. */
import { describe, expect, it } from "@jest/globals";
import { getTarget } from "../../../adapters/store/targets.ts";
import { targetIdSchema } from "../../../core/model/ids.ts";
import type { FunctionName } from "../../../lambdas/access/functions.ts";
import type { Lab } from "../../../local/lab/contract.ts";
import { watchTable } from "../../../local/lab/harm.ts";
import { createLab, createLabLost } from "../../../local/lab/lab.ts";
import { lossy, richOnSpot, whenItBegins } from "../../../local/lab/scenarios.ts";
import { currentInvocation } from "../../../local/platform/invocation.ts";
import { createMemoryTable } from "../../../local/platform/memory-table.ts";
import { listenTo, minuteMs } from "./response-world.ts";

const kinds = [
  ["a stateless switch", lossy, createLab],
  ["a switch with data", richOnSpot["stop-and-image"], createLab],
  ["a recovery", lossy, createLabLost],
] as const;

const steps = [
  "linear-await-healthy",
  "linear-freeze-original",
  "linear-move-identity",
  "linear-verify",
  "linear-retire-original",
  "judge-record",
] as const satisfies readonly FunctionName[];

const interrupt = (lab: Lab): void => {
  const replacement = lab.replacement();
  if (replacement === undefined) return;
  lab.watch.excuse("replacement");
  lab.control.interrupt(replacement.instanceId);
};

/** The target's instance runs, and has all by which clients come. */
const expectServed = async (lab: Lab): Promise<void> => {
  const target = await getTarget(lab.table, targetIdSchema.parse(lab.targetId));
  const allocationIds = [...lab.watch.allocationIds];
  expect(lab.control.find(target?.instanceId ?? "")).toMatchObject({
    state: "running",
    allocationIds,
  });
  const { queues, ownEvents } = lab.platform;
  expect(queues.messages(ownEvents.deadLettersArn)).toEqual([]);
};

describe.each(kinds)("%s whose replacement is taken", (_kind, options, create) => {
  it("as EC2 shows only after the last look is recovered by the event, which has waited for its end", async () => {
    const table = watchTable(createMemoryTable());
    const lab = await create({ ...options, table });
    const world = await listenTo(lab);
    whenItBegins(lab, "linear-verify", () => {
      const instanceId = lab.replacement()?.instanceId ?? "";
      world.tell({ "instance-id": instanceId, "instance-action": "terminate" });
    });
    let isTaken = false;
    table.setHook(() => {
      if (isTaken || currentInvocation()?.name !== "judge-record") return undefined;
      isTaken = true;
      lab.platform.eventBridge.control.harm(() => ({ kind: "LOSE" }));
      interrupt(lab);
      return undefined;
    });
    const story = await lab.run();
    expect([isTaken, story.status]).toEqual([true, "SWITCHED"]);
    await world.pass(60 * minuteMs);
    const [recovery] = await world.evaluations();
    expect(recovery).toMatchObject({ kind: "RECOVER", startedBy: "event", status: "SWITCHED" });
    await expectServed(lab);
  });
});

describe.each(kinds)("%s whose replacement is taken", (_kind, options, create) => {
  // Of a switch each call is tried without an event: test/workflows/linear/interruptions.test.ts.
  it.each(create === createLab ? steps.slice(-2) : steps)(
    "when %s begins ends at an instance that serves",
    async (step) => {
      const lab = await create(options);
      const world = await listenTo(lab);
      whenItBegins(lab, step, () => {
        interrupt(lab);
      });
      await lab.run();
      await world.pass(60 * minuteMs);
      await expectServed(lab);
    },
  );
});
