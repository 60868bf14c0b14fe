import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { planIdentity } from "../../../../core/decide/linear/identity-plan.ts";
import { judgeOriginalWhileMoving } from "../../../../core/decide/linear/revalidation.ts";
import type { InstanceFacts, InstanceState } from "../../../../core/model/instance.ts";
import type { IntentChange } from "../../../../core/model/intent.ts";
import { dataVolume, openPolicy, primaryEni, rootVolume } from "./eligible-facts.ts";
import { fullInstance, replacement, withoutMoved } from "./full-instance.ts";

const changed = (change: Partial<InstanceFacts>): InstanceFacts => ({ ...fullInstance, ...change });

/** While nothing of it has moved. */
const judge = (
  before: InstanceFacts,
  now: InstanceFacts | undefined,
  expectedStates: readonly InstanceState[],
) => judgeOriginalWhileMoving({ before, now, expectedStates, moves: [] });

describe("re-validation of the original", () => {
  it.each<[string, InstanceFacts]>([
    ["nothing differs", fullInstance],
    ["a plain tag was added", changed({ tags: { team: "shop" } })],
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
      "owning service spot-optimizer:claim=dpl-9999999999#1 is new",
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
  ])("finds a change when it %s, and says which", (_, now, words) => {
    const judged = judge(fullInstance, now, ["running"]);
    expect(judged).toMatchObject({ kind: "CHANGED", sentence: expect.stringContaining(words) });
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
