/** What EC2 takes back of our surplus, once others have absorbed that: it is missing in both runs, and nothing beyond it is excused. */
import { describe, expect, it } from "@jest/globals";
import type { GroupLabOptions } from "../../../local/lab/group-lab.ts";
import type { Interference } from "../../../local/property/cluster/interference.ts";
import { judgeCase } from "../../../local/property/cluster/judge.ts";
import { runTwin, runWithUs } from "../../../local/property/cluster/runs.ts";
import { doing, type Wrong } from "./wrong.ts";

/** Our calls: the claim, two launches, the hold, the attach, the protection of what was attached, the release, two removals. */
const options: GroupLabOptions = {
  size: 2,
  min: 1,
  max: 5,
  zones: 1,
  isBehindLoadBalancer: false,
  policy: { batch_size: 2 },
  settings: { jitter: 0 },
};

const after = (nth: number, act: Interference["act"]): Interference => ({
  trigger: { kind: "AFTER_CALL", nth },
  act,
});
const taken = { kind: "INTERRUPT", replacement: 1, noticeSeconds: 120 } as const;
const asked = (desired: number) => ({ kind: "DESIRED", desired }) as const;

const play = async (interferences: readonly Interference[], wrong?: Wrong) => {
  const faults = wrong === undefined ? [] : [doing(wrong)];
  const own = await runWithUs(options, { interferences, faults });
  const found = await judgeCase(own, await runTwin(options, own));
  return { found, missed: own.notices.length };
};

describe("a replacement that EC2 takes back while it stands beside its original", () => {
  it("is missing nowhere", async () => {
    expect(await play([after(6, taken)])).toEqual({ found: [], missed: 0 });
  });

  it.each([
    ["lowers the group", 3],
    ["scales it out", 5],
  ])("is missing in both runs once its owner %s over our surplus", async (_, desired) => {
    const interferences = [after(6, taken), after(7, asked(desired))];
    expect(await play(interferences)).toEqual({ found: [], missed: 1 });
  });

  it("is missing in both runs where the notice comes while the group follows its owner", async () => {
    const interferences = [after(6, asked(3)), after(6, taken)];
    expect(await play(interferences)).toEqual({ found: [], missed: 1 });
  });

  it("is missing nowhere where the group takes it itself, as its owner asks for less", async () => {
    const interferences = [after(6, taken), after(7, asked(2))];
    expect(await play(interferences)).toEqual({ found: [], missed: 0 });
  });

  it("excuses itself alone: two that we take are found, of which the group would have taken one", async () => {
    const { found } = await play([after(6, taken), after(7, asked(3))], {
      after: "DeleteTags",
      operation: "TerminateInstanceInAutoScalingGroup",
      input: ({ platform, name }) => ({
        InstanceIds: platform.autoScaling.control.serving(name).slice(0, 2),
        ShouldDecrementDesiredCapacity: false,
      }),
    });
    expect(found).toContainEqual(expect.stringContaining("3 are asked for"));
  });
});
