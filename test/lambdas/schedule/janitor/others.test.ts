import { describe, expect, it } from "@jest/globals";
import { updateIntent } from "../../../../adapters/store/intents.ts";
import type { Ending } from "../../../../local/lab/contract.ts";
import { afterSwitch, leaveSpot, type JanitorLab } from "./janitor-lab.ts";

const byImage = { consistency: "stop-and-image" } as const;
/** Everything that a switch made due is due by then, and was asked about more than once. */
const longAfter = 24 * 10;

const imageOf = ({ intents }: Ending, purpose: "warm" | "final"): string =>
  intents.flatMap(({ change }) =>
    change.kind === "CREATE_IMAGE" && change.purpose === purpose ? [change.imageId ?? ""] : [],
  )[0] ?? "";

interface Described {
  readonly Images?: readonly {
    readonly BlockDeviceMappings: readonly { readonly Ebs: { readonly SnapshotId: string } }[];
  }[];
}

const snapshotOf = async ({ asOwner }: JanitorLab, imageId: string): Promise<string> => {
  const { Images = [] } = (await asOwner("DescribeImages", { ImageIds: [imageId] })) as Described;
  return Images[0]?.BlockDeviceMappings[0]?.Ebs.SnapshotId ?? "";
};

/** Our tags as a backup, a console or a script copies them, from whatever carries them. */
const copiedTags = ({ lab }: JanitorLab) =>
  Object.entries(lab.replacement()?.tags ?? {}).map(([Key, Value]) => ({ Key, Value }));

const comesAgain = async (janitor: JanitorLab): Promise<void> => {
  for (const hours of [longAfter, 1, 24]) {
    await janitor.pass(hours);
    await janitor.tidy();
  }
};

const settlementOf = async (janitor: JanitorLab, resource: string): Promise<unknown> => {
  const { settlements } = (await janitor.evaluation()) as {
    readonly settlements: readonly { readonly resource: string }[];
  };
  return settlements.find((each) => each.resource === resource);
};

describe("an image that somebody else uses", () => {
  const uses: readonly {
    readonly what: string;
    readonly use: (janitor: JanitorLab, imageId: string) => Promise<unknown>;
    readonly reason: string;
  }[] = [
    {
      what: "was shared with another account",
      use: ({ asOwner }, ImageId) =>
        asOwner("ModifyImageAttribute", {
          ImageId,
          LaunchPermission: { Add: [{ UserId: "444455556666" }] },
        }),
      reason: "SHARED",
    },
    {
      what: "has a snapshot that was shared",
      use: async (janitor, imageId) =>
        janitor.asOwner("ModifySnapshotAttribute", {
          SnapshotId: await snapshotOf(janitor, imageId),
          CreateVolumePermission: { Add: [{ UserId: "444455556666" }] },
        }),
      reason: "SHARED",
    },
    {
      what: "was launched by its owner",
      use: ({ asOwner }, ImageId) =>
        asOwner("RunInstances", { ImageId, InstanceType: "m5.large", MinCount: 1, MaxCount: 1 }),
      reason: "IN_USE",
    },
    {
      what: "stands in a launch template",
      use: ({ asOwner }, ImageId) =>
        asOwner("CreateLaunchTemplate", {
          LaunchTemplateName: "more-of-it",
          LaunchTemplateData: { ImageId },
        }),
      reason: "IN_USE",
    },
  ];

  it.each(uses)("and $what is kept, and this is told once", async ({ use, reason }) => {
    const janitor = await afterSwitch(byImage);
    const final = imageOf(janitor.story, "final");
    await use(janitor, final);
    await leaveSpot(janitor);
    await comesAgain(janitor);
    expect(await settlementOf(janitor, final)).toMatchObject({ kind: "KEPT", reason });
    expect(janitor.lab.control.orphans().map(({ id }) => id)).toContain(final);
    const told = janitor.lab.logged.filter((line) => line.includes(`"resource":"${final}"`));
    expect(told).toHaveLength(1);
    // Nobody uses the one that came before it.
    const warm = imageOf(janitor.story, "warm");
    expect(await settlementOf(janitor, warm)).toMatchObject({ kind: "REMOVED" });
  });
});

describe("what carries our tags and no intent claims", () => {
  it("is not touched: a snapshot of a backup plan that copies tags", async () => {
    const janitor = await afterSwitch(byImage);
    const volumeId = janitor.lab.replacement()?.volumes[0]?.volumeId;
    const { SnapshotId } = (await janitor.asOwner("CreateSnapshot", {
      VolumeId: volumeId,
      Description: "This snapshot is created by the AWS Backup service.",
      TagSpecifications: [{ ResourceType: "snapshot", Tags: copiedTags(janitor) }],
    })) as { readonly SnapshotId: string };
    await comesAgain(janitor);
    expect(janitor.lab.control.orphans().map(({ id }) => id)).toContain(SnapshotId);
  });

  it("is not touched: a customer's image of a replacement, and its snapshots", async () => {
    const janitor = await afterSwitch(byImage);
    const tags = copiedTags(janitor);
    const { ImageId } = (await janitor.asOwner("CreateImage", {
      InstanceId: janitor.lab.replacement()?.instanceId,
      Name: "before-the-release",
      NoReboot: true,
      TagSpecifications: [
        { ResourceType: "image", Tags: tags },
        { ResourceType: "snapshot", Tags: tags },
      ],
    })) as { readonly ImageId: string };
    await janitor.lab.clock.run({ atMostMs: janitor.lab.clock.now() + 3_600_000 });
    const snapshot = await snapshotOf(janitor, ImageId);
    await comesAgain(janitor);
    const left = janitor.lab.control.orphans().map(({ id }) => id);
    expect(left).toEqual(expect.arrayContaining([ImageId, snapshot]));
  });

  it("is not touched: an instance that was launched like the replacement", async () => {
    const janitor = await afterSwitch(byImage);
    const { imageId } = janitor.lab.control.find(janitor.lab.originalId) ?? {};
    const { Instances } = (await janitor.asOwner("RunInstances", {
      ImageId: imageId,
      InstanceType: "m5.large",
      MinCount: 1,
      MaxCount: 1,
      TagSpecifications: [{ ResourceType: "instance", Tags: copiedTags(janitor) }],
    })) as { readonly Instances: readonly { readonly InstanceId: string }[] };
    await comesAgain(janitor);
    expect(janitor.lab.control.find(Instances[0]?.InstanceId ?? "")?.state).toBe("running");
  });
});

describe("a table that was restored from yesterday", () => {
  it("terminates nothing that its owner has taken into use since", async () => {
    const janitor = await afterSwitch();
    const { lab, story } = janitor;
    const ids = { InstanceIds: [lab.originalId] };
    await janitor.asOwner("StartInstances", ids);
    await janitor.pass(2);
    await janitor.tidy();
    await janitor.asOwner("StopInstances", ids);
    // As it was: committed, and not looked at yet.
    await updateIntent(
      lab.table,
      story.evaluationId,
      "retire-original",
      ({ retryAt: _, ...intent }) => ({
        ...intent,
        status: "COMMITTED",
      }),
    );
    await comesAgain(janitor);
    expect(janitor.originalState()).toBe("stopped");
    expect(janitor.calls()).toEqual([]);
  });

  it("finds what was deleted since, and says that it is gone", async () => {
    const janitor = await afterSwitch(byImage);
    const { lab, story } = janitor;
    const warm = imageOf(story, "warm");
    await janitor.tidy();
    const calls = janitor.calls().length;
    await updateIntent(lab.table, story.evaluationId, `expire-${warm}`, (intent) => ({
      ...intent,
      status: "COMMITTED",
    }));
    await janitor.pass(2);
    await janitor.tidy();
    expect(await settlementOf(janitor, warm)).toMatchObject({ kind: "GONE" });
    expect(janitor.calls()).toHaveLength(calls);
  });
});
