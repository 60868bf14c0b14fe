import { describe, expect, it } from "@jest/globals";
import { alikeCallsAtOnce } from "../../../core/decide/linear/paces.ts";
import type { Ending, Lab } from "../../../local/lab/contract.ts";
import { harmCall, isMutation, refusals, type Harm } from "../../../local/lab/harm.ts";
import { complaintsAbout } from "../../../local/lab/judge.ts";
import { accountId, createLab, type LabOptions } from "../../../local/lab/lab.ts";
import { marketOf } from "../../../local/lab/small-market.ts";
import { isRetirement } from "../../../local/lab/scenarios.ts";

const large = "m7i.48xlarge";

/** With EC2's own request limits, and times as EC2 has them for volumes and interfaces. */
const withParts = (volumes: number, interfaces = 0): LabOptions => ({
  // Few types take as many volumes.
  market: marketOf([large]),
  throttle: true,
  settings: {
    volumeDetachMs: 4_000,
    volumeAttachMs: 2_000,
    interfaceDetachMs: 5_000,
    interfaceAttachMs: 2_000,
  },
  instance: {
    instanceType: large,
    dataVolumes: Array.from({ length: volumes }, () => ({ sizeGib: 10 })),
    secondaryInterfaces: interfaces,
  },
});

const switched = async (options: LabOptions): Promise<{ lab: Lab; story: Ending }> => {
  const lab = await createLab({ ...options, undisturbedUntil: "END" });
  const story = await lab.run();
  expect(await complaintsAbout(lab, story)).toEqual([]);
  expect(story.status).toBe("SWITCHED");
  return { lab, story };
};

const downtimeOf = ({ story }: { readonly story: Ending }): number =>
  story.evaluation.downtimeSeconds ?? NaN;

const many = 70;

describe("many volumes and interfaces", () => {
  it.each([
    // One needs 15 s at most: detach, attach, and a look in between.
    { volumes: 10, interfaces: 0, more: 15 },
    { volumes: 1, interfaces: 2, more: 15 },
    // As many calls as EC2 gives back in the meantime: three looks to detach all, one more to attach the last.
    { volumes: many, interfaces: 0, more: 60 },
  ])(
    "$volumes and $interfaces take at most $more s longer than one volume",
    async ({ volumes, interfaces, more }) => {
      const one = downtimeOf(await switched(withParts(1)));
      const all = await switched(withParts(volumes, interfaces));
      expect(downtimeOf(all) - one).toBeLessThanOrEqual(more);
    },
  );

  it("leave half of EC2's burst to the customer's own callers, and are never refused for it", async () => {
    const { lab, story } = await switched(withParts(many));
    const { journal } = lab.platform.cloud;
    expect(journal.filter(({ errorCode }) => errorCode === "RequestLimitExceeded")).toEqual([]);
    const detached = journal.filter(({ operation }) => operation === "DetachVolume");
    const withinSeconds = detached.map(
      (first) =>
        detached.filter(({ at: atMs }) => atMs >= first.at && atMs < first.at + 4_000).length,
    );
    expect(Math.max(...withinSeconds)).toBe(alikeCallsAtOnce);
    const moved = story.intents.filter(({ change }) => change.kind === "MOVE_VOLUME");
    expect(moved).toHaveLength(many);
  });

  it("have a deadline that counts from the last progress: a minute is enough for all", async () => {
    const options = { ...withParts(many), policy: { move_deadline_minutes: 1 } };
    const slowly = { ...options.settings, volumeDetachMs: 30_000, volumeAttachMs: 30_000 };
    const { story } = await switched({ ...options, settings: slowly });
    const { move } = story.evaluation.waits;
    expect(Date.parse(move?.deadline ?? "") - Date.parse(move?.beganAt ?? "")).toBeGreaterThan(
      60_000,
    );
  });

  it("that do not come away are given up after one deadline without progress", async () => {
    const stuck = { ...withParts(2), policy: { move_deadline_minutes: 1 } };
    const settings = { ...stuck.settings, volumeDetachMs: 600_000 };
    const lab = await createLab({ ...stuck, settings });
    const story = await lab.run();
    expect(story.status).toBe("ROLLED_BACK");
    expect(story.evaluation.failure?.error).toBe("BrokenDeadline");
    expect(await complaintsAbout(lab, story)).toEqual([]);
  });
});

describe("many volumes on the way back", () => {
  it("take at most a minute longer than one", async () => {
    const undone = async (volumes: number): Promise<number> => {
      const undisturbedUntil = { begins: "linear-retire-original" } as const;
      const lab = await createLab({ ...withParts(volumes), undisturbedUntil });
      lab.platform.cloud.faults.before((call) => {
        if (!isRetirement(call)) return;
        // One that is well would be left as it is.
        lab.control.failChecks(({ lifecycle }) => lifecycle === "spot", "system");
        throw refusals.unauthorized();
      });
      const story = await lab.run();
      expect(await complaintsAbout(lab, story)).toEqual([]);
      expect(story.status).toBe("ROLLED_BACK");
      const begun = story.evaluation.phases.find(({ name }) => name === "roll-back")?.startedAt;
      const started = lab.watch.moments.find(
        ({ operation, atMs }) => operation === "StartInstances" && atMs >= Date.parse(begun ?? ""),
      );
      return ((started?.atMs ?? NaN) - Date.parse(begun ?? "")) / 1000;
    };
    expect((await undone(many)) - (await undone(1))).toBeLessThanOrEqual(60);
  });
});

describe("a call in the middle of many", () => {
  const options: LabOptions = { instance: { dataVolumes: Array(4).fill({ sizeGib: 10 }) } };
  const cases = (["DetachVolume", "AttachVolume"] as const).flatMap((operation) =>
    (
      ["connection broken after acting", "function killed after acting", "unauthorized"] as const
    ).map((harm: Harm) => ({ operation, harm })),
  );

  it.each(cases)("the third $operation meets: $harm; it is made or undone", async (one) => {
    const lab = await createLab({ ...options, undisturbedUntil: { calls: one.operation } });
    const isOurs = isMutation(accountId);
    const matches = (call: Parameters<typeof isOurs>[0]): boolean =>
      isOurs(call) && call.operation === one.operation;
    const harmed = harmCall(lab.platform, { harm: one.harm, nth: 3, matches });
    const story = await lab.run();
    expect(harmed.isDone()).toBe(true);
    expect(await complaintsAbout(lab, story)).toEqual([]);
    expect(story.status).toBe(one.harm === "unauthorized" ? "ROLLED_BACK" : "SWITCHED");
  });
});
