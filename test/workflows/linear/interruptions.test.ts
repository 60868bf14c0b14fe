import { describe, expect, it } from "@jest/globals";
import type { Lab } from "../../../local/lab/contract.ts";
import { createLab } from "../../../local/lab/lab.ts";
import { complaintsAbout } from "../../../local/lab/judge.ts";
import { at, atFirst, rich, stepsOf } from "../../../local/lab/scenarios.ts";

/** Spot takes the replacement back: with two minutes' notice, or at once. */
const interrupt = (lab: Lab, noticeSeconds: number): void => {
  const replacement = lab.replacement();
  if (replacement === undefined) return;
  lab.watch.excuse("replacement");
  lab.control.interrupt(replacement.instanceId, { noticeSeconds });
};

const steps = await stepsOf(rich["stop-and-image"]);
const launch = steps.findIndex(({ operation }) => operation === "RunInstances") + 1;
const tag = steps.findIndex(({ operation }) => operation === "CreateTags") + 1;
/** From the launch to the last look at the replacement's health, right before it is declared the successor. */
const meanwhile = steps.filter(({ nth }) => nth >= launch && nth < tag);

describe.each([
  ["a notice of two minutes", 120, meanwhile],
  ["an end without notice", 0, meanwhile.filter(({ nth }) => nth % 2 === 1)],
])("%s to the replacement", (_name, noticeSeconds, moments) => {
  it.each(moments)(
    "after call $nth ($operation) brings everything back to the original",
    async ({ nth }) => {
      const lab = await createLab(rich["stop-and-image"]);
      at(
        lab,
        { nth },
        {
          when: "after",
          what: () => {
            interrupt(lab, noticeSeconds);
          },
        },
      );
      const story = await lab.run();
      expect(await complaintsAbout(lab, story)).toEqual([]);
      expect(story.status).toBe("ROLLED_BACK");
      expect(story.evaluation.failure?.error).toBe("StaleReplacement");
    },
  );

  it("of a stateless load while its interface is between the two loses nothing", async () => {
    const lab = await createLab(rich.stateless);
    atFirst(lab, "DetachNetworkInterface", {
      when: "after",
      what: () => {
        interrupt(lab, noticeSeconds);
      },
    });
    const story = await lab.run();
    expect(await complaintsAbout(lab, story)).toEqual([]);
    expect(story.status).toBe("ROLLED_BACK");
  });
});

describe("a replacement that is lost once it was declared the successor", () => {
  it.each([
    ["a notice", 120],
    ["no notice", 0],
  ])(
    "with %s before that is recorded, is no successor: the original is restored",
    async (_n, notice) => {
      const lab = await createLab(rich["stop-and-image"]);
      const last = steps.at(-1)?.nth ?? 0;
      at(
        lab,
        { nth: last },
        {
          when: "after",
          what: () => {
            interrupt(lab, notice);
          },
        },
      );
      const story = await lab.run();
      if (notice > 0) expect(await complaintsAbout(lab, story)).toEqual([]);
      expect(story.status).toBe("ROLLED_BACK");
      expect(story.evaluation.failure?.error).toBe("StaleReplacement");
    },
  );

  it("leaves the stopped original and every volume, and the janitor gives none of them up", async () => {
    const lab = await createLab(rich["stop-and-image"]);
    const story = await lab.run();
    expect(story.status).toBe("SWITCHED");
    interrupt(lab, 0);
    await lab.clock.run({ atMostMs: lab.clock.now() + 48 * 3_600_000 });
    expect(lab.replacement()?.state ?? "gone").not.toBe("running");
    await lab.platform.functions.invoke("schedule-janitor", {});
    expect(lab.control.find(lab.originalId)?.state).toBe("stopped");
    for (const id of lab.watch.dataVolumeIds) expect(lab.control.writesOn(id)).toBeDefined();
    expect(lab.watch.broken).toEqual([]);
  });
});

describe("the pool that took the replacement back", () => {
  it("is remembered, so that the next evaluation judges it riskier", async () => {
    const lab = await createLab();
    atFirst(lab, "StopInstances", {
      when: "after",
      what: () => {
        interrupt(lab, 120);
      },
    });
    const first = await lab.run();
    expect(first.status).toBe("ROLLED_BACK");
    const second = await lab.run();
    expect(second.status).toBe("SWITCHED");
    expect(second.swap?.replacement).toBeDefined();
    expect(second.swap?.replacement?.pool).not.toEqual(first.swap?.replacement?.pool);
  });
});
