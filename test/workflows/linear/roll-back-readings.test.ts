import { describe, expect, it } from "@jest/globals";
import type { JournalEntry } from "../../../local/cloud/journal.ts";
import { customerAccountId as accountId } from "../../../local/lab/account.ts";
import type { Lab } from "../../../local/lab/contract.ts";
import { createLab } from "../../../local/lab/lab.ts";
import { refusals } from "../../../local/lab/harm.ts";
import { actionsOf, atFirst, isRetirement, rich } from "../../../local/lab/scenarios.ts";

/** "Retire original" is refused, and the replacement, which has taken over by then, fails its checks from now on. */
const failAtRetirement = (lab: Lab, alsoHappens: () => void = () => undefined): void => {
  atFirst(lab, isRetirement, {
    when: "before",
    what: () => {
      lab.control.failChecks(({ lifecycle }) => lifecycle === "spot", "instance");
      alsoHappens();
      throw refusals.unauthorized();
    },
  });
};

const callsOf = (lab: Lab): readonly JournalEntry[] =>
  lab.platform.cloud.journal.filter((entry) => entry.accountId === accountId);

/** Nothing moves, starts or ends with capacity that nobody needs any longer, nor with a security group that isolates nobody. */
const ofNobody: ReadonlySet<string> = new Set([
  "CancelCapacityReservation",
  "DeleteGroup",
  "DeleteSecurityGroup",
]);

/** What was read since the change before the one at `index`. */
const readBefore = (calls: readonly JournalEntry[], index: number): readonly string[] => {
  const former = calls
    .slice(0, index)
    .findLastIndex(({ mutating, operation }) => mutating && !ofNobody.has(operation));
  return calls.slice(former + 1, index).map(({ operation }) => operation);
};

/** One call each for what moved, for the images, and for the original's checks; instances are two. */
const everything = [
  "DescribeAddresses",
  "DescribeImages",
  "DescribeInstanceStatus",
  "DescribeNetworkInterfaces",
  "DescribeTargetHealth",
  "DescribeVolumes",
];

describe("a roll-back", () => {
  it("reads everything right before it terminates or deletes", async () => {
    const lab = await createLab(rich["stop-and-image"]);
    failAtRetirement(lab);
    const story = await lab.run();
    expect(story.status).toBe("ROLLED_BACK");
    const calls = callsOf(lab);
    const ends = calls.flatMap(({ operation }, index) =>
      ["TerminateInstances", "DeregisterImage"].includes(operation) ? [index] : [],
    );
    expect(ends.map((index) => calls[index]?.operation)).toEqual([
      "TerminateInstances",
      "DeregisterImage",
      "DeregisterImage",
    ]);
    const [terminated = 0, image = 0, another = 0] = ends;
    // The end of one image changes nothing that speaks against that of the next.
    expect(readBefore(calls, another)).toContain("DescribeImages");
    for (const index of [terminated, image]) {
      const read = readBefore(calls, index);
      expect(read).toEqual(expect.arrayContaining(everything));
      const instances = read.filter((operation) => operation === "DescribeInstances");
      expect(instances.length).toBeGreaterThanOrEqual(2);
    }
  });

  it("names a target group that is gone, and brings everything else back", async () => {
    const lab = await createLab(rich["stop-and-image"]);
    const { targetGroupArn = "" } = lab;
    failAtRetirement(lab, () => {
      lab.platform.elb.removeTargetGroup(targetGroupArn);
    });
    const story = await lab.run();
    expect(story.status).toBe("NEEDS_OPERATOR");
    expect(story.evaluation.rollbackProblem).toContain(`${targetGroupArn} is no longer there`);
    expect(story.original?.state).toBe("running");
    expect(story.original?.allocationIds).toEqual([...lab.watch.allocationIds]);
    expect(actionsOf(story)).not.toContain("DeregisterImage");
  });
});
