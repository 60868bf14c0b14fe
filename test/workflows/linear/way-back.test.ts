import { describe, expect, it } from "@jest/globals";
import type { Ending, Lab } from "../../../local/lab/contract.ts";
import { createLab, type LabOptions } from "../../../local/lab/lab.ts";
import { refusals } from "../../../local/lab/harm.ts";
import { complaintsAbout } from "../../../local/lab/judge.ts";
import {
  actionsOf,
  asOwner,
  at,
  atFirst,
  isRetirement,
  rich,
  stepsOf,
  throwKillSwitch,
} from "../../../local/lab/scenarios.ts";

/** "Retire original" marks the original last of all: everything has moved, and was verified. */
const refuseMarking = (
  lab: Lab,
  alsoHappens: () => void | Promise<void> = () => undefined,
): void => {
  atFirst(lab, isRetirement, {
    when: "before",
    what: async () => {
      await alsoHappens();
      throw refusals.unauthorized();
    },
  });
};

const unmarked = (way: keyof typeof rich): LabOptions => ({
  ...rich[way],
  undisturbedUntil: { begins: "linear-retire-original" },
});

const indexOf = (story: Ending, action: string): number => actionsOf(story).lastIndexOf(action);

const steps = await stepsOf(rich.stateless);

describe("a stateless load that is given back to its stopped original", () => {
  it("has it started, proved and healthy in its group before it gets an address, and the replacement ends last", async () => {
    const lab = await createLab(unmarked("stateless"));
    const standings: (string | undefined)[] = [];
    refuseMarking(lab, () => {
      // From here on it goes back: what the load balancer says of the original when an address is taken for it.
      lab.platform.cloud.faults.before(async ({ operation }) => {
        if (operation === "AssociateAddress") standings.push(await lab.healthOf(lab.originalId));
      });
    });
    const story = await lab.run();
    expect(await complaintsAbout(lab, story)).toEqual([]);
    expect(story.status).toBe("ROLLED_BACK");
    expect([...new Set(standings)]).toEqual(["healthy"]);
    const order = ["StartInstances", "RegisterTargets", "AssociateAddress", "TerminateInstances"];
    const places = order.map((action) => indexOf(story, action));
    expect(places).toEqual(places.toSorted((one, other) => one - other));
    expect(actionsOf(story)).toContain("StopInstances");
  });

  it.each(steps)(
    "by the kill switch after call $nth ($operation) is served at every instant",
    async ({ nth }) => {
      const lab = await createLab({ ...rich.stateless, undisturbedUntil: { change: nth } });
      at(lab, { nth }, { when: "after", what: () => throwKillSwitch(lab) });
      const story = await lab.run();
      expect(await complaintsAbout(lab, story)).toEqual([]);
      expect(story.status).toBe(nth === steps.length ? "SWITCHED" : "ROLLED_BACK");
    },
  );
});

describe.each(["stop-and-image", "move-volumes"] as const)(
  "a stateful load (%s) whose replacement has served",
  (way) => {
    it("is held where a forward call is refused: all stays, and the record says who serves since when", async () => {
      const lab = await createLab(unmarked(way));
      refuseMarking(lab);
      const story = await lab.run();
      expect(await complaintsAbout(lab, story)).toEqual([]);
      const { outcome, progress } = story.evaluation;
      expect(outcome).toMatchObject({
        status: "NEEDS_OPERATOR",
        isHeld: true,
        reason: "REPLACEMENT_SERVES",
      });
      expect(story.answer).toMatchObject({
        outcome: { is_held: true, reason: "REPLACEMENT_SERVES" },
        progress: { served_from: progress.servedFrom },
      });
      expect(Date.parse(progress.servedFrom ?? "")).toBeLessThan(
        Date.parse(progress.servingAt ?? ""),
      );
      expect(actionsOf(story)).not.toContain("StartInstances");
      expect(story.original?.state).toBe("stopped");
      expect(lab.replacement()?.allocationIds).toEqual([...lab.watch.allocationIds]);
    });

    it("comes back where that ends, though EC2 had shown it well when the roll-back began", async () => {
      const lab = await createLab(unmarked(way));
      refuseMarking(lab, () => {
        lab.watch.excuse("replacement");
        const { instanceId = "" } = lab.replacement() ?? {};
        lab.clock.schedule(lab.clock.now() + 10_000, () => {
          lab.control.interrupt(instanceId, { noticeSeconds: 0 });
        });
      });
      const story = await lab.run();
      expect(await complaintsAbout(lab, story)).toEqual([]);
      expect(story.status).toBe("ROLLED_BACK");
      expect(story.original?.state).toBe("running");
    });

    it("comes back where that fails: its root is kept and named, and ends before the original starts", async () => {
      const lab = await createLab(unmarked(way));
      refuseMarking(lab, () => {
        lab.control.failChecks(({ lifecycle }) => lifecycle === "spot", "system");
      });
      const story = await lab.run();
      expect(await complaintsAbout(lab, story)).toEqual([]);
      expect(story.status).toBe("ROLLED_BACK");
      const { servedFrom, writesNotReturned } = story.evaluation.progress;
      expect(writesNotReturned?.since).toBe(servedFrom);
      expect(lab.control.writesOn(writesNotReturned?.volumeId ?? "")).toBeDefined();
      expect(story.answer["progress"]).toMatchObject({
        writes_not_returned: { since: servedFrom, volume_id: writesNotReturned?.volumeId },
      });
      expect(indexOf(story, "TerminateInstances")).toBeLessThan(indexOf(story, "AttachVolume"));
      expect(indexOf(story, "AttachVolume")).toBeLessThan(indexOf(story, "StartInstances"));
      expect(indexOf(story, "StartInstances")).toBeLessThan(indexOf(story, "AssociateAddress"));
    });

    it("has what somebody set to be deleted with it kept all the same", async () => {
      const lab = await createLab(unmarked(way));
      refuseMarking(lab, async () => {
        lab.control.failChecks(({ lifecycle }) => lifecycle === "spot", "system");
        const { instanceId, volumes = [] } = lab.replacement() ?? {};
        await asOwner(lab)("ModifyInstanceAttribute", {
          InstanceId: instanceId,
          BlockDeviceMappings: volumes.map(({ deviceName }) => ({
            DeviceName: deviceName,
            Ebs: { DeleteOnTermination: true },
          })),
        });
      });
      const story = await lab.run();
      // Until the roll-back sets it right, it is as somebody has it.
      const complaints = await complaintsAbout(lab, story);
      expect(complaints.filter((each) => !each.includes("would be deleted with"))).toEqual([]);
      expect(story.status).toBe("ROLLED_BACK");
    });
  },
);

describe("a stateful load whose replacement nobody has come to", () => {
  it("has the replacement end before its original starts, and nothing kept of it", async () => {
    const lab = await createLab({
      ...rich["stop-and-image"],
      undisturbedUntil: { calls: "CreateReplaceRootVolumeTask" },
    });
    atFirst(lab, "CreateReplaceRootVolumeTask", {
      when: "after",
      what: () => throwKillSwitch(lab),
    });
    const story = await lab.run();
    expect(await complaintsAbout(lab, story)).toEqual([]);
    expect(story.status).toBe("ROLLED_BACK");
    expect(story.evaluation.progress.servedFrom).toBeUndefined();
    expect(story.evaluation.progress.writesNotReturned).toBeUndefined();
    expect(indexOf(story, "TerminateInstances")).toBeLessThan(indexOf(story, "StartInstances"));
  });
});
