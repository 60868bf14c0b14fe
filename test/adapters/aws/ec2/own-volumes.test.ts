import { describe, expect, it } from "@jest/globals";
import { RestoreVolumeFromRecycleBinCommand } from "@aws-sdk/client-ec2";
import { deleteOwnSnapshot } from "../../../../adapters/aws/ec2/own-snapshots.ts";
import { deleteVolume, readOwnVolumes } from "../../../../adapters/aws/ec2/own-volumes.ts";
import { findInBin } from "../../../../adapters/aws/ec2/recycle-bin.ts";
import { createTags } from "../../../../adapters/aws/ec2/tags.ts";
import { CloudError } from "../../../../local/cloud/contract.ts";
import { dayMs, openPlace, place, refuseNext } from "../simulated-place.ts";

describe("the volumes of an account", () => {
  it("are read with what is charged, over pages of five, and with what EC2 hides", async () => {
    const { ec2, service } = openPlace({ pageSize: 5 });
    const { control } = service;
    const snapshotId = control.addSnapshot({ ...place, sizeGib: 200 });
    const free = control.addVolume({
      ...place,
      sizeGib: 500,
      volumeType: "gp3",
      iops: 6000,
      throughput: 250,
      snapshotId,
      tags: { owner: "data" },
      traits: { isFastRestored: true },
    });
    const managed = control.addVolume({
      ...place,
      multiAttach: true,
      traits: {
        operator: { principal: "eks.amazonaws.com", isHidden: true },
        outpostArn: "arn:aws:outposts:eu-central-1:111122223333:outpost/op-1",
      },
    });
    for (let more = 0; more < 6; more += 1) control.addVolume(place);
    const volumes = await readOwnVolumes(ec2);
    expect(volumes).toHaveLength(8);
    const zoneName = volumes[0]?.zoneName;
    expect(volumes.find(({ volumeId }) => volumeId === free)).toEqual({
      volumeId: free,
      state: "available",
      sizeGib: 500,
      volumeType: "gp3",
      iops: 6000,
      throughputMibps: 250,
      zoneName,
      createdAt: "2025-12-02T10:00:00.000Z",
      instanceIds: [],
      isEncrypted: false,
      snapshotId,
      isMultiAttach: false,
      isOnOutpost: false,
      isOperatorManaged: false,
      isFastRestored: true,
      tags: { owner: "data" },
    });
    expect(volumes.find(({ volumeId }) => volumeId === managed)).toMatchObject({
      isMultiAttach: true,
      isOnOutpost: true,
      isOperatorManaged: true,
      operator: "eks.amazonaws.com",
    });
  });

  it("name the instances that have them, and those of given ids alone", async () => {
    const { ec2, service } = openPlace();
    const instanceId = service.control.addInstance({ ...place, instanceType: "m5.large" });
    service.control.addVolume(place);
    const [root] = service.control.find(instanceId)?.volumes ?? [];
    const volumes = await readOwnVolumes(ec2, [root?.volumeId ?? "none"]);
    expect(volumes).toEqual([
      expect.objectContaining({ state: "in-use", instanceIds: [instanceId] }),
    ]);
  });
});

describe("the deletion of a volume", () => {
  const rule = { kind: "volume", days: 7, tag: { key: "deleted-by", value: "prod" } } as const;

  it("puts it into the Recycle Bin where the rule's tag is on it, from which the same id comes back", async () => {
    const { ec2, service, pass } = openPlace();
    service.control.addBinRule(place, rule);
    const volumeId = service.control.addVolume(place);
    await createTags(ec2, { resources: [volumeId], tags: { "deleted-by": "prod" } });
    await deleteVolume(ec2, volumeId);
    await expect(readOwnVolumes(ec2, [volumeId])).resolves.toEqual([]);
    await expect(findInBin(ec2, { kind: "volume", id: volumeId })).resolves.toEqual({
      kind: "volume",
      id: volumeId,
      enteredAt: "2026-03-02T10:00:00.000Z",
      exitsAt: "2026-03-09T10:00:00.000Z",
    });
    await ec2.send(new RestoreVolumeFromRecycleBinCommand({ VolumeId: volumeId }));
    await expect(readOwnVolumes(ec2, [volumeId])).resolves.toMatchObject([{ state: "available" }]);
    await deleteVolume(ec2, volumeId);
    await pass(7 * dayMs);
    await expect(findInBin(ec2, { kind: "volume", id: volumeId })).resolves.toBeUndefined();
  });

  it("shows in the bin as soon as EC2's copies have it", async () => {
    const { ec2, service, pass } = openPlace({ visibilityMs: [2_000, 3_000] });
    service.control.addBinRule(place, { kind: "volume", days: 7 });
    const volumeId = service.control.addVolume(place);
    await deleteVolume(ec2, volumeId);
    await expect(findInBin(ec2, { kind: "volume", id: volumeId })).resolves.toBeUndefined();
    await pass(3_000);
    await expect(findInBin(ec2, { kind: "volume", id: volumeId })).resolves.toBeDefined();
  });

  it("is for ever where no rule keeps it, and a repetition finds it done", async () => {
    const { ec2, service } = openPlace();
    service.control.addBinRule(place, rule);
    const volumeId = service.control.addVolume(place);
    await deleteVolume(ec2, volumeId);
    await expect(findInBin(ec2, { kind: "volume", id: volumeId })).resolves.toBeUndefined();
    const { doneBefore } = await deleteVolume(ec2, volumeId);
    expect(doneBefore).toContain("InvalidVolume.NotFound");
  });

  it("is refused of one that was attached meanwhile", async () => {
    const { ec2, service } = openPlace();
    const instanceId = service.control.addInstance({ ...place, instanceType: "m5.large" });
    const [root] = service.control.find(instanceId)?.volumes ?? [];
    await expect(deleteVolume(ec2, root?.volumeId ?? "none")).rejects.toMatchObject({
      code: "VolumeInUse",
    });
  });

  it("is not taken for done where EC2 still lists the volume", async () => {
    const { ec2, service, cloud } = openPlace();
    const volumeId = service.control.addVolume(place);
    refuseNext(cloud, "DeleteVolume", new CloudError("InvalidVolume.NotFound", "None."));
    await expect(deleteVolume(ec2, volumeId)).rejects.toMatchObject({
      name: "RetryableNotVisible",
    });
  });

  it("falls into a rule that the customer has for the whole region", async () => {
    const { ec2, service } = openPlace();
    service.control.addBinRule(place, { kind: "snapshot", days: 365 });
    const snapshotId = service.control.addSnapshot(place);
    await deleteOwnSnapshot(ec2, snapshotId);
    await expect(findInBin(ec2, { kind: "snapshot", id: snapshotId })).resolves.toMatchObject({
      exitsAt: "2027-03-02T10:00:00.000Z",
    });
  });
});
