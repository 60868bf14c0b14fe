import { describe, expect, it } from "@jest/globals";
import { EnableFastSnapshotRestoresCommand } from "@aws-sdk/client-ec2";
import {
  deleteOwnSnapshot,
  readOwnSnapshots,
  readSnapshotLocks,
  readTaggedSnapshots,
} from "../../../../adapters/aws/ec2/own-snapshots.ts";
import {
  disableFastRestore,
  readFastRestores,
} from "../../../../adapters/aws/ec2/fast-restores.ts";
import { createSnapshot } from "../../../../adapters/aws/ec2/snapshots.ts";
import { readSnapshotUse } from "../../../../adapters/aws/ec2/image-use.ts";
import { dayMs, openPlace, place, region, startMs } from "../simulated-place.ts";

describe("the snapshots of an account", () => {
  it("are read with their lineage and their tier, over pages of five", async () => {
    const { ec2, service } = openPlace({ pageSize: 5 });
    const { control } = service;
    const volumeId = control.addVolume(place);
    const own = control.addSnapshot({ ...place, volumeId, sizeGib: 50, tags: { a: "b" } });
    const archived = control.addSnapshot({
      ...place,
      traits: {
        tier: "archive",
        outpostArn: "arn:aws:outposts:eu-central-1:111122223333:outpost/op-1",
        ownerAlias: "amazon",
      },
    });
    for (let more = 0; more < 6; more += 1) control.addSnapshot(place);
    const tagged = await readTaggedSnapshots(ec2, { key: "a", value: "b" });
    expect(tagged.map(({ snapshotId }) => snapshotId)).toEqual([own]);
    const snapshots = await readOwnSnapshots(ec2);
    expect(snapshots).toHaveLength(8);
    expect(snapshots.find(({ snapshotId }) => snapshotId === own)).toEqual({
      snapshotId: own,
      state: "completed",
      volumeId,
      isCopy: false,
      description: "",
      sizeGib: 50,
      fullSizeBytes: 25 * 1024 ** 3,
      startedAt: "2025-12-02T10:00:00.000Z",
      isEncrypted: false,
      tier: "standard",
      isOnOutpost: false,
      tags: { a: "b" },
    });
    expect(snapshots.find(({ snapshotId }) => snapshotId === archived)).toMatchObject({
      tier: "archive",
      isOnOutpost: true,
      ownerAlias: "amazon",
    });
  });

  it.each([
    ["of which EC2 shows an arbitrary volume", { isCopy: true }],
    ["that EC2 describes as copied", { description: "[Copied snap-0a1 from us-east-1] nightly" }],
    ["with a kind of transfer", { traits: { transferType: "time-based" as const } }],
  ])("is a copy without a lineage: one %s", async (_, declared) => {
    const { ec2, service } = openPlace();
    service.control.addSnapshot({ ...place, ...declared });
    const [copy] = await readOwnSnapshots(ec2);
    expect(copy?.isCopy).toBe(true);
    expect(copy?.volumeId).toBeUndefined();
  });

  it("tell who may use them, and what locks them", async () => {
    const { ec2, service } = openPlace();
    const snapshotId = service.control.addSnapshot({
      ...place,
      sharedWith: ["999988887777", "all"],
      traits: { lock: { state: "governance", expiresAt: startMs + dayMs } },
    });
    const { sharedWith } = await readSnapshotUse(ec2, [snapshotId]);
    expect(sharedWith).toEqual(["999988887777", "all"]);
    await expect(readSnapshotLocks(ec2)).resolves.toEqual([
      { snapshotId, state: "governance", expiresAt: "2026-03-03T10:00:00.000Z" },
    ]);
  });

  it("end in an error, and say why, where their key cannot be used", async () => {
    const { ec2, service, pass } = openPlace();
    const key = `arn:aws:kms:${region}:${place.accountId}:key/1`;
    service.keys.useKeys({
      managedKey: () => key,
      arnOf: () => key,
      ensure: () => undefined,
      isUsable: () => false,
      isOpenToSpot: () => true,
    });
    const volumeId = service.control.addVolume({ ...place, kmsKeyId: key, sizeGib: 1 });
    const { snapshotId } = await createSnapshot(ec2, { volumeId, description: "", tags: {} });
    await pass(60_000);
    await expect(readOwnSnapshots(ec2, [snapshotId])).resolves.toMatchObject([
      { state: "error", stateMessage: "Given key ID is not accessible" },
    ]);
  });
});

describe("the deletion of a snapshot", () => {
  it("is done once, and found done by a repetition", async () => {
    const { ec2, service } = openPlace();
    const snapshotId = service.control.addSnapshot(place);
    await deleteOwnSnapshot(ec2, snapshotId);
    const { doneBefore } = await deleteOwnSnapshot(ec2, snapshotId);
    expect(doneBefore).toContain("InvalidSnapshot.NotFound");
  });

  it.each([
    ["an image stands on it", "InvalidSnapshot.InUse", {}],
    ["it is locked", "OperationNotPermitted", { traits: { lock: { state: "compliance" } } }],
    [
      "AWS Backup made it",
      "InvalidParameterValue",
      { tags: { "aws:backup:source-resource": "x" } },
    ],
  ] as const)("is refused where %s", async (_, code, declared) => {
    const { ec2, service } = openPlace();
    const snapshotId = service.control.addSnapshot({ ...place, ...declared });
    if (code === "InvalidSnapshot.InUse") {
      service.control.addImage({
        ...place,
        name: "golden",
        snapshotIds: [snapshotId],
        state: "disabled",
      });
    }
    await expect(deleteOwnSnapshot(ec2, snapshotId)).rejects.toMatchObject({ code });
    await expect(readOwnSnapshots(ec2, [snapshotId])).resolves.toHaveLength(1);
  });
});

describe("fast snapshot restores", () => {
  it("are read with since when they are enabled, and disabled by zone", async () => {
    const { ec2, service, pass } = openPlace();
    const snapshotId = service.control.addSnapshot(place);
    const zoneName = service.control.addFastRestore({ ...place, snapshotId, days: 8 });
    await expect(readFastRestores(ec2)).resolves.toEqual([
      {
        snapshotId,
        zoneName,
        state: "enabled",
        ownerId: place.accountId,
        enabledAt: "2026-02-22T10:00:00.000Z",
      },
    ]);
    await disableFastRestore(ec2, { snapshotId, zoneName });
    await expect(readFastRestores(ec2)).resolves.toMatchObject([{ state: "disabling" }]);
    await pass(120_000);
    await expect(readFastRestores(ec2)).resolves.toMatchObject([{ state: "disabled" }]);
  });

  it("say that nothing was disabled, although EC2 answers 200", async () => {
    const { ec2, service } = openPlace();
    const snapshotId = service.control.addSnapshot(place);
    const [zone] = service.control.zones(place.accountId, region);
    await expect(
      disableFastRestore(ec2, { snapshotId, zoneName: zone?.name ?? "none" }),
    ).rejects.toMatchObject({ name: "BrokenRequest", resource: snapshotId });
  });

  it("optimise for an hour a TiB before they are enabled", async () => {
    const { ec2, service, pass } = openPlace();
    const snapshotId = service.control.addSnapshot({ ...place, sizeGib: 512 });
    const [zone] = service.control.zones(place.accountId, region);
    await ec2.send(
      new EnableFastSnapshotRestoresCommand({
        SourceSnapshotIds: [snapshotId],
        AvailabilityZones: [zone?.name ?? "none"],
      }),
    );
    await pass(20 * 60_000);
    await expect(readFastRestores(ec2)).resolves.toMatchObject([{ state: "optimizing" }]);
    await pass(15 * 60_000);
    await expect(readFastRestores(ec2)).resolves.toMatchObject([{ state: "enabled" }]);
  });
});
