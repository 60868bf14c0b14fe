/** Somebody sets the desired capacity between our last look at a group and our call that changes it, at each of these calls: what he asks for is kept. */
import { describe, expect, it } from "@jest/globals";
import { CloudError } from "../../../local/cloud/contract.ts";
import { complaintsAboutGroup } from "../../../local/lab/group-judge.ts";
import { createGroupOnSpot, type GroupEnding } from "../../../local/lab/group-lab.ts";
import { refusals } from "../../../local/lab/harm.ts";
import { enrolled } from "../../../local/platform/customer-group.ts";
import { after, labOf, rightBefore, stagesOf, withBefore, type DayLab } from "./group-days.ts";
import { responseLab } from "./response-days.ts";

/** At which of our calls it happens, and what has led there. */
interface Day {
  readonly name: string;
  readonly operation: string;
  readonly prepare: () => Promise<{ readonly lab: DayLab; readonly run: () => Promise<Ended> }>;
}
type Ended = Pick<GroupEnding, "group" | "swaps">;

const six = { size: 6, max: 12, zones: 1, policy: { batch_size: 2 } } as const;

/** Nothing happens before we make that call. */
const until = (calls: string) => ({ undisturbedUntil: { calls } });

const converting = (lab: DayLab) => ({ lab, run: () => lab.run() });

/** No original can be asked to leave: what was attached is detached again. */
const refuseRemovals = ({ platform }: DayLab): void => {
  platform.cloud.faults.before(({ operation, caller }) => {
    const isOurs = caller.sessionName !== undefined;
    if (isOurs && operation === "TerminateInstanceInAutoScalingGroup") {
      throw refusals.unauthorized();
    }
  });
};

/** The group launches another for it, which leaves with its place. */
const loseReplacement = (lab: DayLab): void => {
  after(lab, "SetInstanceProtection", 3, () => {
    const joined = lab.group()?.members.find(({ lifecycle }) => lifecycle === "spot");
    lab.platform.ec2.control.interrupt(joined?.instanceId ?? "", { noticeSeconds: 0 });
  });
};

const days: readonly Day[] = [
  {
    name: "replacements are attached",
    operation: "AttachInstances",
    prepare: async () => converting(await labOf({ ...six, ...until("AttachInstances") })),
  },
  {
    name: "an original is ended",
    operation: "TerminateInstanceInAutoScalingGroup",
    prepare: async () =>
      converting(await labOf({ ...six, ...until("TerminateInstanceInAutoScalingGroup") })),
  },
  {
    name: "an original is detached to be kept",
    operation: "DetachInstances",
    prepare: async () =>
      converting(
        await labOf({
          ...six,
          ...until("DetachInstances"),
          member: { tags: enrolled },
          policy: { batch_size: 2, keep_originals_hours: 24 },
        }),
      ),
  },
  {
    name: "a roll-back detaches a replacement",
    operation: "DetachInstances",
    prepare: async () => {
      const lab = await labOf({ ...six, ...until("TerminateInstanceInAutoScalingGroup") });
      refuseRemovals(lab);
      return converting(lab);
    },
  },
  {
    name: "one leaves with the place of a replacement that EC2 has taken",
    operation: "TerminateInstanceInAutoScalingGroup",
    prepare: async () => {
      const lab = await labOf({
        ...six,
        ...until("SetInstanceProtection"),
        policy: { batch_size: 1 },
      });
      loseReplacement(lab);
      return converting(lab);
    },
  },
  {
    name: "a member that EC2 takes is asked to leave",
    operation: "TerminateInstanceInAutoScalingGroup",
    prepare: async () => {
      const lab = await responseLab(six);
      const run = async (): Promise<Ended> => {
        lab.interrupt(lab.members[0] ?? "");
        await lab.pass(3600);
        return lab.response();
      };
      return { lab, run };
    },
  },
  {
    name: "a Spot member is asked to leave on the way back",
    operation: "TerminateInstanceInAutoScalingGroup",
    prepare: async () => {
      const lab = withBefore(await createGroupOnSpot(six));
      return { lab, run: () => lab.run("ON_DEMAND") };
    },
  },
];

describe("a desired capacity that a policy sets in the instant in which", () => {
  it.each(days.flatMap((day) => [5, 6, 9].map((wanted) => ({ ...day, wanted }))))(
    "$name: $wanted are what is asked for from then on, and nothing that serves goes below it",
    async ({ operation, prepare, wanted }) => {
      const { lab, run } = await prepare();
      const { taken } = rightBefore(lab, operation, async () => {
        lab.platform.autoScaling.control.applyPolicy(lab.name, { desired: wanted });
        await Promise.resolve();
      });
      const { group, swaps } = await run();
      expect(taken()).not.toBe("");
      expect(lab.capacity.broken).toEqual([]);
      const told = swaps.map(({ sentence }) => sentence).join(" ");
      const isTold = told.includes(
        `set the desired capacity of group web to ${String(wanted)} in the instant in which ${taken()} was asked to leave`,
      );
      expect(isTold).toBe(operation !== "AttachInstances");
      // What nothing joins for any longer its owner is told.
      expect([wanted, isTold ? wanted - 1 : wanted]).toContain(group?.desired);
    },
  );

  it("an original is ended is kept by the next batch: what joins there gives back the one that our call took", async () => {
    const lab = await labOf({ size: 4, max: 12, policy: { batch_size: 1 } });
    const { taken } = rightBefore(lab, "TerminateInstanceInAutoScalingGroup", async () => {
      lab.platform.autoScaling.control.applyPolicy(lab.name, { desired: 8 });
      await Promise.resolve();
    });
    const ending = await lab.run();
    const [first, ...others] = ending.swaps;
    expect(first).toMatchObject({ stage: "DONE", originalId: taken() });
    expect(first?.sentence).toContain("which has lowered it by one");
    expect(ending.group?.desired).toBe(8);
    expect(others.map(({ stage }) => stage)).toContain("ABSORBED");
    const told = others.map(({ sentence }) => sentence).join(" ");
    expect(told).not.toContain("in the instant");
    expect(lab.capacity.broken).toEqual([]);
  });
});

describe("a group that was read before one of its originals was asked to leave", () => {
  it("says nothing of what somebody has set: the pairs whose removal was refused at first are made, too", async () => {
    const lab = await labOf({ size: 3, max: 9, zones: 1, policy: { batch_size: 3 } });
    let calls = 0;
    lab.platform.cloud.faults.before(({ operation }) => {
      if (operation !== "TerminateInstanceInAutoScalingGroup") return;
      calls += 1;
      if (calls === 1 || calls === 3)
        throw new CloudError("ScalingActivityInProgress", "Busy.", 400);
    });
    const ending = await lab.run();
    expect(calls).toBe(5);
    expect(stagesOf(ending.swaps)).toEqual(["DONE", "DONE", "DONE"]);
    expect(complaintsAboutGroup(lab, ending, lab)).toEqual([]);
  });
});
