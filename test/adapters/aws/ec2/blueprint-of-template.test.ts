import { describe, expect, it } from "@jest/globals";
import type {
  Image,
  ResponseLaunchTemplateData,
  RunInstancesCommandInput,
} from "@aws-sdk/client-ec2";
import { inspect } from "node:util";
import {
  blueprintOfTemplate,
  type TemplateBlueprint,
} from "../../../../adapters/aws/ec2/blueprint-of-template.ts";
import { spotRequest } from "../../../../adapters/aws/ec2/launch-request.ts";
import { originalImage } from "./original.ts";

const userData = Buffer.from("#!/bin/sh\nexport PASSWORD=tiger").toString("base64");

const read = (
  template: ResponseLaunchTemplateData,
  image: Image = originalImage(),
): TemplateBlueprint => blueprintOfTemplate(template, { templateId: "lt-1", version: 7, image });

const requestOf = (
  template: ResponseLaunchTemplateData,
  image: Image = originalImage(),
): RunInstancesCommandInput =>
  spotRequest(
    {
      blueprint: read(template, image).blueprint,
      keep: "all-devices",
      instanceType: "m5.large",
      imageId: "ami-1",
      subnetId: "subnet-2",
      clientToken: "so-1",
      tags: { ManagedBy: "SpotOptimizer" },
    },
    image,
  );

const ours = [{ Key: "ManagedBy", Value: "SpotOptimizer" }];

const whole: ResponseLaunchTemplateData = {
  ImageId: "ami-1",
  InstanceType: "m5.large",
  KeyName: "ops",
  UserData: userData,
  EbsOptimized: true,
  Monitoring: { Enabled: true },
  IamInstanceProfile: { Name: "web" },
  MetadataOptions: { State: "applied", HttpTokens: "required", HttpPutResponseHopLimit: 2 },
  PrivateDnsNameOptions: { HostnameType: "resource-name" },
  MaintenanceOptions: { AutoRecovery: "disabled" },
  EnclaveOptions: { Enabled: true },
  CpuOptions: { CoreCount: 1, ThreadsPerCore: 1 },
  Placement: { GroupName: "ring", PartitionNumber: 2, Tenancy: "default" },
  BlockDeviceMappings: [
    {
      DeviceName: "/dev/xvda",
      Ebs: { VolumeType: "gp3", VolumeSize: 30, Throughput: 250, Encrypted: true, KmsKeyId: "key" },
    },
    {
      DeviceName: "/dev/sdf",
      Ebs: { SnapshotId: "snap-data", Iops: 4000, VolumeType: "io2", DeleteOnTermination: false },
    },
    { DeviceName: "/dev/sdc", VirtualName: "ephemeral1" },
  ],
  NetworkInterfaces: [
    { DeviceIndex: 1, Groups: ["sg-back"], NetworkCardIndex: 1, InterfaceType: "efa" },
    { DeviceIndex: 0, Groups: ["sg-web"], Description: "front", Ipv6AddressCount: 1 },
  ],
  TagSpecifications: [
    { ResourceType: "instance", Tags: [{ Key: "Name", Value: "web" }] },
    { ResourceType: "volume", Tags: [{ Key: "backup", Value: "daily" }] },
    { ResourceType: "network-interface", Tags: [{ Key: "role", Value: "front" }] },
  ],
};

describe("the clone of a template", () => {
  it("is launched by exactly this request", () => {
    expect(requestOf(whole)).toStrictEqual({
      MinCount: 1,
      MaxCount: 1,
      ClientToken: "so-1",
      ImageId: "ami-1",
      InstanceType: "m5.large",
      InstanceMarketOptions: {
        MarketType: "spot",
        SpotOptions: { SpotInstanceType: "one-time", InstanceInterruptionBehavior: "terminate" },
      },
      MetadataOptions: { HttpTokens: "required", HttpPutResponseHopLimit: 2 },
      NetworkInterfaces: [
        {
          DeviceIndex: 0,
          SubnetId: "subnet-2",
          Groups: ["sg-web"],
          Description: "front",
          Ipv6AddressCount: 1,
        },
        {
          DeviceIndex: 1,
          SubnetId: "subnet-2",
          Groups: ["sg-back"],
          NetworkCardIndex: 1,
          InterfaceType: "efa",
        },
      ],
      BlockDeviceMappings: [
        {
          DeviceName: "/dev/xvda",
          Ebs: {
            VolumeType: "gp3",
            VolumeSize: 30,
            Throughput: 250,
            Encrypted: true,
            KmsKeyId: "key",
          },
        },
        { DeviceName: "/dev/sdb", VirtualName: "ephemeral0" },
        { DeviceName: "/dev/sdc", VirtualName: "ephemeral1" },
        {
          DeviceName: "/dev/sdf",
          Ebs: {
            VolumeType: "io2",
            DeleteOnTermination: false,
            Iops: 4000,
            SnapshotId: "snap-data",
          },
        },
      ],
      TagSpecifications: [
        { ResourceType: "instance", Tags: [...ours, { Key: "Name", Value: "web" }] },
        { ResourceType: "volume", Tags: [...ours, { Key: "backup", Value: "daily" }] },
        { ResourceType: "spot-instances-request", Tags: ours },
        { ResourceType: "network-interface", Tags: [...ours, { Key: "role", Value: "front" }] },
      ],
      UserData: userData,
      IamInstanceProfile: { Name: "web" },
      KeyName: "ops",
      PrivateDnsNameOptions: { HostnameType: "resource-name" },
      MaintenanceOptions: { AutoRecovery: "disabled" },
      CpuOptions: { CoreCount: 1, ThreadsPerCore: 1 },
      EbsOptimized: true,
      Monitoring: { Enabled: true },
      EnclaveOptions: { Enabled: true },
      Placement: { GroupName: "ring", PartitionNumber: 2 },
    });
    expect(read(whole).notCarried).toEqual([]);
  });

  it("of an empty template leaves to the image and the subnet what the template leaves to them", () => {
    const { MetadataOptions, BlockDeviceMappings, NetworkInterfaces } = requestOf(
      {},
      originalImage({
        BlockDeviceMappings: [{ DeviceName: "/dev/xvda", Ebs: { SnapshotId: "snap-root" } }],
      }),
    );
    expect({ MetadataOptions, BlockDeviceMappings, NetworkInterfaces }).toEqual({
      MetadataOptions: undefined,
      BlockDeviceMappings: [],
      NetworkInterfaces: [{ DeviceIndex: 0, SubnetId: "subnet-2" }],
    });
  });

  it("without interfaces has one, with the template's groups", () => {
    expect(requestOf({ SecurityGroupIds: ["sg-web"] }).NetworkInterfaces).toEqual([
      { DeviceIndex: 0, SubnetId: "subnet-2", Groups: ["sg-web"] },
    ]);
  });

  it("tags the root's volume although the template says nothing else of it", () => {
    const TagSpecifications = [
      { ResourceType: "volume" as const, Tags: [{ Key: "backup", Value: "daily" }] },
    ];
    const request = requestOf({ TagSpecifications });
    expect(request.TagSpecifications).toContainEqual({
      ResourceType: "volume",
      Tags: [...ours, { Key: "backup", Value: "daily" }],
    });
  });

  it("leaves out a device of the image that the template leaves out", () => {
    const request = requestOf({
      BlockDeviceMappings: [{ DeviceName: "/dev/sdb", NoDevice: "" }],
    });
    expect(request.BlockDeviceMappings).toEqual([{ DeviceName: "/dev/sdb", NoDevice: "" }]);
  });

  it("shows user data to nobody who prints it", () => {
    const { blueprint } = read(whole);
    expect(blueprint.userData?.reveal()).toBe(userData);
    expect(JSON.stringify(blueprint) + inspect(blueprint, { depth: 9 })).not.toContain(userData);
  });

  it("names its source by id and number", () => {
    expect(read({}).blueprint.source).toEqual({
      kind: "TEMPLATE",
      templateId: "lt-1",
      version: 7,
    });
  });

  it.each([
    ["the image names no root", {}, { RootDeviceName: undefined }],
    ["a mapping names no device", { BlockDeviceMappings: [{ Ebs: { VolumeSize: 8 } }] }, {}],
  ])("is BrokenFacts where %s", (_, template, image) => {
    expect(() => read(template, originalImage(image))).toThrow(/^AWS did not tell/);
  });
});

describe("what a blueprint can't hold is named", () => {
  it.each<[string, ResponseLaunchTemplateData, readonly string[]]>([
    ["a host", { Placement: { Tenancy: "host", HostId: "h-1" } }, ["HostId", "Tenancy"]],
    ["a Spot request", { InstanceMarketOptions: { MarketType: "spot" } }, []],
  ])("%s", (_, template, below) => {
    const [member = ""] = Object.keys(template);
    expect(read(template).notCarried).toEqual(
      below.length === 0 ? [member] : below.map((name) => `${member}.${name}`),
    );
  });

  it("with the number of the interface or device that has it", () => {
    expect(
      read({
        NetworkInterfaces: [{ DeviceIndex: 0 }, { DeviceIndex: 1, SubnetId: "subnet-9" }],
        BlockDeviceMappings: [
          { DeviceName: "/dev/xvda", Ebs: { VolumeInitializationRate: 200, VolumeSize: 8 } },
        ],
      }).notCarried,
    ).toEqual([
      "BlockDeviceMappings[0].Ebs.VolumeInitializationRate",
      "NetworkInterfaces[1].SubnetId",
    ]);
  });

  it("but not what is at its default, or empty", () => {
    expect(
      read({
        DisableApiTermination: false,
        DisableApiStop: false,
        HibernationOptions: { Configured: false },
        Operator: { Managed: false },
        Placement: { Tenancy: "default", GroupName: "", Affinity: "" },
        CapacityReservationSpecification: { CapacityReservationPreference: "open" },
        SecurityGroups: [],
        CpuOptions: {},
        LicenseSpecifications: [],
        KernelId: "",
      }).notCarried,
    ).toEqual([]);
  });

  it.each<[string, ResponseLaunchTemplateData, string]>([
    ["CPU options of no type", { CpuOptions: { CoreCount: 1, ThreadsPerCore: 1 } }, "CpuOptions"],
    [
      "CPU options in part",
      { InstanceType: "m5.large", CpuOptions: { CoreCount: 1 } },
      "CpuOptions",
    ],
    [
      "groups beside interfaces",
      { NetworkInterfaces: [{ DeviceIndex: 0 }], SecurityGroupIds: ["sg-1"] },
      "SecurityGroupIds",
    ],
    ["a partition of no group", { Placement: { PartitionNumber: 2 } }, "Placement.PartitionNumber"],
    [
      "tags of the Spot request",
      {
        TagSpecifications: [
          { ResourceType: "spot-instances-request", Tags: [{ Key: "a", Value: "b" }] },
        ],
      },
      "TagSpecifications[spot-instances-request]",
    ],
  ])("where the template combines carried members: %s", (_, template, name) => {
    expect(read(template).notCarried).toEqual([name]);
  });

  it("even a member that is newer than the table", () => {
    const template = { Placement: { Orbit: "low" }, Wings: 2 } as ResponseLaunchTemplateData;
    expect(read(template).notCarried).toEqual(["Placement.Orbit", "Wings"]);
  });
});
