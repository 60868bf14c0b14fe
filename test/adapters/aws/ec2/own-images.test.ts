import { describe, expect, it } from "@jest/globals";
import {
  CreateLaunchTemplateCommand,
  CreateLaunchTemplateVersionCommand,
  DescribeImageReferencesCommand,
  EnableImageCommand,
  RestoreImageFromRecycleBinCommand,
  RunInstancesCommand,
} from "@aws-sdk/client-ec2";
import {
  deregisterKeepingSnapshots,
  disableImage,
} from "../../../../adapters/aws/ec2/image-retirement.ts";
import { imageSharers } from "../../../../adapters/aws/ec2/image-use.ts";
import {
  readImageUsage,
  startUsageReport,
} from "../../../../adapters/aws/ec2/image-usage-report.ts";
import { readImageReferences, readOwnImages } from "../../../../adapters/aws/ec2/own-images.ts";
import { readOwnSnapshots } from "../../../../adapters/aws/ec2/own-snapshots.ts";
import { findInBin } from "../../../../adapters/aws/ec2/recycle-bin.ts";
import { dayMs, openPlace, place, region, startMs } from "../simulated-place.ts";

describe("the images of an account", () => {
  it("are read with what keeps them, disabled ones too, over pages of five", async () => {
    const { ec2, service } = openPlace({ pageSize: 5 });
    const { control } = service;
    const snapshotId = control.addSnapshot(place);
    const golden = control.addImage({
      ...place,
      name: "golden-1",
      snapshotIds: [snapshotId],
      tags: { a: "b" },
      traits: { lastLaunchedAt: startMs - 100 * dayMs },
    });
    const disabled = control.addImage({
      ...place,
      name: "golden-2",
      state: "disabled",
      isPublic: true,
      productCodes: ["abc"],
      traits: {
        deregistrationProtection: "enabled-with-cooldown",
        sourceImageId: golden,
        sourceRegion: region,
        ownerAlias: "aws-backup-vault",
      },
    });
    for (let more = 0; more < 6; more += 1) {
      control.addImage({ ...place, name: `other-${String(more)}` });
    }
    const images = await readOwnImages(ec2);
    expect(images).toHaveLength(8);
    expect(images.find(({ imageId }) => imageId === golden)).toEqual({
      imageId: golden,
      name: "golden-1",
      state: "available",
      createdAt: "2025-12-02T10:00:00.000Z",
      lastLaunchedAt: "2025-11-22T10:00:00.000Z",
      isPublic: false,
      isDeregistrationProtected: false,
      productCodes: [],
      snapshotIds: [snapshotId],
      tags: { a: "b" },
    });
    expect(images.find(({ imageId }) => imageId === disabled)).toMatchObject({
      state: "disabled",
      isPublic: true,
      isDeregistrationProtected: true,
      productCodes: ["abc"],
      sourceImageId: golden,
      sourceRegion: region,
      ownerAlias: "aws-backup-vault",
    });
  });

  it("tell of a launch a day later", async () => {
    const { ec2, service, pass } = openPlace();
    const imageId = service.control.addImage({ ...place, name: "golden" });
    await ec2.send(
      new RunInstancesCommand({
        ImageId: imageId,
        InstanceType: "m5.large",
        MinCount: 1,
        MaxCount: 1,
      }),
    );
    const lastLaunch = async () => (await readOwnImages(ec2, [imageId]))[0]?.lastLaunchedAt;
    await pass(dayMs / 2);
    await expect(lastLaunch()).resolves.toBeUndefined();
    await pass(dayMs / 2);
    await expect(lastLaunch()).resolves.toBe("2026-03-02T10:00:00.000Z");
  });
});

describe("what refers to an image", () => {
  it("is every instance, every version of every template, and what EC2 finds elsewhere", async () => {
    const { ec2, service } = openPlace();
    const arn = `arn:aws:ssm:${region}:${place.accountId}:parameter/golden`;
    const imageId = service.control.addImage({
      ...place,
      name: "golden",
      traits: { references: [{ kind: "ssm:Parameter", arn }] },
    });
    const instanceId = service.control.addInstance({
      ...place,
      instanceType: "m5.large",
      imageId,
      state: "stopped",
    });
    const { LaunchTemplate: template } = await ec2.send(
      new CreateLaunchTemplateCommand({
        LaunchTemplateName: "web",
        LaunchTemplateData: { ImageId: imageId },
      }),
    );
    for (let version = 2; version <= 12; version += 1) {
      await ec2.send(
        new CreateLaunchTemplateVersionCommand({
          LaunchTemplateName: "web",
          LaunchTemplateData: { ImageId: "ami-0" },
        }),
      );
    }
    const own = `arn:aws:ec2:${region}:${place.accountId}:`;
    await expect(readImageReferences(ec2, [imageId])).resolves.toEqual([
      { imageId, kind: "ec2:Instance", arn: `${own}instance/${instanceId}` },
      {
        imageId,
        kind: "ec2:LaunchTemplate",
        arn: `${own}launch-template/${template?.LaunchTemplateId ?? ""}`,
      },
      { imageId, kind: "ssm:Parameter", arn },
    ]);
  });

  it("is not a template's twelfth version back by EC2's usual depth", async () => {
    const { ec2, service } = openPlace();
    const imageId = service.control.addImage({ ...place, name: "golden" });
    await ec2.send(
      new CreateLaunchTemplateCommand({
        LaunchTemplateName: "web",
        LaunchTemplateData: { ImageId: imageId },
      }),
    );
    for (let version = 2; version <= 12; version += 1) {
      await ec2.send(
        new CreateLaunchTemplateVersionCommand({
          LaunchTemplateName: "web",
          LaunchTemplateData: { ImageId: "ami-0" },
        }),
      );
    }
    const { ImageReferences: found } = await ec2.send(
      new DescribeImageReferencesCommand({ ImageIds: [imageId], IncludeAllResourceTypes: true }),
    );
    expect(found).toEqual([]);
    await expect(readImageReferences(ec2, [imageId])).resolves.toHaveLength(1);
  });

  it("is in other accounts what a report says, and unknown until it is there", async () => {
    const { ec2, service, pass } = openPlace();
    const { control } = service;
    const used = control.addImage({ ...place, name: "used", traits: { usedBy: ["999988887777"] } });
    const unused = control.addImage({ ...place, name: "unused" });
    await expect(readImageUsage(ec2, used)).resolves.toBeUndefined();
    const [first, second] = await Promise.all([
      startUsageReport(ec2, { imageId: used, clientToken: "a" }),
      startUsageReport(ec2, { imageId: unused, clientToken: "b" }),
    ]);
    const again = await startUsageReport(ec2, { imageId: used, clientToken: "a" });
    expect(again.reportId).toBe(first.reportId);
    await expect(readImageUsage(ec2, used)).resolves.toEqual({
      kind: "PENDING",
      reportId: first.reportId,
    });
    await pass(120_000);
    const asOf = "2026-03-02T10:00:00.000Z";
    await expect(readImageUsage(ec2, used)).resolves.toEqual({
      kind: "USED",
      reportId: first.reportId,
      asOf,
      accountIds: ["999988887777"],
    });
    await expect(readImageUsage(ec2, unused)).resolves.toEqual({
      kind: "UNUSED",
      reportId: second.reportId,
      asOf,
    });
    const later = await startUsageReport(ec2, { imageId: used, clientToken: "c" });
    await expect(readImageUsage(ec2, used)).resolves.toEqual({
      kind: "PENDING",
      reportId: later.reportId,
    });
  });
});

describe("an image's way out of use", () => {
  it("takes its shares for good when it is disabled, and can be undone without them", async () => {
    const { ec2, service } = openPlace();
    const OrganizationalUnitArn = "arn:aws:organizations::111122223333:ou/o-1/ou-1";
    const imageId = service.control.addImage({
      ...place,
      name: "golden",
      sharedWith: [{ UserId: "999988887777" }, { OrganizationalUnitArn }],
    });
    await expect(imageSharers(ec2, imageId)).resolves.toEqual([
      "999988887777",
      OrganizationalUnitArn,
    ]);
    await disableImage(ec2, imageId);
    const launch = new RunInstancesCommand({
      ImageId: imageId,
      InstanceType: "m5.large",
      MinCount: 1,
      MaxCount: 1,
    });
    await expect(ec2.send(launch)).rejects.toMatchObject({ name: "InvalidAMIID.Unavailable" });
    await ec2.send(new EnableImageCommand({ ImageId: imageId }));
    await expect(readOwnImages(ec2, [imageId])).resolves.toMatchObject([{ state: "available" }]);
    await expect(imageSharers(ec2, imageId)).resolves.toEqual([]);
  });

  it("ends with a deregistration that keeps its snapshots, from which it comes back by the bin", async () => {
    const { ec2, service } = openPlace();
    const { control } = service;
    control.addBinRule(place, { kind: "image", days: 30, tag: { key: "deleted-by" } });
    const imageId = control.addImage({
      ...place,
      name: "golden",
      state: "disabled",
      tags: { "deleted-by": "prod" },
    });
    await deregisterKeepingSnapshots(ec2, imageId);
    await expect(readOwnImages(ec2)).resolves.toEqual([]);
    await expect(readOwnSnapshots(ec2)).resolves.toHaveLength(1);
    await expect(findInBin(ec2, { kind: "image", id: imageId })).resolves.toMatchObject({
      exitsAt: "2026-04-01T10:00:00.000Z",
    });
    const { doneBefore } = await deregisterKeepingSnapshots(ec2, imageId);
    expect(doneBefore).toContain("InvalidAMIID.Unavailable");
    await ec2.send(new RestoreImageFromRecycleBinCommand({ ImageId: imageId }));
    await expect(readOwnImages(ec2, [imageId])).resolves.toMatchObject([{ state: "disabled" }]);
  });

  it("is barred by its owner's protection", async () => {
    const { ec2, service } = openPlace();
    const imageId = service.control.addImage({
      ...place,
      name: "golden",
      traits: { deregistrationProtection: "enabled" },
    });
    await expect(deregisterKeepingSnapshots(ec2, imageId)).rejects.toMatchObject({
      code: "OperationNotPermitted",
    });
  });
});
