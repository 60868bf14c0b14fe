import { describe, expect, it } from "@jest/globals";
import type { Lab } from "../../../local/lab/contract.ts";
import { complaintsAbout } from "../../../local/lab/judge.ts";
import { accountId, createLab, region } from "../../../local/lab/lab.ts";
import { atFirst, rich } from "../../../local/lab/scenarios.ts";

const putBehind = (lab: Lab): void => {
  lab.platform.classicElb.set({
    accountId,
    region,
    name: "old-web",
    instanceIds: [lab.originalId],
  });
};

describe("an instance behind a classic load balancer", () => {
  it("is refused by name, and nothing is touched", async () => {
    const lab = await createLab();
    putBehind(lab);
    const { status, evaluation, mutations } = await lab.run();
    expect(status).toBe("REFUSED");
    expect(evaluation.verdict?.reason).toBe("IN_CLASSIC_LOAD_BALANCER");
    expect(evaluation.verdict?.sentence).toContain("old-web");
    expect(mutations).toEqual([]);
  });

  it.each(["stop-and-image", "stateless"] as const)(
    "to which it comes after the verdict (%s) keeps serving: it is never given up",
    async (name) => {
      const lab = await createLab(rich[name]);
      atFirst(lab, "RunInstances", {
        when: "after",
        what: () => {
          putBehind(lab);
        },
      });
      const story = await lab.run();
      expect(await complaintsAbout(lab, story)).toEqual([]);
      expect(story.status).toBe("ROLLED_BACK");
      expect(story.evaluation.failure?.cause).toContain("old-web");
      expect(new Set(lab.watch.moments.map(({ original }) => original))).toEqual(
        new Set(["running"]),
      );
    },
  );

  it("in which it is registered during its cool-off is not terminated", async () => {
    const lab = await createLab();
    await lab.run();
    putBehind(lab);
    await lab.clock.run({ atMostMs: lab.clock.now() + 25 * 3_600_000 });
    await lab.platform.functions.invoke("schedule-janitor", {});
    expect(lab.control.find(lab.originalId)?.state).toBe("stopped");
    const { body } = await lab.send("GET", `/lab/instances/${lab.targetId}`);
    expect(body["retirement"]).toMatchObject({
      kind: "KEPT",
      reason: "REGISTERED",
      sentence: expect.stringContaining("old-web"),
    });
  });
});
