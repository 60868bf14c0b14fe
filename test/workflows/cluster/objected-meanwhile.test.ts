/** What the owner of a group says while it is converted: it holds from the next batch on, and for what has not joined yet. */
import { describe, expect, it } from "@jest/globals";
import { complaintsAboutGroup } from "../../../local/lab/group-judge.ts";
import { enabledTag } from "../../../core/policy/group-tags.ts";
import {
  after,
  asOwner,
  callsOf,
  labOf,
  launchesOf,
  onSpot,
  stagesOf,
  type DayLab,
} from "./group-days.ts";

const optOut = ({ platform, name }: DayLab): Promise<unknown> => {
  const { accountId, region } = name;
  const { accessKeyId } = platform.cloud.identities.addUser({ accountId, name: "tagger" });
  const tag = {
    ResourceId: name.name,
    ResourceType: "auto-scaling-group",
    Key: enabledTag,
    Value: "false",
    PropagateAtLaunch: false,
  };
  return platform.cloud.call({
    service: "autoscaling",
    operation: "CreateOrUpdateTags",
    region,
    accessKeyId,
    input: { Tags: [tag] },
  });
};

const firstRemoval = "TerminateInstanceInAutoScalingGroup";
const four = { size: 4, max: 6, zones: 1 } as const;

describe("a group that is converted, and at which its owner", () => {
  it.each<readonly [string, string, (lab: DayLab) => Promise<unknown>]>([
    ["opts out", "opted out", optOut],
    [
      "turns Capacity Rebalancing on",
      "Capacity Rebalancing",
      (lab) => asOwner(lab)("UpdateAutoScalingGroup", { CapacityRebalance: true }),
    ],
    [
      "suspends Launch",
      "Launch suspended",
      (lab) => asOwner(lab)("SuspendProcesses", { ScalingProcesses: ["Launch"] }),
    ],
  ])("%s: no further batch is begun", async (_day, told, happens) => {
    const lab = await labOf({ ...four, policy: { batch_size: 1 } });
    after(lab, firstRemoval, 1, () => happens(lab));
    const ending = await lab.run();
    expect([ending.status, launchesOf(lab), onSpot(ending.group)]).toEqual([
      "PARTLY_SWITCHED",
      1,
      1,
    ]);
    expect(stagesOf(ending.swaps)).toEqual(["DONE"]);
    expect(ending.evaluation.outcome?.sentence).toContain(told);
    expect([ending.group?.desired, lab.capacity.broken]).toEqual([4, []]);
  });

  it("opts out before replacements are attached: they end, and never join", async () => {
    const lab = await labOf({ ...four, policy: { batch_size: 2 } });
    after(lab, "RegisterTargets", 1, () => optOut(lab));
    const ending = await lab.run();
    expect([ending.status, callsOf(ending, "AttachInstances")]).toEqual(["ROLLED_BACK", 0]);
    expect(stagesOf(ending.swaps)).toEqual(["UNDONE", "UNDONE"]);
    expect(ending.swaps[0]?.sentence).toContain("opted out");
    const before = { ...lab.before, tags: ending.group?.tags ?? [] };
    expect(complaintsAboutGroup(lab, ending, { ...lab, before })).toEqual([]);
  });

  it("opts out when the last batch comes to its end: it is converted as a whole", async () => {
    const lab = await labOf({ ...four, policy: { batch_size: 4 } });
    after(lab, firstRemoval, 1, () => optOut(lab));
    const ending = await lab.run();
    expect([ending.status, onSpot(ending.group)]).toEqual(["SWITCHED", 4]);
  });
});

describe("an original that its owner puts on standby to look at it", () => {
  it.each([
    [false, 0, ["UNDONE"]],
    [true, 1, ["ABSORBED"]],
  ])(
    "stays there, and is not ended for its replacement (its place goes with it: %s)",
    async (ShouldDecrementDesiredCapacity, replaced, stages) => {
      const lab = await labOf({ ...four, policy: { batch_size: 1 } });
      const [oldest = ""] = lab.before.members.map(({ instanceId }) => instanceId).toSorted();
      after(lab, "SetInstanceProtection", 2, () =>
        asOwner(lab)("EnterStandby", { InstanceIds: [oldest], ShouldDecrementDesiredCapacity }),
      );
      const ending = await lab.run();
      const standing = ending.group?.members.find(({ instanceId }) => instanceId === oldest);
      expect(ending.swaps.map(({ originalId }) => originalId)).toEqual([oldest]);
      expect(standing?.state).toBe("Standby");
      expect(stagesOf(ending.swaps)).toEqual(stages);
      expect([callsOf(ending, firstRemoval), lab.capacity.broken]).toEqual([0, []]);
      expect([ending.group?.desired, onSpot(ending.group)]).toEqual([4, replaced]);
    },
  );
});
