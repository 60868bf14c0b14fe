import { describe, expect, it } from "@jest/globals";
import type { FaultCall } from "../../../local/cloud/faults.ts";
import type { Lab } from "../../../local/lab/contract.ts";
import { accountId, createLab } from "../../../local/lab/lab.ts";
import { harmCall, isMutation } from "../../../local/lab/harm.ts";
import { complaintsAbout } from "../../../local/lab/judge.ts";
import {
  at,
  hasServedAfter,
  rich,
  stepsOf,
  throwKillSwitch,
} from "../../../local/lab/scenarios.ts";

/** What leads forward, by name or by whom it serves. */
const leadsForward = (lab: Lab): ((call: FaultCall) => string | undefined) => {
  const forward = new Set([
    "RunInstances",
    "StopInstances",
    "CreateImage",
    "CreateReplaceRootVolumeTask",
    "CreateTags",
  ]);
  return ({ operation, input }) => {
    if (forward.has(operation)) return `${operation} after the kill switch was thrown`;
    const { InstanceId: id } = input as { readonly InstanceId?: string };
    const attaches = operation === "AttachVolume" || operation === "AttachNetworkInterface";
    return attaches && id !== lab.originalId
      ? `${operation} to ${String(id)} after the kill switch was thrown`
      : undefined;
  };
};

const steps = await stepsOf(rich["stop-and-image"]);

describe("the kill switch, thrown in the middle of a switch", () => {
  it.each(steps)(
    "after call $nth ($operation) stops what leads forward, and everything is undone or held",
    async ({ nth }) => {
      const lab = await createLab({
        ...rich["stop-and-image"],
        undisturbedUntil: { change: nth },
      });
      at(
        lab,
        { nth },
        {
          when: "after",
          what: async () => {
            await throwKillSwitch(lab);
            lab.watch.forbid(leadsForward(lab));
          },
        },
      );
      const story = await lab.run();
      expect(await complaintsAbout(lab, story)).toEqual([]);
      // After the last call there is nothing more that it could stop.
      const isLast = nth === steps.length;
      const stopped = hasServedAfter(steps, nth) ? "NEEDS_OPERATOR" : "ROLLED_BACK";
      expect(story.status).toBe(isLast ? "SWITCHED" : stopped);
      expect(story.evaluation.failure?.error).toBe(isLast ? undefined : "StaleKillSwitch");
      if (!isLast) expect(story.evaluation.failure?.cause).toContain("drill");
    },
  );

  /** One of each kind: what is made, what travels, what is marked. */
  const dying = new Set([
    "RunInstances",
    "CreateReplaceRootVolumeTask",
    "AttachNetworkInterface",
    "AssociateAddress",
    "ModifyInstanceAttribute",
  ]);

  it.each(steps.filter(({ operation }) => dying.has(operation)))(
    "while the function that made call $nth ($operation) dies, finds what that call did",
    async ({ nth }) => {
      const lab = await createLab({
        ...rich["stop-and-image"],
        undisturbedUntil: { change: nth },
      });
      const matches = isMutation(accountId);
      harmCall(lab.platform, { harm: "function killed after acting", nth, matches });
      at(lab, { nth }, { when: "before", what: () => throwKillSwitch(lab) });
      const story = await lab.run();
      expect(await complaintsAbout(lab, story)).toEqual([]);
      expect(story.status).toBe(hasServedAfter(steps, nth) ? "NEEDS_OPERATOR" : "ROLLED_BACK");
    },
  );

  it("before anything was touched ends as DEGRADED, with the reason", async () => {
    const lab = await createLab();
    await throwKillSwitch(lab);
    const story = await lab.run();
    expect(await complaintsAbout(lab, story)).toEqual([]);
    expect(story.status).toBe("DEGRADED");
    expect(story.evaluation.outcome?.sentence).toContain("drill");
    expect(story.mutations).toEqual([]);
  });
});
