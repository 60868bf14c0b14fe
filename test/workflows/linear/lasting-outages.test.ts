import { describe, expect, it } from "@jest/globals";
import { accountId, createLab } from "../../../local/lab/lab.ts";
import { isMutation, refusals } from "../../../local/lab/harm.ts";
import { complaintsAbout } from "../../../local/lab/judge.ts";
import { actionsOf, hasServedAfter, rich, stepsOf } from "../../../local/lab/scenarios.ts";

const steps = await stepsOf(rich["stop-and-image"]);

/** Once taken apart, these cannot be put together again without the permission: a person must give it back. */
const irreplaceable: ReadonlySet<string> = new Set(["AttachVolume", "AttachNetworkInterface"]);

/** Without these there is another way: denied-root.test.ts. */
const hasAnotherWay = ({ operation }: { readonly operation: string }): boolean =>
  operation === "CreateReplaceRootVolumeTask";

describe("a permission that is taken away for good in the middle of a switch", () => {
  it.each(steps.filter((step) => !hasAnotherWay(step)))(
    "before call $nth ($operation) leaves the original with all that can be given back, or the replacement serving",
    async ({ nth, operation }) => {
      const lab = await createLab({
        ...rich["stop-and-image"],
        undisturbedUntil: { change: nth },
      });
      const isOurs = isMutation(accountId);
      let count = 0;
      lab.platform.cloud.faults.before((call) => {
        if (isOurs(call)) count += 1;
        if (count >= nth && call.operation === operation) throw refusals.unauthorized();
      });
      const story = await lab.run();
      expect(lab.watch.broken).toEqual([]);
      expect(story.evaluation.failure?.cause).toContain(operation);
      expect(story.isLeaseHeld).toBe(false);
      if (!irreplaceable.has(operation)) {
        expect(await complaintsAbout(lab, story)).toEqual([]);
        const isHeld = hasServedAfter(steps, nth - 1);
        expect(story.status).toBe(isHeld ? "NEEDS_OPERATOR" : "ROLLED_BACK");
        expect(story.evaluation.outcome?.isHeld).toBe(isHeld ? true : undefined);
        return;
      }
      expect(story.status).toBe("NEEDS_OPERATOR");
      expect(story.evaluation.rollbackProblem).toContain(operation);
      expect(story.evaluation.rollbackProblem).toContain("Kept: the image");
      // Without a data volume it must not start; without anything else it does.
      expect(story.original?.state).toBe(operation === "AttachVolume" ? "stopped" : "running");
      expect(story.original?.allocationIds).toEqual(
        expect.arrayContaining([...lab.watch.allocationIds]),
      );
      expect(actionsOf(story)).not.toContain("DeregisterImage");
    },
  );
});

describe("an outage of the customer's EC2", () => {
  it.each([1, 3, 6, 9, 13])(
    "of half an hour from call %i on is waited for: as it was, or held",
    async (nth) => {
      const lab = await createLab({
        ...rich["stop-and-image"],
        undisturbedUntil: { change: nth },
      });
      const isOurs = isMutation(accountId);
      let count = 0;
      let endMs = Infinity;
      lab.platform.cloud.faults.before((call) => {
        if (call.caller.accountId !== accountId) return;
        if (isOurs(call)) count += 1;
        if (count < nth) return;
        const now = lab.clock.now();
        if (endMs === Infinity) endMs = now + 30 * 60_000;
        if (now < endMs) throw refusals.unavailable();
      });
      const story = await lab.run();
      expect(await complaintsAbout(lab, story)).toEqual([]);
      expect(story.status).toBe(hasServedAfter(steps, nth - 1) ? "NEEDS_OPERATOR" : "ROLLED_BACK");
      expect(story.evaluation.failure?.error).toBe("RetryableUnavailable");
    },
  );
});
