import { describe, expect, it } from "@jest/globals";
import { judgeRestoredTarget } from "../../../core/decide/restored-target.ts";
import { instanceId, target } from "../../adapters/store/examples.ts";

const restored = target(1);
const own = restored.instanceId;
const other = instanceId(99);

describe("a target of a restored table", () => {
  it.each([
    { state: "running", running: [] },
    { state: "pending", running: [own] },
  ] as const)("stands as the table has it: its instance is $state, no other runs", (world) => {
    expect(judgeRestoredTarget(restored, world)).toBeUndefined();
  });

  it.each(["running", "stopped", "terminated", undefined] as const)(
    "may be served by another instance that was launched for it, whatever its own does: %s",
    (state) => {
      const told = judgeRestoredTarget(restored, { state, running: [own, other] });
      expect(told).toMatchObject({ standing: "ANOTHER_RUNS", running: [other] });
      expect(told?.sentence).toContain(`${other} runs, which was launched for it`);
    },
  );

  it.each([
    { state: "stopped", standing: "NOT_RUNNING", words: "is stopped" },
    { state: "terminated", standing: "NOT_RUNNING", words: "is terminated" },
    { state: undefined, standing: "NOT_SHOWN", words: "is not shown by EC2" },
  ] as const)("is told where nothing runs for it: its instance $words", (world) => {
    const told = judgeRestoredTarget(restored, { state: world.state, running: [] });
    expect(told).toMatchObject({ standing: world.standing, running: [] });
    expect(told?.sentence).toContain(world.words);
  });
});
