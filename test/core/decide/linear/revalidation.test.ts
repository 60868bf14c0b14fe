import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { planIdentity } from "../../../../core/decide/linear/identity-plan.ts";
import { judgeOriginalWhileMoving } from "../../../../core/decide/linear/revalidation.ts";
import type { InstanceFacts, InstanceState } from "../../../../core/model/instance.ts";
import type { IntentChange } from "../../../../core/model/intent.ts";
import { evaluationTag } from "../../../../core/model/tags.ts";
import { dataVolume, openPolicy, primaryEni, rootVolume } from "./eligible-facts.ts";
import { fullInstance, replacement, withoutMoved } from "./full-instance.ts";

const changed = (change: Partial<InstanceFacts>): InstanceFacts => ({ ...fullInstance, ...change });

/** While nothing of it has moved. */
const judge = (
  before: InstanceFacts,
  now: InstanceFacts | undefined,
  expectedStates: readonly InstanceState[],
) => judgeOriginalWhileMoving({ before, now, expectedStates, moves: [], isLastLook: true });

describe("re-validation of an original that was claimed", () => {
  const claim = "dpl-0123456789#4";
  const moves = [{ kind: "CLAIM_ORIGINAL", instanceId: "i-1", claim }] as const;
  const kindOf = (before: string | undefined, now: string | undefined) => {
    const [earlier, later] = [before, now].map((value) =>
      changed({ tags: value === undefined ? {} : { "spot-optimizer:claim": value } }),
    );
    const given = { before: earlier ?? fullInstance, now: later, moves } as const;
    return judgeOriginalWhileMoving({ ...given, expectedStates: ["running"] }).kind;
  };

  it.each([
    ["by us", undefined, claim, "UNCHANGED"],
    ["by us, over an earlier claim of our own", "dpl-0123456789#3", claim, "UNCHANGED"],
    ["by us, which EC2 does not show yet", undefined, undefined, "UNCHANGED"],
    [
      "by us, which EC2 does not show yet over an earlier one",
      "dpl-0123456789#3",
      "dpl-0123456789#3",
      "UNCHANGED",
    ],
    ["by another deployment, over ours", undefined, "dpl-9999999999#1", "CHANGED"],
    ["by a later evaluation of our own", undefined, "dpl-0123456789#5", "CHANGED"],
  ])("%s", (_, before, now, kind) => {
    expect(kindOf(before, now)).toBe(kind);
  });
});

describe("re-validation of the original", () => {
  it.each<[string, InstanceFacts]>([
    ["nothing differs", fullInstance],
    [
      "we have tagged it",
      changed({ tags: { [evaluationTag]: "evl-1", ManagedBy: "SpotOptimizer" } }),
    ],
    ["its settings were not read at the verdict", changed({ launchSettings: { a: "b" } })],
    ["EC2 lists its parts in another order", changed({ volumes: [dataVolume, rootVolume] })],
    ["AWS has scheduled an event meanwhile", changed({ scheduledEvents: ["system-reboot"] })],
  ])("finds it unchanged when %s", (_, now) => {
    expect(judge(fullInstance, now, ["running"])).toEqual({ kind: "UNCHANGED" });
  });

  it("finds a stopped one unchanged where a stop is expected, without its assigned address", () => {
    const before = changed({ autoAssignedPublicIp: "198.51.100.7" });
    expect(judge(before, changed({ state: "stopped" }), ["stopping", "stopped"])).toEqual({
      kind: "UNCHANGED",
    });
  });
});

describe("re-validation of an original that changed", () => {
  it.each<[string, InstanceFacts | undefined, string]>([
    ["is gone", undefined, "no longer shows"],
    ["was stopped", changed({ state: "stopped" }), "state is stopped, expected running"],
    ["was terminated", changed({ state: "terminated" }), "state is terminated"],
    ["was resized", changed({ instanceType: "m5.xlarge" }), "was m5.large and is m5.xlarge"],
    ["was started anew", changed({ launchedAt: "2025-03-01T11:00:00.000Z" }), "launch time"],
    ["was protected", changed({ disableApiTermination: true }), "termination protection"],
    ["was protected from a stop", changed({ disableApiStop: true }), "stop protection"],
    ["was taken over by AWS", changed({ operatorManaged: true }), "management by an AWS service"],
    [
      "joined a group",
      changed({ tags: { "aws:autoscaling:groupName": "web" } }),
      "owning service aws:autoscaling:groupName=web is new",
    ],
    [
      "was claimed by another deployment",
      changed({ tags: { ...fullInstance.tags, "spot-optimizer:claim": "dpl-9999999999#1" } }),
      "claim dpl-9999999999#1 of another deployment is new",
    ],
    [
      "came into a stack",
      changed({ tags: { ...fullInstance.tags, "aws:cloudformation:stack-name": "web" } }),
      "owning service aws:cloudformation:stack-name=web is new",
    ],
    ["lost a volume", changed({ volumes: [rootVolume] }), "volume vol-data on /dev/sdf is gone"],
    [
      "got a volume",
      changed({
        volumes: [...fullInstance.volumes, { ...dataVolume, volumeId: "v2", deviceName: "/dev/x" }],
      }),
      "volume v2 on /dev/x is new",
    ],
    [
      "lost an interface",
      changed({ networkInterfaces: fullInstance.networkInterfaces.slice(0, 1) }),
      "network interface eni-1 at index 1 is gone",
    ],
    [
      "lost its Elastic IP",
      changed({
        networkInterfaces: fullInstance.networkInterfaces.map((found) => ({
          ...found,
          privateAddresses: found.privateAddresses.map(({ privateIp, primary }) => ({
            privateIp,
            primary,
          })),
        })),
      }),
      "Elastic IP eipalloc-main at 10.0.0.10 is gone",
    ],
    ["left a target group", changed({ targetGroups: [] }), "target group"],
    [
      "joined a target group",
      changed({ targetGroups: [...fullInstance.targetGroups, { arn: "arn:new", port: 80 }] }),
      "target group arn:new port 80 is new",
    ],
    ["got a tag", changed({ tags: { team: "shop" } }), "tag team=shop is new"],
    [
      "got a ManagedBy of its owner",
      changed({ tags: { ManagedBy: "terraform" } }),
      "tag ManagedBy=terraform is new",
    ],
    [
      "got another security group",
      changed({
        networkInterfaces: fullInstance.networkInterfaces.map((found) => ({
          ...found,
          securityGroupIds: ["sg-other"],
        })),
      }),
      "security group sg-other of",
    ],
    [
      "forwards packets now",
      changed({
        networkInterfaces: fullInstance.networkInterfaces.map((found) => ({
          ...found,
          sourceDestCheck: !found.sourceDestCheck,
        })),
      }),
      "source/destination check of",
    ],
  ])("finds a change when it %s, and says which", (_, now, words) => {
    const judged = judge(fullInstance, now, ["running"]);
    expect(judged).toMatchObject({ kind: "CHANGED", sentence: expect.stringContaining(words) });
  });

  it("finds another profile, and says from what to what", () => {
    const [before, now] = ["none", "arn:profile/web"].map((profile) =>
      changed({ launchSettings: { "instance profile": profile } }),
    );
    expect(judge(before ?? fullInstance, now, ["running"])).toMatchObject({
      sentence: expect.stringContaining("instance profile was none and is arn:profile/web"),
    });
  });

  it("is not so strict once it is stopped: what the replacement has of it is not a ground to be down twice", () => {
    const now = changed({ state: "stopped", tags: { team: "shop" } });
    const look = { before: fullInstance, now, expectedStates: ["stopped"], moves: [] } as const;
    expect(judgeOriginalWhileMoving(look)).toEqual({ kind: "UNCHANGED" });
    expect(judgeOriginalWhileMoving({ ...look, isLastLook: true }).kind).toBe("CHANGED");
  });

  it("names every change at once", () => {
    const now = changed({ state: "stopped", targetGroups: [], disableApiStop: true });
    expect(judge(fullInstance, now, ["running"])).toMatchObject({
      sentence: expect.stringMatching(/state .*; stop protection .*; target group /),
    });
  });
});

describe("re-validation while identity moves", () => {
  const moves = planIdentity({ instance: fullInstance, replacement, policy: openPolicy() }).map(
    (move) => move.change,
  );
  const judge = (now: InstanceFacts, known: readonly IntentChange[]) =>
    judgeOriginalWhileMoving({
      before: fullInstance,
      now,
      expectedStates: ["running"],
      moves: known,
    });

  it("takes any half-moved state of our own making for unchanged", () => {
    fc.assert(
      fc.property(fc.subarray(moves), (acted) => {
        expect(judge(withoutMoved(fullInstance, acted), moves)).toEqual({ kind: "UNCHANGED" });
      }),
    );
  });

  it("takes the same state for a change where the move was not ours", () => {
    fc.assert(
      fc.property(fc.subarray(moves, { minLength: 1 }), (acted) => {
        expect(judge(withoutMoved(fullInstance, acted), []).kind).toBe("CHANGED");
      }),
    );
  });

  it("still sees what somebody else changed", () => {
    const strange = { ...dataVolume, volumeId: "vol-strange", deviceName: "/dev/sdz" };
    const now = withoutMoved(changed({ volumes: [rootVolume, strange] }), moves);
    expect(judge(now, moves)).toMatchObject({
      kind: "CHANGED",
      sentence: expect.stringContaining("vol-strange"),
    });
    expect(judge(changed({ networkInterfaces: [primaryEni] }), []).kind).toBe("CHANGED");
  });
});
