import { describe, expect, it } from "@jest/globals";
import { complaintsAboutGroup } from "../../../local/lab/group-judge.ts";
import { createGroupLab, type GroupLab } from "../../../local/lab/group-lab.ts";
import { createKiller, harmCall, harms, isMutation, refusals } from "../../../local/lab/harm.ts";

const options = { size: 2, policy: { batch_size: 2 } } as const;

const lab = async (): Promise<{
  readonly lab: GroupLab;
  readonly before: NonNullable<ReturnType<GroupLab["group"]>>;
}> => {
  const made = await createGroupLab(options);
  const before = made.group();
  if (before === undefined) throw new Error("The laboratory has no group.");
  return { lab: made, before };
};

/** The mutating calls of a conversion that nothing disturbs, in order. */
const callsOf = async (): Promise<readonly string[]> => {
  const { lab: plain } = await lab();
  const calls: string[] = [];
  const matches = isMutation(plain.name.accountId);
  plain.platform.cloud.faults.before((call) => {
    if (matches(call)) calls.push(call.operation);
  });
  await plain.run();
  return calls;
};

const calls = await callsOf();
const all = calls.map((operation, index) => ({ operation, nth: index + 1 }));

/** Once the first original has been asked to leave, a conversion stands in part at least. */
const removal = "TerminateInstanceInAutoScalingGroup";
const firstRemoval = calls.indexOf(removal) + 1;
const lastRemoval = calls.lastIndexOf(removal) + 1;

describe("a conversion of two members", () => {
  it("makes these calls", () => {
    expect(calls).toEqual([
      "CreateOrUpdateTags",
      "RunInstances",
      "RunInstances",
      "RegisterTargets",
      "SuspendProcesses",
      // All are held, the replacements are protected, the others are released.
      "SetInstanceProtection",
      "AttachInstances",
      "SetInstanceProtection",
      "SetInstanceProtection",
      "TerminateInstanceInAutoScalingGroup",
      "TerminateInstanceInAutoScalingGroup",
      "SetInstanceProtection",
      "ResumeProcesses",
      "DeleteTags",
    ]);
  });

  const harmed = all.flatMap((step) => harms.map((harm) => ({ ...step, harm })));

  it.each(harmed)(
    "leaves the group as it was, on Spot or not, when call $nth ($operation) meets: $harm",
    async ({ nth, harm }) => {
      const { lab: tried, before } = await lab();
      const matches = isMutation(tried.name.accountId);
      const done = harmCall(tried.platform, { harm, nth, matches });
      const ending = await tried.run();
      expect(done.isDone()).toBe(true);
      expect(complaintsAboutGroup(tried, ending, { before })).toEqual([]);
      const isUndoing = nth > lastRemoval;
      const { sentence } = ending.evaluation.outcome ?? {};
      if (harm !== "unauthorized") expect(ending.status).toBe("SWITCHED");
      else if (nth < firstRemoval) expect(ending.status).toBe("ROLLED_BACK");
      else if (isUndoing) {
        expect(ending.status).toBe("NEEDS_OPERATOR");
        expect(sentence).toContain("You are not authorized");
        expect(sentence).toContain("roll the evaluation back again");
      }
    },
  );

  it.each(all)("survives a function that dies before call $nth ($operation)", async ({ nth }) => {
    const { lab: tried, before } = await lab();
    const matches = isMutation(tried.name.accountId);
    const killer = createKiller();
    let seen = 0;
    tried.platform.cloud.faults.before((call) => {
      if (!matches(call)) return undefined;
      seen += 1;
      return seen === nth && killer.deaths === 0 ? killer.die() : undefined;
    });
    const ending = await tried.run();
    expect(killer.deaths).toBe(1);
    expect(complaintsAboutGroup(tried, ending, { before })).toEqual([]);
    expect(ending.status).toBe("SWITCHED");
  });

  it.each(all)("waits while call $nth ($operation) is throttled", async ({ nth }) => {
    const { lab: tried, before } = await lab();
    const matches = isMutation(tried.name.accountId);
    let seen = 0;
    let refused = 0;
    tried.platform.cloud.faults.before((call) => {
      if (!matches(call)) return;
      seen += 1;
      if (seen < nth || refused > 2) return;
      refused += 1;
      throw refusals.throttled();
    });
    const ending = await tried.run();
    expect(complaintsAboutGroup(tried, ending, { before })).toEqual([]);
    expect(ending.status).toBe("SWITCHED");
  });

  it.each(all)("honours the kill switch before call $nth ($operation)", async ({ nth }) => {
    const { lab: tried, before } = await lab();
    const matches = isMutation(tried.name.accountId);
    let seen = 0;
    tried.platform.cloud.faults.after(async (call) => {
      if (!matches(call)) return;
      seen += 1;
      if (seen !== nth - 1) return;
      await tried.account.api.send({
        method: "PUT",
        path: "/kill-switch",
        body: { engaged: true, reason: "drill" },
      });
    });
    const ending = await tried.run();
    expect(complaintsAboutGroup(tried, ending, { before })).toEqual([]);
    const isBefore = nth > 1 && nth < firstRemoval;
    if (isBefore) expect(ending.status).toBe("ROLLED_BACK");
  });
});
