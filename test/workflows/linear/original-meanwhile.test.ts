import { describe, expect, it } from "@jest/globals";
import { createLab } from "../../../local/lab/lab.ts";
import { refusals } from "../../../local/lab/harm.ts";
import { complaintsAbout } from "../../../local/lab/judge.ts";
import { currentInvocation } from "../../../local/platform/invocation.ts";
import {
  actionsOf,
  asOwner,
  at,
  atFirst,
  hasServedAfter,
  rich,
  stepsOf,
} from "../../../local/lab/scenarios.ts";

const { instance } = rich["stop-and-image"];
/** What its owner has deleted together with it would go with what the owner terminates. */
const options = {
  ...rich["stop-and-image"],
  instance: {
    ...instance,
    secondaryInterfacesDeleteOnTermination: false,
    dataVolumes: [{ sizeGib: 20 }],
  },
};
const steps = await stepsOf(options);
const nthOf = (operation: string): number =>
  steps.findIndex((step) => step.operation === operation) + 1;
/** The last that tags: an earlier call has claimed the original. */
const retirement = steps.findLastIndex(({ operation }) => operation === "CreateTags") + 1;

describe("an original that its owner terminates meanwhile", () => {
  it.each([
    ["before the launch", nthOf("CreateImage"), "Kept:"],
    ["after the launch", nthOf("RunInstances"), "Kept:"],
    ["after the freeze", nthOf("StopInstances"), "Kept:"],
    // What it had moves on, and serves: that is found out when the original is to be retired.
    ["while its root travels", nthOf("CreateReplaceRootVolumeTask"), "has served since"],
    ["while its volumes travel", nthOf("DetachVolume"), "has served since"],
    ["while its addresses travel", nthOf("AssignPrivateIpAddresses"), "has served since"],
  ])("%s: what could take its place is kept, and a person is told", async (_name, nth, told) => {
    const lab = await createLab({ ...options, undisturbedUntil: { change: nth } });
    at(
      lab,
      { nth },
      {
        when: "after",
        what: () => {
          lab.watch.excuse("original");
          lab.control.terminateByOwner(lab.originalId);
        },
      },
    );
    const story = await lab.run();
    expect(lab.watch.broken).toEqual([]);
    expect(story.status).toBe("NEEDS_OPERATOR");
    expect(story.executionStatus).toBe("FAILED");
    expect(story.evaluation.failure?.error).toBe("StaleOriginal");
    expect(story.evaluation.rollbackProblem).toContain(`The original ${lab.originalId}`);
    expect(story.evaluation.rollbackProblem).toContain(told);
    expect(actionsOf(story)).not.toContain("TerminateInstances");
    expect(actionsOf(story)).not.toContain("DeregisterImage");
    expect(story.replacements.map(({ state }) => state)).toEqual(
      nth < nthOf("RunInstances") ? [] : ["running"],
    );
    for (const id of lab.watch.dataVolumeIds) expect(lab.control.writesOn(id)).toBeDefined();
    expect(story.isLeaseHeld).toBe(false);
    expect(story.leaks).toEqual([]);
  });

  it("once it was declared retired changes nothing of the switch", async () => {
    const lab = await createLab({ ...options, undisturbedUntil: { change: retirement } });
    at(
      lab,
      { nth: retirement },
      {
        when: "after",
        what: () => {
          lab.watch.excuse("original");
          lab.control.terminateByOwner(lab.originalId);
        },
      },
    );
    const story = await lab.run();
    expect(story.status).toBe("SWITCHED");
    expect(lab.replacement()?.state).toBe("running");
    expect(lab.watch.broken).toEqual([]);
  });
});

describe("an original that its owner stops meanwhile", () => {
  it.each([
    ["before the launch", nthOf("CreateImage")],
    ["after the launch", nthOf("RunInstances")],
  ])(
    "%s is left stopped: that was not our decision, and nothing that we created stays",
    async (_n, nth) => {
      const lab = await createLab({ ...options, undisturbedUntil: { change: nth } });
      at(
        lab,
        { nth },
        {
          when: "after",
          what: async () => {
            lab.watch.excuse("original");
            await asOwner(lab)("StopInstances", { InstanceIds: [lab.originalId] });
          },
        },
      );
      const story = await lab.run();
      expect(story.status).toBe("ROLLED_BACK");
      expect(story.evaluation.failure?.error).toBe("StaleOriginal");
      expect(story.original?.state).toBe("stopped");
      expect(actionsOf(story)).not.toContain("StartInstances");
      expect(story.orphans).toEqual([]);
      expect(story.original?.allocationIds).toEqual([...lab.watch.allocationIds]);
    },
  );
});

describe("an original that its owner stops while the roll-back has just started it", () => {
  it("is left stopped, and the record says that the stop was not ours", async () => {
    const lab = await createLab({ ...options, undisturbedUntil: { calls: "AttachVolume" } });
    // The switch fails after the freeze, with parts on their way.
    atFirst(lab, "AttachVolume", {
      when: "before",
      what: () => {
        throw refusals.unauthorized();
      },
    });
    atFirst(lab, "StartInstances", {
      when: "after",
      what: () => {
        lab.clock.schedule(lab.clock.now() + 12_000, () => {
          lab.watch.excuse("original");
          void asOwner(lab)("StopInstances", { InstanceIds: [lab.originalId] });
        });
      },
    });
    const story = await lab.run();
    expect(story.original?.state).toBe("stopped");
    expect(actionsOf(story).filter((action) => action === "StartInstances")).toHaveLength(1);
    expect(story.evaluation.progress.ownersStop?.sentence).toContain("not by us");
    expect(story.evaluation.progress.ownersStop?.at).toBeDefined();
    expect(lab.watch.broken).toEqual([]);
  });
});

describe("an original that its owner starts again meanwhile", () => {
  const frozen = steps.filter(({ nth }) => nth > nthOf("StopInstances") && nth < retirement);

  it.each(frozen)(
    "after call $nth ($operation) runs on: with everything back, unless the replacement has served",
    async ({ nth }) => {
      const lab = await createLab({ ...options, undisturbedUntil: { change: nth } });
      at(
        lab,
        { nth },
        {
          when: "after",
          what: async () => {
            await asOwner(lab)("StartInstances", { InstanceIds: [lab.originalId] });
          },
        },
      );
      const story = await lab.run();
      expect(await complaintsAbout(lab, story)).toEqual([]);
      expect(story.status).toBe(hasServedAfter(steps, nth) ? "NEEDS_OPERATOR" : "ROLLED_BACK");
      expect(story.original?.state).toBe("running");
      expect(story.evaluation.failure?.error).toBe("StaleOriginal");
    },
  );
});

describe("an original that its owner starts right before its final image", () => {
  it("is not imaged while it runs, and keeps running", async () => {
    const lab = await createLab(rich["stop-and-image"]);
    const owner = asOwner(lab);
    let isDone = false;
    lab.platform.cloud.faults.before(async () => {
      const isStopped = lab.control.find(lab.originalId)?.state === "stopped";
      if (isDone || !isStopped || currentInvocation()?.name !== "linear-prepare-image") return;
      isDone = true;
      await owner("StartInstances", { InstanceIds: [lab.originalId] });
      // A slow call: when it is answered the original runs.
      await lab.clock.pass(40_000);
    });
    const story = await lab.run();
    expect(isDone).toBe(true);
    expect(await complaintsAbout(lab, story)).toEqual([]);
    expect(story.status).toBe("ROLLED_BACK");
    expect(story.evaluation.failure?.error).toBe("StaleOriginal");
    expect(story.original?.state).toBe("running");
  });
});
