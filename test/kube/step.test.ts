/** The whole drain-poll step on a node of 110 pods under 10 budgets of a real control plane. */
import { expect, test } from "@jest/globals";
import { measureDrain } from "../../local/kube/drain-measure.ts";
import { drainScenarios } from "../../local/kube/drain-scenario.ts";
import { drainByStep, type StepDrain } from "./drain-step.ts";
import { binaries } from "./sides.ts";

test("a node of 110 pods under 10 budgets is drained, with no budget broken and no right but our role's", async () => {
  let drain: StepDrain | undefined;
  const figures = await measureDrain(binaries(), drainScenarios.fast, async (task) => {
    drain = await drainByStep(task);
  });
  process.stdout.write(`${JSON.stringify({ ...figures, ...drain })}\n`);
  expect(figures.left).toBe(0);
  expect(figures.leastHealthy).toBeGreaterThanOrEqual(10);
  expect(drain?.intents).toEqual(["CORDON_NODE", "DRAIN_NODE"]);
  // One for each tick that has evicted, never one for each pod.
  expect(drain?.effects.every((action) => action === "EvictPods")).toBe(true);
  expect(drain?.effects.length).toBeLessThanOrEqual(drain?.ticks ?? 0);
  expect(drain?.longestSeconds).toBeLessThan(45);
  expect(figures.requests).toBeLessThan(300);
}, 300_000);
