import { describe, expect, it } from "@jest/globals";
import type { Ending, Lab } from "../../../local/lab/contract.ts";
import { createLab, startMs, type LabOptions } from "../../../local/lab/lab.ts";
import { complaintsAbout } from "../../../local/lab/judge.ts";
import { actionsOf, rich } from "../../../local/lab/scenarios.ts";

const switched = async (options: LabOptions): Promise<{ lab: Lab; story: Ending }> => {
  const lab = await createLab(options);
  const story = await lab.run();
  expect(await complaintsAbout(lab, story)).toEqual([]);
  expect(story.status).toBe("SWITCHED");
  return { lab, story };
};

/** Writes that the original's root acknowledged, and those that the replacement's root has. */
const rootWrites = (lab: Lab, story: Ending): { acknowledged: number; found: number } => {
  const [replacement] = story.replacements.filter(({ state }) => state === "running");
  return {
    acknowledged: lab.watch.acknowledged.get(lab.watch.rootVolumeId) ?? 0,
    found: lab.control.writesOn(replacement?.instanceId ?? "") ?? 0,
  };
};

describe("a switch that nothing disturbs", () => {
  it.each([
    ["stop-and-image, by a new root volume", rich["stop-and-image"], "replace-root-volume"],
    ["stop-and-image, by a relaunch", rich.relaunch, "relaunch"],
    [
      "stop-and-image, where EC2 replaces no root of a Spot Instance",
      { maxReplacements: 2, settings: { replaceRootOnSpot: false } },
      "relaunch",
    ],
  ] satisfies readonly (readonly [string, LabOptions, string])[])(
    "%s: loses no write that was acknowledged",
    async (_name, options, rootTransfer) => {
      const { lab, story } = await switched(options);
      const { acknowledged, found } = rootWrites(lab, story);
      expect(acknowledged).toBeGreaterThan(10);
      expect(found).toBeGreaterThanOrEqual(acknowledged);
      expect(story.evaluation.progress.rootTransfer).toBe(rootTransfer);
      expect(story.evaluation.downtimeSeconds).toBeGreaterThan(0);
    },
  );

  it("move-volumes: the very data volumes move with all their writes, and no final image is made", async () => {
    const { lab, story } = await switched(rich["move-volumes"]);
    expect(actionsOf(story).filter((action) => action === "CreateImage")).toHaveLength(1);
    expect(lab.watch.dataVolumeIds).toHaveLength(2);
    expect(story.evaluation.downtimeSeconds).toBeGreaterThan(0);
  });

  it("stateless: at no instant nobody that runs holds the address, and the original is stopped last", async () => {
    const { lab, story } = await switched(rich.stateless);
    const { moments } = lab.watch;
    const states = moments.map(({ original, replacements, holders }) => {
      const all = [{ instanceId: lab.originalId, state: original }, ...replacements];
      return Object.values(holders).map(
        (id) => all.find(({ instanceId }) => instanceId === id)?.state ?? "gone",
      );
    });
    expect(new Set(states.flat())).toEqual(new Set(["running"]));
    const stoppedAt = story.effects.find(({ action }) => action === "StopInstances")?.at ?? "";
    expect(stoppedAt > (story.evaluation.progress.servingAt ?? "")).toBe(true);
    expect(actionsOf(story)).not.toContain("CreateImage");
    expect(story.evaluation.downtimeSeconds).toBeUndefined();
  });

  it("is recorded with request ids, phases, savings, and the time at which the original retires", async () => {
    const { lab, story } = await switched(rich["stop-and-image"]);
    const { evaluation, effects, mutations, original } = story;
    expect(effects.map(({ requestId }) => requestId)).toEqual(
      mutations.map(({ requestId }) => requestId),
    );
    expect(effects.every(({ outcome }) => outcome === "DONE")).toBe(true);
    expect(evaluation.phases.every(({ endedAt }) => endedAt !== undefined)).toBe(true);
    expect(evaluation.phases.map(({ name }) => name)).toEqual([
      "open-evaluation",
      "check-eligibility",
      "scrape",
      "filter",
      "predict",
      "decide",
      "prepare-image",
      "launch",
      "await-healthy",
      "freeze-original",
      "final-image",
      "replace-root",
      "move-identity",
      "verify",
      "retire-original",
      "record",
    ]);
    expect(evaluation.estimatedSavings?.monthlyUsd).toBeGreaterThan(0);
    const { frozenAt = "", servingAt = "" } = evaluation.progress;
    expect(evaluation.downtimeSeconds).toBe((Date.parse(servingAt) - Date.parse(frozenAt)) / 1000);
    expect(original?.tags["spot-optimizer:retire-after"]).toMatch(/^2026-03-03T09:/);
    expect(Date.parse(evaluation.startedAt)).toBeGreaterThanOrEqual(startMs);
    expect(lab.watch.moments.length).toBeGreaterThan(100);
  });

  it("through the bytes of the wire protocol and EC2's request buckets ends as it does without", async () => {
    const { story } = await switched({
      ...rich["stop-and-image"],
      front: "in-process",
      throttle: true,
    });
    expect(story.evaluation.failure).toBeUndefined();
  });

  it("keeps the customer's tags on the replacement, beside ours", async () => {
    const { lab, story } = await switched({});
    expect(lab.replacement()?.tags).toMatchObject({
      ManagedBy: "SpotOptimizer",
      "spot-optimizer:evaluation": story.evaluationId,
      "spot-optimizer:target": lab.targetId,
    });
  });
});
