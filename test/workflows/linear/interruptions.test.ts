import { describe, expect, it } from "@jest/globals";
import type { Lab } from "../../../local/lab/contract.ts";
import { createLab } from "../../../local/lab/lab.ts";
import { complaintsAbout } from "../../../local/lab/judge.ts";
import {
  asOwner,
  at,
  atFirst,
  isRetirement,
  letSwitchesBegin,
  rich,
  stepsOf,
} from "../../../local/lab/scenarios.ts";

/** Spot takes the replacement back: with two minutes' notice, or at once. */
const interrupt = (lab: Lab, noticeSeconds: number): void => {
  const replacement = lab.replacement();
  if (replacement === undefined) return;
  lab.watch.excuse("replacement");
  lab.control.interrupt(replacement.instanceId, { noticeSeconds });
};

const steps = await stepsOf(rich["stop-and-image"]);
const launch = steps.findIndex(({ operation }) => operation === "RunInstances") + 1;
const tag = steps.findLastIndex(({ operation }) => operation === "CreateTags") + 1;
/** From the launch to the last look at the replacement's health, right before it is declared the successor. */
const meanwhile = steps.filter(({ nth }) => nth >= launch && nth < tag);

describe.each([
  ["a notice of two minutes", 120, meanwhile],
  ["an end without notice", 0, meanwhile.filter(({ nth }) => nth % 2 === 1)],
])("%s to the replacement", (_name, noticeSeconds, moments) => {
  it.each(moments)(
    "after call $nth ($operation) brings everything back to the original",
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

describe.each(["stop-and-image", "move-volumes", "relaunch"] as const)(
  "a replacement (%s) that is lost once it was declared the successor",
  (name) => {
    it("leaves the stopped original, every volume and interface, and the janitor gives none up", async () => {
      const lab = await createLab(rich[name]);
      const lost: string[] = [];
      atFirst(lab, isRetirement, {
        when: "after",
        what: () => {
          // A second later: EC2 shows what it was told by then.
          lab.clock.schedule(lab.clock.now() + 1_000, () => {
            const [serving] = lab.control
              .running(lab.account.accountId)
              .filter(({ allocationIds }) => allocationIds.length > 0);
            lost.push(...(serving?.volumes ?? []).map(({ volumeId }) => volumeId));
            lab.watch.excuse("replacement");
            lab.control.interrupt(serving?.instanceId ?? "", { noticeSeconds: 0 });
          });
        },
      });
      const story = await lab.run();
      expect(story.status).toBe("SWITCHED");
      await lab.clock.run({ atMostMs: lab.clock.now() + 48 * 3_600_000 });
      expect(lab.control.running(lab.account.accountId)).toEqual([]);
      await lab.platform.functions.invoke("schedule-janitor", {});
      expect(lab.control.find(lab.originalId)?.state).toBe("stopped");
      // Its root, and the data volumes that are deleted with an instance as their owner had them.
      expect(lost).toEqual(expect.arrayContaining([...lab.watch.dataVolumeIds]));
      expect(lost.length).toBe(lab.watch.dataVolumeIds.length + 1);
      for (const id of lost) expect(lab.control.writesOn(id)).toBeDefined();
      const owner = asOwner(lab);
      const interfaces = [...lab.watch.secondaryInterfaceIds];
      await owner("DescribeNetworkInterfaces", { NetworkInterfaceIds: interfaces });
      expect(lab.watch.broken).toEqual([]);
    });
  },
);

describe("a replacement that is lost before its switch is recorded", () => {
  it.each([
    ["a notice", 120],
    ["no notice", 0],
  ])(
    "with %s before that is recorded, is not a successor: the original is restored",
    async (_n, notice) => {
      const last = steps.at(-1)?.nth ?? 0;
      const lab = await createLab({
        ...rich["stop-and-image"],
        undisturbedUntil: { change: last },
      });
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
    await letSwitchesBegin(lab);
    const second = await lab.run();
    expect(second.status).toBe("SWITCHED");
    expect(second.swap?.replacement).toBeDefined();
    expect(second.swap?.replacement?.pool).not.toEqual(first.swap?.replacement?.pool);
  });
});
