import { describe, expect, it } from "@jest/globals";
import type { Ending, Lab } from "../../../local/lab/contract.ts";
import { complaintsAbout } from "../../../local/lab/judge.ts";
import { createLab, type LabOptions } from "../../../local/lab/lab.ts";
import {
  actionsOf,
  asOwner,
  at,
  atFirst,
  rich,
  stepsOf,
  throwKillSwitch,
} from "../../../local/lab/scenarios.ts";

const options = rich["move-root-volume"];
const steps = await stepsOf(options);
const nthOf = (operation: string): number =>
  steps.findIndex((step) => step.operation === operation) + 1;

const undisturbed: LabOptions = { ...options, undisturbedUntil: "END" };

const hourMs = 3_600_000;

interface Told {
  readonly lab: Lab;
  readonly story: Ending;
}

const ended = async (lab: Lab, status: string): Promise<Told> => {
  const story = await lab.run();
  expect(await complaintsAbout(lab, story)).toEqual([]);
  expect(story.status).toBe(status);
  return { lab, story };
};

const rootOf = (volumes: readonly { readonly deviceName: string; readonly volumeId: string }[]) =>
  volumes.find(({ deviceName }) => deviceName === "/dev/xvda")?.volumeId;

/** The owner's own reading of the deletion flag. */
const flagOf = async (lab: Lab, volumeId: string): Promise<boolean | undefined> => {
  const answer = (await asOwner(lab)("DescribeVolumes", { VolumeIds: [volumeId] })) as {
    readonly Volumes: readonly {
      readonly Attachments: readonly { readonly DeleteOnTermination: boolean }[];
    }[];
  };
  return answer.Volumes[0]?.Attachments[0]?.DeleteOnTermination;
};

describe("a switch that moves the root volume", () => {
  it("puts the very volume under the replacement, kept whatever EC2 does, and makes no final image", async () => {
    const { lab, story } = await ended(await createLab(undisturbed), "SWITCHED");
    const { rootVolumeId, acknowledged } = lab.watch;
    const [replacement] = story.replacements;
    expect(rootOf(replacement?.volumes ?? [])).toBe(rootVolumeId);
    expect(lab.control.writesOn(rootVolumeId)).toBe(acknowledged.get(rootVolumeId));
    expect(await flagOf(lab, rootVolumeId)).toBe(false);
    expect(actionsOf(story).filter((action) => action === "CreateImage")).toHaveLength(1);
    expect(story.evaluation.progress).toMatchObject({
      rootTransfer: "move-root-volume",
      movedRootVolumeId: rootVolumeId,
    });
  });

  it("is down for less than one that images the stopped original", async () => {
    const realistic = {
      bootMs: 20_000,
      stopMs: 30_000,
      imageBaseMs: 25_000,
      snapshotBaseMs: 20_000,
    };
    const downtime = async (lab: LabOptions): Promise<number> =>
      (await ended(await createLab({ ...lab, settings: realistic }), "SWITCHED")).story.evaluation
        .downtimeSeconds ?? NaN;
    const byVolume = await downtime(options);
    const byImage = await downtime(rich["stop-and-image"]);
    expect(byVolume).toBeLessThan(byImage - 20);
  });

  it("keeps the image from before the stop as the last resort, until the original and its days are over", async () => {
    const { story } = await ended(await createLab(undisturbed), "SWITCHED");
    const { policy, endedAt, progress } = story.evaluation;
    const [expiry, ...more] = story.intents.flatMap(({ change }) =>
      change.kind === "EXPIRE_IMAGE" ? [change] : [],
    );
    expect(more).toEqual([]);
    expect(expiry?.imageId).toBe(progress.warmImageId);
    const keptMs = Date.parse(expiry?.dueAt ?? "") - Date.parse(endedAt ?? "");
    expect(keptMs / hourMs).toBeCloseTo(policy.cooloffHours + 24 * policy.snapshotDays, 1);
  });

  it("says that the stopped original cannot be started, and EC2 says so too", async () => {
    const { lab, story } = await ended(await createLab(undisturbed), "SWITCHED");
    expect(story.evaluation.outcome?.sentence).toContain("cannot be started without it");
    expect(story.evaluation.outcome?.sentence).toContain(lab.watch.rootVolumeId);
    await expect(asOwner(lab)("StartInstances", { InstanceIds: [lab.originalId] })).rejects.toThrow(
      "does not have a volume attached at root",
    );
  });

  it("leaves an original that the janitor ends after the cool-off, and its root where it serves", async () => {
    const { lab, story } = await ended(await createLab(undisturbed), "SWITCHED");
    const dueMs = lab.clock.now() + story.evaluation.policy.cooloffHours * hourMs;
    const tidyAt = async (atMs: number): Promise<string | undefined> => {
      await lab.clock.run({ atMostMs: atMs });
      await lab.platform.functions.invoke("schedule-janitor", {});
      await lab.clock.run({ atMostMs: lab.clock.now() + 120_000 });
      return lab.control.find(lab.originalId)?.state;
    };
    expect(await tidyAt(dueMs - hourMs)).toBe("stopped");
    expect(await tidyAt(dueMs + hourMs)).toBe("terminated");
    const [replacement] = story.replacements;
    const now = lab.control.find(replacement?.instanceId ?? "");
    expect(now?.state).toBe("running");
    expect(rootOf(now?.volumes ?? [])).toBe(lab.watch.rootVolumeId);
  });

  it("takes offers of the original's zone only", async () => {
    const bare = { policy: options.policy, instance: { dataVolumes: [] } };
    const lab = await createLab(bare);
    const home = lab.control.find(lab.originalId)?.zoneId;
    const { story } = await ended(lab, "SWITCHED");
    const zones = story.evaluation.verdict?.offers.map(({ zoneId }) => zoneId) ?? [];
    expect([...new Set(zones)]).toEqual([home]);
  });
});

describe("where EC2 does not move the root volume", () => {
  const beforeTask = { calls: "CreateReplaceRootVolumeTask" } as const;
  const owners = async ({ lab, story }: Told): Promise<void> => {
    const { rootVolumeId, deletedWithOriginal } = lab.watch;
    expect(rootOf(story.original?.volumes ?? [])).toBe(rootVolumeId);
    expect(await flagOf(lab, rootVolumeId)).toBe(deletedWithOriginal.includes(rootVolumeId));
  };

  it("of a Spot Instance at all: the root is back, and the replacement is launched from the final image", async () => {
    const settings = { replaceRootOnSpot: false };
    const told = await ended(
      await createLab({ ...options, settings, maxReplacements: 2 }),
      "SWITCHED",
    );
    expect(told.story.evaluation.progress.rootTransfer).toBe("relaunch");
    expect(told.story.evaluation.progress.movedRootVolumeId).toBeUndefined();
    await owners(told);
  });

  it("this time: the root is back, and an image carries it in place", async () => {
    const lab = await createLab({ ...options, undisturbedUntil: beforeTask });
    const mend = lab.control.failRootTasks(() => true);
    atFirst(lab, "AttachVolume", { when: "after", what: mend });
    const told = await ended(lab, "SWITCHED");
    expect(told.story.evaluation.progress.rootTransfer).toBe("replace-root-volume");
    expect(told.story.replacements).toHaveLength(1);
    await owners(told);
  });

  it("ever: the third way is taken, with both volumes of roots where they belong", async () => {
    const lab = await createLab({ ...options, maxReplacements: 2 });
    lab.control.failRootTasks(() => true);
    const told = await ended(lab, "SWITCHED");
    expect(told.story.evaluation.progress.rootTransfer).toBe("relaunch");
    await owners(told);
  });

  it("and leaves the replacement without any: the original serves again with its own", async () => {
    const lab = await createLab({ ...options, undisturbedUntil: beforeTask });
    lab.control.failRootTasks(() => true, "failed-detached");
    const story = await lab.run();
    expect(story.status).toBe("ROLLED_BACK");
    expect(story.evaluation.failure?.cause).toContain("put none in its place");
    // The root that the replacement was launched with: EC2 has left it, and we delete no volume.
    const complaints = await complaintsAbout(lab, story);
    expect(complaints.filter((complaint) => !complaint.startsWith("orphan: volume"))).toEqual([]);
    await owners({ lab, story });
  });

  it.each(["AttachVolume", "ModifyInstanceAttribute"])(
    "and a function dies after %s of the way back: it goes on",
    async (operation) => {
      const lab = await createLab({
        ...options,
        settings: { replaceRootOnSpot: false },
        maxReplacements: 2,
      });
      const { createKiller } = await import("../../../local/lab/harm.ts");
      const killer = createKiller();
      let isRefused = false;
      lab.platform.cloud.faults.after((call) => {
        if (call.operation === "CreateReplaceRootVolumeTask") isRefused = true;
        if (!isRefused || call.operation !== operation || killer.deaths > 0) return undefined;
        return killer.die();
      });
      lab.platform.cloud.faults.before((call) => {
        if (call.operation === "CreateReplaceRootVolumeTask") isRefused = true;
      });
      const told = await ended(lab, "SWITCHED");
      expect(killer.deaths).toBe(1);
      await owners(told);
    },
  );
});

describe("a replacement that EC2 takes back", () => {
  const instants = [
    "DetachVolume",
    "CreateReplaceRootVolumeTask",
    "AttachVolume",
    "AssociateAddress",
  ];

  it.each(
    instants.flatMap((operation) =>
      [0, 120].map((noticeSeconds) => ({ operation, noticeSeconds })),
    ),
  )(
    "right after $operation, with a notice of $noticeSeconds s: the original serves with its own root",
    async ({ operation, noticeSeconds }) => {
      const lab = await createLab({ ...options, undisturbedUntil: { change: nthOf(operation) } });
      at(
        lab,
        { nth: nthOf(operation) },
        {
          when: "after",
          what: () => {
            lab.watch.excuse("replacement");
            lab.control.interrupt(lab.replacement()?.instanceId ?? "", { noticeSeconds });
          },
        },
      );
      const { story } = await ended(lab, "ROLLED_BACK");
      expect(rootOf(story.original?.volumes ?? [])).toBe(lab.watch.rootVolumeId);
    },
  );
});

describe("a replacement whose root its owner makes deletable again once the original's is free", () => {
  it("does not get that one before it is kept: it would take over the flag", async () => {
    const lab = await createLab({ ...options, undisturbedUntil: { calls: "DetachVolume" } });
    const what = async (): Promise<void> => {
      await asOwner(lab)("ModifyInstanceAttribute", {
        InstanceId: lab.replacement()?.instanceId,
        BlockDeviceMappings: [{ DeviceName: "/dev/xvda", Ebs: { DeleteOnTermination: true } }],
      });
    };
    at(lab, { nth: nthOf("DetachVolume") }, { when: "after", what });
    await ended(lab, "SWITCHED");
  });
});

describe("the kill switch", () => {
  it.each(["DetachVolume", "CreateReplaceRootVolumeTask", "AttachVolume"])(
    "thrown after %s brings the root back",
    async (operation) => {
      const lab = await createLab({ ...options, undisturbedUntil: { change: nthOf(operation) } });
      at(lab, { nth: nthOf(operation) }, { when: "after", what: () => throwKillSwitch(lab) });
      const { story } = await ended(lab, "ROLLED_BACK");
      expect(story.evaluation.failure?.error).toBe("StaleKillSwitch");
      expect(rootOf(story.original?.volumes ?? [])).toBe(lab.watch.rootVolumeId);
    },
  );
});
