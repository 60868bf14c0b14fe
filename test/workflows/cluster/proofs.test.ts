/** The application's own proofs in a group: nothing leaves before they hold of what takes over. */
import { describe, expect, it } from "@jest/globals";
import { complaintsAboutGroup } from "../../../local/lab/group-judge.ts";
import { createGroupLab, type GroupEnding, type GroupLab } from "../../../local/lab/group-lab.ts";

const minuteMs = 60_000;
const minutes = 6;

const labWith = async (okMinutes = minutes): Promise<GroupLab> => {
  const lab = await createGroupLab({
    size: 2,
    policy: {
      batch_size: 2,
      proof: [{ kind: "cloudwatch-alarms", alarms: ["errors"], minutes: okMinutes }],
      proof_deadline_minutes: 10,
    },
  });
  const { accountId, region } = lab.name;
  lab.platform.monitoring.addAlarm({ accountId, region, name: "errors" });
  return lab;
};

const onceAttached = ({ platform }: GroupLab, act: () => void): void => {
  const release = platform.cloud.faults.after(({ operation }) => {
    if (operation !== "AttachInstances") return;
    release();
    act();
  });
};

const judged = async (lab: GroupLab): Promise<GroupEnding> => {
  const before = lab.group();
  if (before === undefined) throw new Error("The laboratory has no group.");
  const ending = await lab.run();
  expect(complaintsAboutGroup(lab, ending, { before })).toEqual([]);
  return ending;
};

describe("a group whose application proves itself by alarms", () => {
  it("gives up no original before they were OK for so long beside its replacement", async () => {
    const lab = await labWith();
    const ending = await judged(lab);
    expect(ending.status).toBe("SWITCHED");
    const proofs = ending.evaluation.proofs?.filter(({ stage }) => stage === "after") ?? [];
    expect(proofs.map(({ holds }) => holds)).toEqual([true, true]);
    const joined = ending.swaps.map(({ joinedAt = "" }) => Date.parse(joinedAt));
    const removed = lab.platform.cloud.journal
      .filter(({ operation }) => operation === "TerminateInstanceInAutoScalingGroup")
      .map(({ at }) => at);
    expect(removed).toHaveLength(2);
    expect(Math.min(...removed) - Math.max(...joined)).toBeGreaterThanOrEqual(minutes * minuteMs);
  });

  it("has as much time for that as its alarms need", async () => {
    expect((await judged(await labWith(45))).status).toBe("SWITCHED");
  });

  it("keeps its originals where they are not: each pair is undone", async () => {
    const lab = await labWith();
    onceAttached(lab, () => {
      lab.platform.monitoring.setState("errors", "ALARM");
    });
    const ending = await judged(lab);
    expect(ending.status).toBe("ROLLED_BACK");
    expect(ending.swaps.map(({ stage }) => stage)).toEqual(["UNDONE", "UNDONE"]);
    expect(ending.swaps[0]?.sentence).toContain("errors");
    expect(
      lab.platform.cloud.journal.some(
        ({ operation }) => operation === "TerminateInstanceInAutoScalingGroup",
      ),
    ).toBe(false);
  });
});
