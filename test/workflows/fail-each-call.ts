/** The matrix: each mutating call of a switch meets each harm. One test file per kind, so that they run side by side. */
import { describe, expect, it } from "@jest/globals";
import { accountId, createLab, type LabOptions } from "../../local/lab/lab.ts";
import { harmCall, harms, isMutation, type Harm } from "../../local/lab/harm.ts";
import { complaintsAbout } from "../../local/lab/judge.ts";
import { hasServedAfter, type Step } from "../../local/lab/scenarios.ts";

interface Case extends Step {
  readonly harm: Harm;
}

/** Those that leave doubt about what was done, or end it; a mere 503 is tried on one kind of switch. */
export const doubtful = harms.filter((harm) => harm !== "unavailable");

export const failEachCall = (
  options: LabOptions,
  steps: readonly Step[],
  among: readonly Harm[] = harms,
): void => {
  const cases: readonly Case[] = steps.flatMap((step) => among.map((harm) => ({ ...step, harm })));
  describe(`a ${options.consistency ?? "stop-and-image"} switch, whichever call fails`, () => {
    it.each(cases)(
      "is made or undone when call $nth ($operation) meets: $harm",
      async ({ harm, nth, operation }) => {
        // The root travels another way: by an image, or on another replacement.
        const hasAnotherWay = operation === "CreateReplaceRootVolumeTask";
        const lab = await createLab({
          ...options,
          ...(hasAnotherWay ? { maxReplacements: 2 } : {}),
          undisturbedUntil: { change: nth },
        });
        const harmed = harmCall(lab.platform, { harm, nth, matches: isMutation(accountId) });
        const story = await lab.run();
        expect(harmed.isDone()).toBe(true);
        expect(await complaintsAbout(lab, story)).toEqual([]);
        // What may have acted is found again: only a refusal for good gives the switch up. It does not give up newer writes.
        const isHeld = options.consistency !== "stateless" && hasServedAfter(steps, nth - 1);
        const givenUp = isHeld ? "NEEDS_OPERATOR" : "ROLLED_BACK";
        const isGivenUp = harm === "unauthorized" && !hasAnotherWay;
        expect(story.status).toBe(isGivenUp ? givenUp : "SWITCHED");
        if (isGivenUp) expect(story.evaluation.failure?.error).toBe("BrokenPermission");
      },
    );

    it("launches one instance per image, though each answer of RunInstances is lost", async () => {
      const lab = await createLab(options);
      const seen = new Map<unknown, number>();
      lab.platform.cloud.faults.after(({ operation, input }) => {
        if (operation !== "RunInstances") return;
        const { ClientToken: token } = input as { readonly ClientToken?: string };
        const count = (seen.get(token) ?? 0) + 1;
        seen.set(token, count);
        if (count === 1) throw Object.assign(new Error("socket hang up"), { code: "ECONNRESET" });
      });
      const story = await lab.run();
      expect(await complaintsAbout(lab, story)).toEqual([]);
      expect(story.replacements).toHaveLength(options.maxReplacements ?? 1);
    });
  });
};
