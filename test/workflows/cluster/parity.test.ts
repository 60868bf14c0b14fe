/** A replacement is what the group would have launched itself: one of each, side by side, as EC2 shows them. */
import { describe, expect, it } from "@jest/globals";
import { labOf, replacementsOf, asOwner, type DayLab } from "./group-days.ts";

/** Calls EC2 and Auto Scaling as the owner of the account, without naming the group. */
const ownerOf = ({ platform, name: { accountId, region } }: DayLab) => {
  const { accessKeyId } = platform.cloud.identities.addUser({ accountId, name: "reader" });
  return (service: "autoscaling" | "ec2", operation: string, input: object): Promise<unknown> =>
    platform.cloud.call({ service, operation, region, accessKeyId, input });
};

/** What no two instances have alike, what is bought in another way, and what we say of what we launch. */
const own =
  /^(InstanceId|InstanceType|InstanceLifecycle|SpotInstanceRequestId|ClientToken|LaunchTime|AttachTime|CreateTime|VolumeId|NetworkInterfaceId|AttachmentId|MacAddress|Private(IpAddress|DnsName))$/;
const ownTag = /^(ManagedBy|spot-optimizer:.*|aws:ec2launchtemplate:.*)$/;

interface Tag {
  readonly Key: string;
}

const tagsAlone = (tags: readonly Tag[]): readonly Tag[] =>
  tags
    .filter(({ Key: key }) => !ownTag.test(key))
    .toSorted((one, other) => (one.Key < other.Key ? -1 : 1));

const alike = (shown: unknown): unknown =>
  JSON.parse(
    JSON.stringify(shown, (key, value: unknown) => {
      if (own.test(key)) return undefined;
      return key === "Tags" ? tagsAlone(value as readonly Tag[]) : value;
    }),
  );

interface Shown {
  readonly Reservations: readonly {
    readonly Instances: readonly {
      readonly BlockDeviceMappings: readonly { readonly Ebs: { readonly VolumeId: string } }[];
    }[];
  }[];
}

const lookAt = async (lab: DayLab, InstanceId: string) => {
  const owner = ownerOf(lab);
  const answer = await owner("ec2", "DescribeInstances", { InstanceIds: [InstanceId] });
  const instance = (answer as Shown).Reservations[0]?.Instances[0];
  const VolumeIds = instance?.BlockDeviceMappings.map(({ Ebs: { VolumeId: id } }) => id);
  const attribute = { InstanceId, Attribute: "userData" };
  return {
    instance: alike(instance),
    volumes: alike(await owner("ec2", "DescribeVolumes", { VolumeIds })),
    userData: alike(await owner("ec2", "DescribeInstanceAttribute", attribute)),
  };
};

const tag = (Key: string, Value: string) => ({
  Key,
  Value,
  ResourceId: "web",
  ResourceType: "auto-scaling-group",
  PropagateAtLaunch: true,
});

describe("a replacement beside what its group launches itself", () => {
  it("differs in type and purchase alone: boot, metadata, network, disks and tags are the template's, and the group's own tags win", async () => {
    const lab = await labOf({
      size: 2,
      zones: 1,
      policy: { batch_size: 2 },
      template: {
        UserData: Buffer.from("#!/bin/sh\necho hello").toString("base64"),
        EbsOptimized: true,
        Monitoring: { Enabled: true },
        MetadataOptions: {
          HttpTokens: "required",
          HttpPutResponseHopLimit: 3,
          InstanceMetadataTags: "enabled",
        },
        BlockDeviceMappings: [
          {
            DeviceName: "/dev/xvda",
            Ebs: { VolumeType: "gp3", VolumeSize: 30, Iops: 4000, Throughput: 250 },
          },
          {
            DeviceName: "/dev/sdf",
            Ebs: { VolumeType: "io2", VolumeSize: 20, Iops: 500, DeleteOnTermination: false },
          },
        ],
        TagSpecifications: [
          {
            ResourceType: "instance",
            Tags: [
              { Key: "Name", Value: "of the template" },
              { Key: "team", Value: "shop" },
            ],
          },
          { ResourceType: "volume", Tags: [{ Key: "backup", Value: "daily" }] },
        ],
      },
    });
    await ownerOf(lab)("autoscaling", "CreateOrUpdateTags", {
      Tags: [tag("Name", "of the group"), tag("stage", "prod")],
    });
    const ending = await lab.run();
    expect(ending.status).toBe("SWITCHED");
    const launched = lab.platform.cloud.journal.find(
      ({ operation, dryRun, hadEffect }) => operation === "RunInstances" && !dryRun && hadEffect,
    );
    // Boot scripts read them before the attach.
    expect(JSON.stringify(launched?.input)).toContain("of the group");
    await asOwner(lab)("SetDesiredCapacity", { DesiredCapacity: 3 });
    const { clock } = lab.account;
    await clock.run({ atMostMs: clock.now() + 600_000 });
    const [replacement = ""] = replacementsOf(ending);
    const launchedByGroup = lab.group()?.members.find(({ lifecycle }) => lifecycle === undefined);
    const wanted = await lookAt(lab, launchedByGroup?.instanceId ?? "");
    expect(JSON.stringify(wanted)).toContain("daily");
    expect(await lookAt(lab, replacement)).toEqual(wanted);
  });
});
