import { beforeEach, describe, expect, it } from "@jest/globals";
import {
  DescribeImagesCommand,
  DescribeInstanceAttributeCommand,
  DescribeInstanceCreditSpecificationsCommand,
  EC2Client,
  RunInstancesCommand,
  type Instance,
  type RunInstancesCommandInput,
  type InstanceAttribute,
} from "@aws-sdk/client-ec2";
import { mockClient } from "aws-sdk-client-mock";
import { inspect } from "node:util";
import type { LaunchBlueprint } from "../../../../adapters/aws/ec2/blueprint.ts";
import type { InstanceParts } from "../../../../adapters/aws/ec2/instances.ts";
import {
  type LaunchResult,
  prepareSpotLaunch,
  readBlueprint,
} from "../../../../adapters/aws/ec2/launch.ts";
import { awsError, metadata, thrownBy } from "../aws-error.ts";
import { digestOfLaunch, type SpotLaunch } from "../../../../adapters/aws/ec2/launch-request.ts";
import {
  dataVolume,
  instanceId,
  originalImage,
  originalInstance,
  primaryInterface,
  rootVolume,
  secondaryInterface,
} from "./original.ts";

const ec2 = new EC2Client({ region: "eu-central-1" });
const mock = mockClient(ec2);
const userData = Buffer.from("#!/bin/sh\nexport PASSWORD=tiger").toString("base64");

const oneInterface: Partial<Instance> = {
  NetworkInterfaces: [{ NetworkInterfaceId: "eni-0", Attachment: { DeviceIndex: 0 } }],
};

const blueprintOf = async (
  change: Partial<Instance> = {},
  parts: Partial<InstanceParts> = {},
  attributes: InstanceAttribute = { UserData: { Value: userData } },
): Promise<LaunchBlueprint> => {
  mock.on(DescribeInstanceAttributeCommand).resolves(attributes);
  return readBlueprint(ec2, {
    instance: originalInstance(change),
    volumes: [dataVolume(), rootVolume()],
    interfaces: [secondaryInterface(), primaryInterface()],
    ...parts,
  });
};

const launch = async (
  blueprint: LaunchBlueprint,
  change: Partial<SpotLaunch> = {},
): Promise<LaunchResult> => {
  const run = await prepareSpotLaunch(ec2, {
    blueprint,
    keep: "root",
    instanceType: "m5a.large",
    imageId: "ami-warm",
    subnetId: "subnet-2",
    clientToken: "so-1",
    tags: { ManagedBy: "SpotOptimizer", "spot-optimizer:evaluation": "evl-1" },
    ...change,
  });
  return run();
};

/** The request of the launch. */
const requestOf = async (
  blueprint: LaunchBlueprint,
  change: Partial<SpotLaunch> = {},
): Promise<RunInstancesCommandInput> => {
  mock.on(RunInstancesCommand).resolves({
    $metadata: metadata("run-1"),
    Instances: [{ InstanceId: "i-new", SpotInstanceRequestId: "sir-1" }],
  });
  await launch(blueprint, change);
  const [call] = mock.commandCalls(RunInstancesCommand);
  if (call === undefined) throw new Error("RunInstances was not called");
  return call.args[0].input;
};

beforeEach(() => {
  mock.reset();
  mock.on(DescribeImagesCommand).resolves({ Images: [originalImage({ ImageId: "ami-warm" })] });
});

describe("the clone", () => {
  it("is launched by exactly this request", async () => {
    const ours = [
      { Key: "ManagedBy", Value: "SpotOptimizer" },
      { Key: "spot-optimizer:evaluation", Value: "evl-1" },
    ];
    expect(await requestOf(await blueprintOf(oneInterface))).toStrictEqual({
      MinCount: 1,
      MaxCount: 1,
      ClientToken: "so-1",
      ImageId: "ami-warm",
      InstanceType: "m5a.large",
      InstanceMarketOptions: {
        MarketType: "spot",
        SpotOptions: { SpotInstanceType: "one-time", InstanceInterruptionBehavior: "terminate" },
      },
      MetadataOptions: {
        HttpTokens: "required",
        HttpPutResponseHopLimit: 2,
        HttpEndpoint: "enabled",
        HttpProtocolIpv6: "disabled",
        InstanceMetadataTags: "enabled",
      },
      NetworkInterfaces: [
        {
          DeviceIndex: 0,
          SubnetId: "subnet-2",
          Groups: ["sg-web", "sg-ssh"],
          DeleteOnTermination: true,
          Description: "front",
          AssociatePublicIpAddress: true,
        },
      ],
      BlockDeviceMappings: [
        {
          DeviceName: "/dev/xvda",
          Ebs: {
            VolumeType: "gp3",
            VolumeSize: 20,
            DeleteOnTermination: true,
            Iops: 4000,
            Throughput: 250,
            Encrypted: true,
            KmsKeyId: "arn:aws:kms:eu-central-1:123456789012:key/k",
          },
        },
        { DeviceName: "/dev/sdb", NoDevice: "" },
      ],
      TagSpecifications: [
        {
          ResourceType: "instance",
          Tags: [ours[0], { Key: "Name", Value: "web" }, ours[1]],
        },
        { ResourceType: "volume", Tags: [ours[0], { Key: "backup", Value: "daily" }, ours[1]] },
        { ResourceType: "spot-instances-request", Tags: ours },
        {
          ResourceType: "network-interface",
          Tags: [ours[0], { Key: "role", Value: "front" }, ours[1]],
        },
      ],
      UserData: userData,
      IamInstanceProfile: { Arn: "arn:aws:iam::123456789012:instance-profile/web" },
      KeyName: "ops",
      PrivateDnsNameOptions: {
        HostnameType: "ip-name",
        EnableResourceNameDnsARecord: true,
        EnableResourceNameDnsAAAARecord: false,
      },
      MaintenanceOptions: { AutoRecovery: "disabled" },
      EbsOptimized: true,
      Monitoring: { Enabled: true },
    });
  });

  it("goes with its root and its primary interface, whatever the original keeps: until it is verified they are ours", async () => {
    const blueprint = await blueprintOf(
      {
        BlockDeviceMappings: [
          { DeviceName: "/dev/xvda", Ebs: { VolumeId: "vol-root", DeleteOnTermination: false } },
        ],
      },
      {
        interfaces: [
          primaryInterface({
            Attachment: {
              AttachmentId: "eni-attach-0",
              DeviceIndex: 0,
              DeleteOnTermination: false,
            },
          }),
          secondaryInterface(),
        ],
      },
    );
    const { BlockDeviceMappings: devices = [], NetworkInterfaces: interfaces = [] } =
      await requestOf(blueprint);
    expect(devices.flatMap(({ Ebs }) => Ebs?.DeleteOnTermination ?? [])).toEqual([true]);
    expect(interfaces.map(({ DeleteOnTermination }) => DeleteOnTermination)).toEqual([true]);
  });

  it("leaves behind what Spot can't have", async () => {
    const request = await requestOf(
      await blueprintOf({
        HibernationOptions: { Configured: true },
        CapacityReservationId: "cr-1",
        Placement: { AvailabilityZone: "eu-central-1a", Tenancy: "host", HostId: "h-1" },
      }),
    );
    expect(JSON.stringify(request)).not.toMatch(
      /aws:cloudformation|Hibernation|CapacityReservation|Tenancy|HostId|MaxPrice|DisableApi|ShutdownBehavior/,
    );
  });

  it("is launched with one interface, public as the original's primary one is", async () => {
    const request = await requestOf(await blueprintOf());
    expect(request.NetworkInterfaces).toHaveLength(1);
    expect(request.NetworkInterfaces?.[0]).toMatchObject({ AssociatePublicIpAddress: true });
  });

  it.each<[string, Partial<Instance>]>([
    ["one interface", oneInterface],
    ["two interfaces", {}],
  ])("with %s is not made public where the original is not", async (_, interfaces) => {
    const blueprint = await blueprintOf(interfaces, {
      interfaces: [
        primaryInterface({
          PrivateIpAddresses: [{ Primary: true, PrivateIpAddress: "10.0.0.10" }],
          Ipv6Addresses: [{ Ipv6Address: "2001:db8::1" }],
        }),
        secondaryInterface(),
      ],
    });
    expect((await requestOf(blueprint)).NetworkInterfaces?.[0]).toMatchObject({
      AssociatePublicIpAddress: false,
      Ipv6AddressCount: 1,
    });
  });

  it("keeps CPU options for the same type only", async () => {
    const blueprint = await blueprintOf();
    expect((await requestOf(blueprint, { instanceType: "m5.large" })).CpuOptions).toEqual({
      CoreCount: 1,
      ThreadsPerCore: 2,
    });
    mock.resetHistory();
    expect(await requestOf(blueprint)).not.toHaveProperty("CpuOptions");
  });

  it("keeps the placement group and partition, and the enclave", async () => {
    const blueprint = await blueprintOf({
      Placement: { AvailabilityZone: "eu-central-1a", GroupName: "ring", PartitionNumber: 3 },
      EnclaveOptions: { Enabled: true },
    });
    expect(await requestOf(blueprint)).toMatchObject({
      Placement: { GroupName: "ring", PartitionNumber: 3 },
      EnclaveOptions: { Enabled: true },
    });
  });

  it("takes the root device's name from the image", async () => {
    mock
      .on(DescribeImagesCommand)
      .resolves({ Images: [originalImage({ ImageId: "ami-warm", RootDeviceName: "/dev/sda1" })] });
    const request = await requestOf(await blueprintOf());
    expect(request.BlockDeviceMappings?.map(({ DeviceName }) => DeviceName)).toEqual([
      "/dev/sda1",
      "/dev/sdb",
      "/dev/xvda",
    ]);
  });

  it.each([
    ["gp2", { VolumeType: "gp2" }, ["Iops", "Throughput"]],
    ["io2", { VolumeType: "io2" }, ["Throughput"]],
    ["unencrypted", { Encrypted: false, KmsKeyId: undefined }, ["Encrypted", "KmsKeyId"]],
  ] as const)("sets on a root of %s only what it can have", async (_what, change, absent) => {
    const blueprint = await blueprintOf({}, { volumes: [rootVolume(change), dataVolume()] });
    const ebs = (await requestOf(blueprint)).BlockDeviceMappings?.[0]?.Ebs;
    for (const key of absent) expect(ebs).not.toHaveProperty(key);
  });

  it("its owner's own ManagedBy stays, beside our other tags", async () => {
    const blueprint = await blueprintOf({ Tags: [{ Key: "ManagedBy", Value: "terraform" }] });
    const { TagSpecifications = [] } = await requestOf(blueprint);
    const [instance] = TagSpecifications;
    expect(instance?.Tags).toEqual([
      { Key: "ManagedBy", Value: "terraform" },
      { Key: "spot-optimizer:evaluation", Value: "evl-1" },
    ]);
  });

  it("has the same digest while its parameters are the same, its token and user data aside", async () => {
    const blueprint = await blueprintOf();
    const order: SpotLaunch = {
      blueprint,
      keep: "root",
      instanceType: "m5a.large",
      imageId: "ami-warm",
      subnetId: "subnet-2",
      clientToken: "so-1",
      tags: {},
    };
    const digest = digestOfLaunch(order);
    const { userData: _secret, ...bare } = blueprint;
    expect(digestOfLaunch({ ...order, clientToken: "so-2", blueprint: bare })).toBe(digest);
    const tagged = await blueprintOf({ Tags: [{ Key: "cost-center", Value: "42" }] });
    expect(digestOfLaunch({ ...order, blueprint: tagged })).not.toBe(digest);
    expect(digestOfLaunch({ ...order, subnetId: "subnet-3" })).not.toBe(digest);
  });

  it("the same blueprint gives the same request, whatever order EC2 lists tags in", async () => {
    const tags = [
      { Key: "b", Value: "2" },
      { Key: "a", Value: "1" },
    ];
    const first = await requestOf(await blueprintOf({ Tags: tags }));
    mock.resetHistory();
    const second = await requestOf(await blueprintOf({ Tags: [...tags].reverse() }));
    expect(second).toStrictEqual(first);
  });
});

describe("CPU credits", () => {
  it.each([
    ["unlimited", "t3.large", "unlimited"],
    ["standard", "t3.large", "standard"],
    [undefined, "t3.large", "standard"],
  ])("of an original with %s on %s become %s", async (credits, instanceType, expected) => {
    mock
      .on(DescribeInstanceCreditSpecificationsCommand, { InstanceIds: [instanceId] })
      .resolves({ InstanceCreditSpecifications: [{ CpuCredits: credits }] });
    const blueprint = await blueprintOf({ InstanceType: "t2.large" });
    expect((await requestOf(blueprint, { instanceType })).CreditSpecification).toEqual({
      CpuCredits: expected,
    });
  });

  it("are not asked of a type that is not burstable, and are standard on a burstable clone", async () => {
    const blueprint = await blueprintOf();
    expect(mock.commandCalls(DescribeInstanceCreditSpecificationsCommand)).toHaveLength(0);
    expect((await requestOf(blueprint, { instanceType: "t4g.large" })).CreditSpecification).toEqual(
      { CpuCredits: "standard" },
    );
  });

  it("are not set on a clone that is not burstable", async () => {
    expect(await requestOf(await blueprintOf())).not.toHaveProperty("CreditSpecification");
  });
});

describe("the blueprint", () => {
  it("shows user data to nobody who prints it", async () => {
    const blueprint = await blueprintOf();
    expect(blueprint.userData?.reveal()).toBe(userData);
    expect(JSON.stringify(blueprint) + inspect(blueprint, { depth: 9 })).not.toContain(userData);
  });

  it("has none where the original has none", async () => {
    const blueprint = await blueprintOf({}, {}, { UserData: {} });
    expect(await requestOf(blueprint)).not.toHaveProperty("UserData");
  });

  it.each([
    ["root volume", { BlockDeviceMappings: [] }],
    ["primary interface", { NetworkInterfaces: [] }],
    ["metadata options", { MetadataOptions: undefined }],
    ["root device", { RootDeviceName: undefined }],
  ])("without %s is BrokenFacts", async (_what, change) => {
    await expect(blueprintOf(change)).rejects.toMatchObject({ name: "BrokenFacts" });
  });
});

describe("a blueprint is refused rather than guessed", () => {
  it.each<[string, Partial<InstanceParts>]>([
    ["volume", { volumes: [rootVolume()] }],
    ["interface", { interfaces: [primaryInterface()] }],
  ])("while EC2 does not show a %s of the original", async (_, parts) => {
    await expect(blueprintOf({}, parts)).rejects.toMatchObject({ name: "BrokenFacts" });
  });
});

describe("a clone that keeps all devices", () => {
  const whole = { keep: "all-devices" } as const;

  it("has every volume of the original, and no other of its image", async () => {
    const request = await requestOf(await blueprintOf(), whole);
    expect(request.BlockDeviceMappings).toStrictEqual([
      {
        DeviceName: "/dev/xvda",
        Ebs: {
          VolumeType: "gp3",
          VolumeSize: 20,
          DeleteOnTermination: true,
          Iops: 4000,
          Throughput: 250,
          Encrypted: true,
          KmsKeyId: "arn:aws:kms:eu-central-1:123456789012:key/k",
        },
      },
      {
        DeviceName: "/dev/sdf",
        Ebs: { VolumeType: "st1", VolumeSize: 20, DeleteOnTermination: false },
      },
      { DeviceName: "/dev/sdb", NoDevice: "" },
    ]);
  });

  it("has every interface of the original, each with its own groups and type", async () => {
    const blueprint = await blueprintOf(
      {},
      {
        interfaces: [
          secondaryInterface({
            Attachment: { DeviceIndex: 1, NetworkCardIndex: 1, DeleteOnTermination: false },
          }),
          primaryInterface({ PrivateIpAddresses: [] }),
        ],
      },
    );
    expect((await requestOf(blueprint, whole)).NetworkInterfaces).toStrictEqual([
      {
        DeviceIndex: 0,
        SubnetId: "subnet-2",
        Groups: ["sg-web", "sg-ssh"],
        DeleteOnTermination: true,
        Description: "front",
      },
      {
        DeviceIndex: 1,
        SubnetId: "subnet-2",
        Groups: ["sg-back"],
        DeleteOnTermination: false,
        Ipv6AddressCount: 1,
        NetworkCardIndex: 1,
        InterfaceType: "efa",
      },
    ]);
  });

  it("asks for a public address beside a second interface, for EC2 to refuse by name", async () => {
    const [primary] = (await requestOf(await blueprintOf(), whole)).NetworkInterfaces ?? [];
    expect(primary).toHaveProperty("AssociatePublicIpAddress", true);
  });

  it("tags several volumes with what they share, since a launch tags all alike", async () => {
    const shared = { Key: "team", Value: "shop" };
    const blueprint = await blueprintOf(
      {},
      {
        volumes: [
          rootVolume({ Tags: [shared, { Key: "backup", Value: "daily" }] }),
          dataVolume({ Tags: [{ Key: "backup", Value: "never" }, shared] }),
        ],
      },
    );
    const specifications = (await requestOf(blueprint, whole)).TagSpecifications;
    const [volumes] = (specifications ?? []).filter(({ ResourceType: type }) => type === "volume");
    expect(volumes?.Tags?.map(({ Key }) => Key)).toEqual([
      "ManagedBy",
      "spot-optimizer:evaluation",
      "team",
    ]);
  });
});

describe("the answer", () => {
  it("names the instance and its Spot request", async () => {
    const blueprint = await blueprintOf();
    mock.on(RunInstancesCommand).resolves({
      $metadata: metadata("run-1"),
      Instances: [{ InstanceId: "i-new", SpotInstanceRequestId: "sir-1" }],
    });
    await expect(launch(blueprint)).resolves.toEqual({
      kind: "LAUNCHED",
      instanceId: "i-new",
      spotRequestId: "sir-1",
      requestId: "run-1",
    });
  });

  it("without an instance is not a launch", async () => {
    const blueprint = await blueprintOf();
    mock.on(RunInstancesCommand).resolves({ $metadata: metadata(), Instances: [] });
    await expect(launch(blueprint)).rejects.toMatchObject({ name: "BrokenFacts" });
  });

  it.each([
    ["InsufficientInstanceCapacity", 500, "NO_CAPACITY"],
    ["InsufficientInstanceCapacity", 400, "NO_CAPACITY"],
    ["UnfulfillableCapacity", 400, "NO_CAPACITY"],
    ["Unsupported", 400, "UNSUITABLE"],
    ["InvalidFleetConfiguration", 400, "UNSUITABLE"],
    ["SpotMaxPriceTooLow", 400, "UNSUITABLE"],
    ["MaxSpotInstanceCountExceeded", 400, "QUOTA"],
    ["Client.MaxSpotInstanceCountExceeded", 400, "QUOTA"],
    ["VcpuLimitExceeded", 400, "QUOTA"],
    ["InstanceLimitExceeded", 400, "QUOTA"],
    ["InsufficientFreeAddressesInSubnet", 400, "NO_ADDRESSES"],
  ])("%s (HTTP %i) is the value %s", async (code, status, kind) => {
    const blueprint = await blueprintOf();
    mock.on(RunInstancesCommand).rejects(awsError(code, { status }));
    await expect(launch(blueprint)).resolves.toEqual({
      kind,
      code,
      message: expect.stringContaining(`m5a.large in subnet-2: ${code}`),
      requestId: `req-${code}`,
    });
  });

  it.each([
    [
      "InvalidParameterCombination",
      "Placement groups may not be used with instances of type 'm5a.large'.",
    ],
    ["InvalidParameterCombination", "The specified instance type does not support the boot mode."],
    ["InvalidParameterValue", "The group can't be used in the Availability Zone eu-central-1b."],
    ["UnsupportedOperation", "The operation is not supported."],
    ["InvalidPlacementGroup.Unknown", "The group takes other instances."],
  ])("%s is about the pool where it says so: %s", async (code, message) => {
    const blueprint = await blueprintOf();
    mock.on(RunInstancesCommand).rejects(awsError(code, { message }));
    await expect(launch(blueprint)).resolves.toMatchObject({ kind: "UNSUITABLE", code });
  });

  it.each([
    ["InvalidParameterCombination", "Network interfaces and groups may not be specified together."],
    ["InvalidParameterValue", "Invalid IAM Instance Profile ARN"],
  ])("%s is not about the pool: %s", async (code, message) => {
    const blueprint = await blueprintOf();
    mock.on(RunInstancesCommand).rejects(awsError(code, { message }));
    await expect(launch(blueprint)).rejects.toMatchObject({ name: "BrokenRequest", code });
  });

  it.each([
    ["RequestLimitExceeded", 503, "RetryableThrottled"],
    ["InternalError", 500, "RetryableUnavailable"],
    ["UnauthorizedOperation", 403, "BrokenPermission"],
    ["OptInRequired", 401, "BrokenPermission"],
    ["InvalidAMIID.NotFound", 400, "BrokenNotFound"],
    ["InvalidAMIID.Unavailable", 400, "BrokenRequest"],
    ["IdempotentParameterMismatch", 400, "BrokenRequest"],
  ])("%s (HTTP %i) is thrown as %s", async (code, status, name) => {
    const blueprint = await blueprintOf();
    mock.on(RunInstancesCommand).rejects(awsError(code, { status }));
    await expect(launch(blueprint)).rejects.toMatchObject({ name });
  });

  it("a refusal that echoes the user data does not spread it", async () => {
    const blueprint = await blueprintOf();
    mock
      .on(RunInstancesCommand)
      .rejects(awsError("InvalidParameterValue", { message: `bad: ${userData}` }));
    const error = await thrownBy(() => launch(blueprint));
    expect(inspect(error, { depth: 9 })).not.toContain(userData);
  });

  it("an image that is gone is BrokenNotFound, and nothing is launched", async () => {
    const blueprint = await blueprintOf();
    mock.on(DescribeImagesCommand).rejects(awsError("InvalidAMIID.NotFound"));
    await expect(launch(blueprint)).rejects.toMatchObject({ name: "BrokenNotFound" });
    expect(mock.commandCalls(RunInstancesCommand)).toHaveLength(0);
  });
});
