import { describe, expect, it } from "@jest/globals";
import { isShownDead, isSilent } from "../../../../../core/decide/kubernetes/drain/silence.ts";
import { aNode, at } from "../objects.ts";

const well = { state: "running", system: "ok", instance: "ok", attachedEbs: "ok" } as const;

describe("a node that does not speak", () => {
  it.each([
    ["True", -3600, false],
    ["Unknown", 0, false],
    ["Unknown", -301, true],
    ["False", -301, true],
  ] as const)("Ready %s since %i s: silent %s", (status, since, isSo) => {
    const ready = { type: "Ready", status, lastTransitionTime: at(since) };
    expect(isSilent(aNode({ conditions: [ready] }), at(0))).toBe(isSo);
  });

  it.each([
    ["is well", well, false],
    ["can't be reached", { ...well, instance: "impaired" }, true],
    ["stands on a machine that can't be reached", { ...well, system: "impaired" }, true],
    ["is stopped", { ...well, state: "stopped" }, true],
    ["is terminated", { ...well, state: "terminated" }, true],
    ["still stops", { ...well, state: "stopping" }, false],
    ["can't reach its volumes", { ...well, attachedEbs: "impaired" }, false],
    ["is not known to be well", { system: "unknown", instance: "insufficient-data" }, false],
  ] as const)("whose instance %s, by EC2", (_what, health, isSo) => {
    expect(isShownDead(health)).toBe(isSo);
  });
});
