import { afterAll, describe, expect, it } from "@jest/globals";
import { slowToShow } from "../../../local/cloud/ec2/settings.ts";
import type { Ending, Lab } from "../../../local/lab/contract.ts";
import { createKiller, harmCall, refusals } from "../../../local/lab/harm.ts";
import { complaintsAbout } from "../../../local/lab/judge.ts";
import { createLab, openLab } from "../../../local/lab/lab.ts";
import { FunctionRuns } from "../../../local/lab/function-runs.ts";
import { countUntil, type FunctionRun } from "../../../local/lab/recalled-runs.ts";
import { asOwner, atFirst, plain, rich, throwKillSwitch } from "../../../local/lab/scenarios.ts";

const seeds = Array.from({ length: 60 }, (_, index) => index + 1);

/** On a day on which EC2 takes up to a minute to show what it made, and loses it again. */
const slowLab = (seed: number, runs?: FunctionRuns): Promise<Lab> =>
  openLab({ ...plain, settings: slowToShow, seed }, runs);

/** The function dies when the call has acted, and the kill switch is thrown: nobody repeats the call. */
const dieAfter = async (
  operation: string,
  seed: number,
  runs: FunctionRuns,
): Promise<readonly [Lab, Ending]> => {
  const lab = await slowLab(seed, runs);
  const killer = createKiller();
  atFirst(lab, operation, {
    when: "after",
    what: async () => {
      await throwKillSwitch(lab);
      await killer.die();
    },
  });
  const story = await lab.run();
  expect(killer.deaths).toBe(1);
  return [lab, story];
};

/** By seed, before the last of the calls: the same as before the others, as far as it goes. */
const runsBefore = new Map<number, readonly FunctionRun[]>();

// The modules of a test file stay loaded, and what they keep with them.
afterAll(() => {
  runsBefore.clear();
});

const recalledUntil = (operation: string, seed: number): FunctionRuns => {
  const known = runsBefore.get(seed);
  if (known === undefined) return new FunctionRuns();
  return new FunctionRuns(known.slice(0, countUntil(known, { calls: operation })), false);
};

// The last of the calls first.
describe.each(["CreateReplaceRootVolumeTask", "RunInstances", "CreateImage"])(
  "a function that dies after %s, with the kill switch thrown",
  (operation) => {
    it.each(seeds)("leaves nothing behind (seed %i)", async (seed) => {
      const runs = recalledUntil(operation, seed);
      const [lab, story] = await dieAfter(operation, seed, runs);
      if (!runsBefore.has(seed)) runsBefore.set(seed, runs.all);
      expect(await complaintsAbout(lab, story)).toEqual([]);
      expect(story.status).toBe("ROLLED_BACK");
    });
  },
);

describe("a switch on a day on which EC2 is slow to show what is new", () => {
  it.each(seeds.slice(0, 12))("is made, or undone without a trace (seed %i)", async (seed) => {
    const lab = await slowLab(seed, recalledUntil("CreateReplaceRootVolumeTask", seed));
    const story = await lab.run();
    expect(await complaintsAbout(lab, story)).toEqual([]);
    expect(["SWITCHED", "ROLLED_BACK"]).toContain(story.status);
  });
});

/** The call acts, and its answer does not arrive, once. */
const loseAnswerOf = (lab: Lab, operation: string, meanwhile: () => Promise<unknown>): void => {
  atFirst(lab, operation, {
    when: "after",
    what: async () => {
      await meanwhile();
      throw Object.assign(new Error("socket hang up"), { code: "ECONNRESET" });
    },
  });
};

const launchesOf = ({ intents }: Ending): number =>
  intents.filter(({ change }) => change.kind === "LAUNCH_INSTANCE").length;

describe("an original whose owner adds a tag between two tries of its launch", () => {
  it.each(seeds.slice(0, 20))("leaves one replacement or none (seed %i)", async (seed) => {
    const lab = await slowLab(seed);
    const owner = asOwner(lab);
    loseAnswerOf(lab, "RunInstances", () =>
      owner("CreateTags", {
        Resources: [lab.originalId],
        Tags: [{ Key: "cost-center", Value: "42" }],
      }),
    );
    const story = await lab.run();
    expect(await complaintsAbout(lab, story)).toEqual([]);
    expect(launchesOf(story)).toBe(1);
    expect(story.replacements).toHaveLength(1);
    // Found by its token in time, or undone.
    expect(["SWITCHED", "ROLLED_BACK"]).toContain(story.status);
  });

  it("finds what the first try launched, and ends for the tag with nothing left", async () => {
    const lab = await createLab({ ...plain, settings: { visibilityMs: [6_000, 6_000] } });
    const owner = asOwner(lab);
    const tag = { Resources: [lab.originalId], Tags: [{ Key: "cost-center", Value: "42" }] };
    loseAnswerOf(lab, "RunInstances", () => owner("CreateTags", tag));
    const story = await lab.run();
    expect(await complaintsAbout(lab, story)).toEqual([]);
    expect(story.status).toBe("ROLLED_BACK");
    expect(story.evaluation.failure?.error).toBe("StaleOriginal");
    expect(story.replacements).toHaveLength(1);
  });
});

describe("an original whose owner adds a tag between two tries of the launch from its final image", () => {
  it("gets what the first try launched: EC2 says so, and it is waited for", async () => {
    const settings = { visibilityMs: [6_000, 6_000] } as const;
    const lab = await createLab({ ...rich.relaunch, settings });
    const owner = asOwner(lab);
    const answers: (string | undefined)[] = [];
    let launches = 0;
    lab.platform.cloud.faults.after(async ({ operation }) => {
      if (operation !== "RunInstances") return;
      launches += 1;
      if (launches !== 2) return;
      await owner("CreateTags", {
        Resources: [lab.originalId],
        Tags: [{ Key: "cost-center", Value: "42" }],
      });
      throw Object.assign(new Error("socket hang up"), { code: "ECONNRESET" });
    });
    const story = await lab.run();
    for (const { operation, errorCode } of lab.watch.mutations()) {
      if (operation === "RunInstances") answers.push(errorCode);
    }
    expect(answers).toContain("IdempotentParameterMismatch");
    expect(await complaintsAbout(lab, story)).toEqual([]);
    expect(story.status).toBe("SWITCHED");
    expect(story.replacements).toHaveLength(2);
  });
});

describe("snapshots that EC2 leaves when their image is deregistered", () => {
  it.each([
    ["the first DeleteSnapshot is refused", "unavailable"],
    ["the function dies after DeregisterImage", "function killed after acting"],
  ] as const)("are deleted, though %s", async (_name, harm) => {
    const lab = await createLab({ ...plain, settings: { deletesAssociatedSnapshots: false } });
    const operation = harm === "unavailable" ? "DeleteSnapshot" : "DeregisterImage";
    const harmed = harmCall(lab.platform, {
      harm,
      nth: 1,
      matches: (call) => call.operation === operation,
    });
    atFirst(lab, "StopInstances", { when: "before", what: () => throwKillSwitch(lab) });
    const story = await lab.run();
    expect(harmed.isDone()).toBe(true);
    expect(await complaintsAbout(lab, story)).toEqual([]);
    expect(story.status).toBe("ROLLED_BACK");
  });
});

describe("a replacement that EC2 has forgotten by the time of the roll-back", () => {
  it("is not waited for until a person is called", async () => {
    // The roll-back meets a service that is down for longer than EC2 shows what has ended.
    const lab = await createLab({ ...plain, settings: { terminatedVisibleMs: 60_000 } });
    const launchedAt: number[] = [];
    atFirst(lab, "StopInstances", {
      when: "before",
      what: () => {
        const { instanceId = "", launchedAt: since = 0 } = lab.replacement() ?? {};
        launchedAt.push(since);
        lab.control.terminateByOwner(instanceId);
        return throwKillSwitch(lab);
      },
    });
    lab.watch.excuse("replacement");
    lab.platform.cloud.faults.before(({ operation }) => {
      const isDown = launchedAt.some((since) => lab.clock.now() < since + 59 * 60_000);
      if (isDown && operation === "DescribeInstances") throw refusals.unavailable();
    });
    const story = await lab.run();
    expect(await complaintsAbout(lab, story)).toEqual([]);
    expect(story.status).toBe("ROLLED_BACK");
    expect(story.replacements).toEqual([]);
  });
});

describe("what carries our tags and no intent claims", () => {
  it("is told once, and never touched", async () => {
    const lab = await createLab(plain);
    const owner = asOwner(lab);
    let copy: readonly string[] = [];
    atFirst(lab, "StopInstances", {
      when: "before",
      what: async () => {
        const { instanceId = "", tags = {} } = lab.replacement() ?? {};
        const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
        // A backup plan that copies tags, and an image that the customer makes of our replacement.
        const { SnapshotId } = (await owner("CreateSnapshot", {
          VolumeId: lab.replacement()?.volumes[0]?.volumeId,
          Description: "Nightly backup",
          TagSpecifications: [{ ResourceType: "snapshot", Tags }],
        })) as { readonly SnapshotId: string };
        const { ImageId } = (await owner("CreateImage", {
          InstanceId: instanceId,
          Name: "golden",
          NoReboot: true,
          TagSpecifications: [{ ResourceType: "image", Tags }],
        })) as { readonly ImageId: string };
        copy = [SnapshotId, ImageId];
        await throwKillSwitch(lab);
      },
    });
    const story = await lab.run();
    expect(story.status).toBe("ROLLED_BACK");
    expect(story.evaluation.leftBehind?.map(({ id }) => id).sort()).toEqual([...copy].sort());
    for (const id of copy) expect(story.evaluation.outcome?.sentence).toContain(id);
    expect(await complaintsAbout(lab, story)).toEqual([]);
  });
});
