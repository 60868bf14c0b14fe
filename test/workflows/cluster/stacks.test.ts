/** A group of a CloudFormation stack: an update of that one may set sizes and replace members, and nothing is done meanwhile. */
import { describe, expect, it } from "@jest/globals";
import { CloudError } from "../../../local/cloud/contract.ts";
import { tagsOfStack } from "../../../local/cloud/cloudformation/service.ts";
import {
  createGroupLab,
  type GroupEnding,
  type GroupLab,
  type GroupLabOptions,
} from "../../../local/lab/group-lab.ts";

interface StackLab extends GroupLab {
  readonly stackId: string;
  readonly rootId: string;
}

const labOf = async (options: GroupLabOptions = {}): Promise<StackLab> => {
  let ids: readonly [string, string] | undefined;
  const lab = await createGroupLab({
    size: 2,
    policy: { batch_size: 2, accept_iac_drift: true },
    ...options,
    tagsIn: ({ cloudFormation }, place) => {
      const rootId = cloudFormation.addStack({ ...place, name: "all" });
      const stackId = cloudFormation.addStack({ ...place, name: "shop", rootId });
      ids = [stackId, rootId];
      return tagsOfStack(stackId, "WebGroup");
    },
  });
  const [stackId = "", rootId = ""] = ids ?? [];
  return { ...lab, stackId, rootId };
};

const launchesOf = ({ platform }: GroupLab): number =>
  platform.cloud.journal.filter(({ operation, dryRun }) => operation === "RunInstances" && !dryRun)
    .length;

const stagesOf = ({ swaps }: GroupEnding) => swaps.map(({ stage }) => stage);

describe("a group of a stack", () => {
  it("that rests is converted", async () => {
    const ending = await (await labOf()).run();
    expect(ending.status).toBe("SWITCHED");
    expect(ending.evaluation.verdict?.sentence).not.toContain("Not read");
  });

  it.each([
    ["is being updated", "UPDATE_IN_PROGRESS"],
    ["cleans up after its update", "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS"],
    ["is being rolled back", "UPDATE_ROLLBACK_IN_PROGRESS"],
  ] as const)("that %s is asked again later, and nothing is launched", async (_what, status) => {
    const lab = await labOf();
    lab.platform.cloudFormation.setStatus(lab.stackId, status);
    const ending = await lab.run();
    expect(ending.status).toBe("STAYED");
    expect(ending.evaluation.verdict).toMatchObject({
      kind: "STAY",
      reason: "STACK_UPDATE_IN_PROGRESS",
      sentence: expect.stringContaining(`Stack shop, to which group web belongs, is ${status}`),
      retryAt: expect.any(String),
    });
    expect(launchesOf(lab)).toBe(0);
  });

  it("whose outermost stack is being updated is asked again later", async () => {
    const lab = await labOf();
    lab.platform.cloudFormation.setStatus(lab.rootId, "UPDATE_IN_PROGRESS");
    const ending = await lab.run();
    expect(ending.evaluation.verdict?.sentence).toContain("Stack all, to which group web belongs");
  });

  it("Deployment or stack update starts between healthy and attach: replacement discarded, not attached", async () => {
    const lab = await labOf();
    lab.platform.cloud.faults.after(({ operation }) => {
      if (operation !== "RegisterTargets") return;
      lab.platform.cloudFormation.setStatus(lab.stackId, "UPDATE_IN_PROGRESS");
    });
    const before = lab.group();
    const ending = await lab.run();
    expect(stagesOf(ending)).toEqual(["UNDONE", "UNDONE"]);
    expect(ending.swaps[0]?.sentence).toContain("Stack shop");
    const called = lab.platform.cloud.journal.map(({ operation }) => operation);
    expect(called).not.toContain("AttachInstances");
    expect(ending.group).toEqual(before);
    const alive = lab.platform.ec2.control
      .running(lab.name.accountId)
      .filter(({ tags }) => "spot-optimizer:evaluation" in tags);
    expect(alive).toEqual([]);
  });

  it("whose stack may not be asked for is converted, and that is told", async () => {
    const lab = await labOf();
    lab.platform.cloud.faults.before(({ operation }) => {
      if (operation === "DescribeStacks") throw new CloudError("AccessDenied", "No.", 403);
    });
    const ending = await lab.run();
    expect(ending.status).toBe("SWITCHED");
    expect(ending.evaluation.verdict?.sentence).toContain(
      "Not read beforehand: how stack shop stands",
    );
  });

  it("whose stack is gone is converted", async () => {
    const lab = await labOf();
    lab.platform.cloudFormation.forget(lab.stackId);
    expect((await lab.run()).status).toBe("SWITCHED");
  });
});
