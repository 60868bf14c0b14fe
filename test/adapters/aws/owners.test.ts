import { describe, expect, it } from "@jest/globals";
import { AutoScalingClient } from "@aws-sdk/client-auto-scaling";
import { BackupClient } from "@aws-sdk/client-backup";
import { CloudFormationClient } from "@aws-sdk/client-cloudformation";
import {
  CreateLaunchTemplateCommand,
  CreateLaunchTemplateVersionCommand,
} from "@aws-sdk/client-ec2";
import { readLaunchConfigurations } from "../../../adapters/aws/autoscaling/launch-configurations.ts";
import { readProtectedArns } from "../../../adapters/aws/backup.ts";
import { readOwningStack } from "../../../adapters/aws/cloudformation.ts";
import { readStoppedInstances } from "../../../adapters/aws/ec2/stopped-instances.ts";
import {
  readOlderTemplateSources,
  readTemplateSources,
} from "../../../adapters/aws/ec2/template-sources.ts";
import { createAutoScaling } from "../../../local/cloud/autoscaling/service.ts";
import { createClassicElb } from "../../../local/cloud/elb/classic.ts";
import { createElb } from "../../../local/cloud/elb/service.ts";
import { readBackupSelections } from "../../../adapters/aws/backup-plans.ts";
import { CloudError } from "../../../local/cloud/contract.ts";
import { createBackup } from "../../../local/cloud/backup/service.ts";
import { createCloudFormation } from "../../../local/cloud/cloudformation/service.ts";
import { openPlace, place, refuseNext, region } from "./simulated-place.ts";

describe("what AWS Backup protects", () => {
  it("is read over pages, of the place alone", async () => {
    const { cloud, config } = openPlace();
    const service = createBackup(cloud);
    cloud.serve(service);
    const arnOf = (index: number) =>
      `arn:aws:ec2:${region}:${place.accountId}:volume/vol-${String(index)}`;
    for (let index = 0; index < 1001; index += 1) service.protect({ ...place, arn: arnOf(index) });
    service.protect({ ...place, accountId: "999988887777", arn: "arn:aws:ec2:::volume/other" });
    const arns = await readProtectedArns(new BackupClient(config));
    expect(arns.size).toBe(1001);
    expect(arns.has(arnOf(1000))).toBe(true);
    expect(cloud.journal).toHaveLength(2);
  });
});

describe("what backup plans take", () => {
  it("is read plan by plan, of the place alone", async () => {
    const { cloud, config } = openPlace();
    const service = createBackup(cloud);
    cloud.serve(service);
    const Conditions = {
      StringEquals: [{ ConditionKey: "aws:ResourceTag/backup", ConditionValue: "daily" }],
    };
    service.addPlan({ ...place, name: "daily", selection: { Resources: ["*"], Conditions } });
    const none = { notResources: [], equals: [], notEquals: [], like: [], notLike: [] };
    const ListOfTags = [
      { ConditionType: "STRINGEQUALS" as const, ConditionKey: "team", ConditionValue: "shop" },
    ];
    service.addPlan({ ...place, name: "shop", selection: { ListOfTags } });
    service.addPlan({ ...place, accountId: "999988887777", name: "other", selection: {} });
    const client = new BackupClient(config);
    expect(await readBackupSelections(client)).toEqual([
      {
        ...none,
        planName: "daily",
        resources: ["*"],
        anyTag: [],
        equals: [{ key: "aws:ResourceTag/backup", value: "daily" }],
      },
      { ...none, planName: "shop", resources: [], anyTag: [{ key: "team", value: "shop" }] },
    ]);
    const gone = new CloudError("ResourceNotFoundException", "Backup plan not found.", 400);
    refuseNext(cloud, "ListBackupSelections", gone);
    expect((await readBackupSelections(client)).map(({ planName }) => planName)).toEqual(["shop"]);
    refuseNext(cloud, "GetBackupSelection", new CloudError("AccessDeniedException", "No.", 403));
    await expect(readBackupSelections(client)).rejects.toMatchObject({ name: "BrokenPermission" });
  });
});

describe("the stack that has made a resource", () => {
  const open = () => {
    const { cloud, config } = openPlace();
    const service = createCloudFormation(cloud);
    cloud.serve(service);
    return { cloud, service, client: new CloudFormationClient(config) };
  };

  it("is found by the resource's id, without a tag", async () => {
    const { service, client } = open();
    const stackId = service.addStack({ ...place, name: "data" });
    service.addResource({ stackId, physicalId: "vol-1", type: "AWS::EC2::Volume" });
    await expect(readOwningStack(client, "vol-1")).resolves.toEqual({ stackId, name: "data" });
    await expect(readOwningStack(client, "vol-2")).resolves.toBeUndefined();
    service.setStatus(stackId, "DELETE_COMPLETE");
    await expect(readOwningStack(client, "vol-1")).resolves.toBeUndefined();
  });

  it("is not taken for none where CloudFormation does not answer so", async () => {
    const { cloud, client } = open();
    refuseNext(cloud, "DescribeStackResources", new CloudError("AccessDenied", "No.", 403));
    await expect(readOwningStack(client, "vol-1")).rejects.toMatchObject({
      name: "BrokenPermission",
    });
    refuseNext(cloud, "DescribeStackResources", new CloudError("ValidationError", "Too long."));
    await expect(readOwningStack(client, "vol-1")).rejects.toMatchObject({
      name: "BrokenRequest",
    });
  });
});

describe("what launches images and makes volumes of snapshots", () => {
  it("are launch configurations, also of no group, and the current versions of templates", async () => {
    const { cloud, config, service, ec2 } = openPlace();
    const elb = createElb(cloud, service.control.directory);
    const targets = { targets: elb.membership, classic: createClassicElb(cloud).membership };
    const autoScaling = createAutoScaling(cloud, { fleet: service.control.fleet, ...targets }, {});
    cloud.serve(autoScaling);
    for (let index = 0; index < 101; index += 1) {
      autoScaling.control.addConfiguration(place, {
        LaunchConfigurationName: `old-${String(index)}`,
        ImageId: "ami-1",
        InstanceType: "m5.large",
        CreatedTime: new Date(0),
        BlockDeviceMappings: [{ DeviceName: "/dev/sdf", Ebs: { SnapshotId: "snap-1" } }],
      });
    }
    const configurations = await readLaunchConfigurations(new AutoScalingClient(config));
    expect(configurations).toHaveLength(101);
    expect(configurations[0]).toEqual({
      kind: "launch-configuration",
      id: "old-0",
      imageId: "ami-1",
      snapshotIds: ["snap-1"],
    });
    const { LaunchTemplate: template } = await ec2.send(
      new CreateLaunchTemplateCommand({
        LaunchTemplateName: "web",
        LaunchTemplateData: {
          ImageId: "ami-2",
          BlockDeviceMappings: [
            { DeviceName: "/dev/sdf", Ebs: { SnapshotId: "snap-2" } },
            { DeviceName: "/dev/sdg", VirtualName: "ephemeral0" },
          ],
        },
      }),
    );
    const id = template?.LaunchTemplateId ?? "";
    const first = { kind: "launch-template", id, version: 1, imageId: "ami-2" };
    expect(await readTemplateSources(ec2)).toContainEqual({ ...first, snapshotIds: ["snap-2"] });
    expect(await readOlderTemplateSources(ec2)).toEqual([]);
  });

  it("are told one by one in versions that are neither the newest nor the default", async () => {
    const { ec2 } = openPlace({ pageSize: 2 });
    const naming = (snapshotId: string) => ({
      BlockDeviceMappings: [{ DeviceName: "/dev/sdf", Ebs: { SnapshotId: snapshotId } }],
    });
    const { LaunchTemplate: template } = await ec2.send(
      new CreateLaunchTemplateCommand({
        LaunchTemplateName: "web",
        LaunchTemplateData: naming("snap-1"),
      }),
    );
    const LaunchTemplateId = template?.LaunchTemplateId ?? "";
    for (const snapshotId of ["snap-2", "snap-3", "snap-4"]) {
      const LaunchTemplateData = naming(snapshotId);
      await ec2.send(
        new CreateLaunchTemplateVersionCommand({ LaunchTemplateId, LaunchTemplateData }),
      );
    }
    const known = await readTemplateSources(ec2);
    expect(known.flatMap(({ snapshotIds }) => snapshotIds).sort()).toEqual(["snap-1", "snap-4"]);
    expect(await readOlderTemplateSources(ec2)).toContainEqual({
      kind: "launch-template",
      id: LaunchTemplateId,
      version: 3,
      snapshotIds: ["snap-3"],
    });
  });
});

describe("the stopped instances of an account", () => {
  it("are read with since when and what goes on being charged, hidden ones too", async () => {
    const { ec2, service } = openPlace({ pageSize: 5 });
    const { control } = service;
    control.addInstance({ ...place, instanceType: "m5.large" });
    const ids = Array.from({ length: 6 }, () =>
      control.addInstance({
        ...place,
        instanceType: "m5.large",
        state: "stopped",
        hibernation: true,
        tags: { a: "b" },
      }),
    );
    const stopped = await readStoppedInstances(ec2);
    expect(stopped.map(({ instanceId }) => instanceId).sort()).toEqual([...ids].sort());
    const [first] = stopped;
    expect(first).toMatchObject({
      instanceType: "m5.large",
      isOperatorManaged: false,
      canHibernate: true,
      isReservationTarget: false,
      tags: { a: "b" },
    });
    expect(first?.volumeIds).toHaveLength(1);
    expect(first?.stoppedAt).toMatch(/^20/);
  });
});
