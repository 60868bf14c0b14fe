import { beforeEach, describe, expect, it } from "@jest/globals";
import {
  DescribeAvailabilityZonesCommand,
  DescribeImagesCommand,
  DescribeInstanceAttributeCommand,
  DescribeInstancesCommand,
  DescribeInstanceStatusCommand,
  DescribeNetworkInterfacesCommand,
  DescribeVolumesCommand,
  EC2Client,
  StartInstancesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
  type Instance,
  type InstanceStatus,
} from "@aws-sdk/client-ec2";
import { mockClient } from "aws-sdk-client-mock";
import {
  readInstanceAgain,
  readInstanceFacts,
  readInstanceState,
  startInstance,
  stopInstance,
  terminateInstance,
} from "../../../../adapters/aws/ec2/instances.ts";
import { accountIdSchema } from "../../../../core/model/ids.ts";
import type { InstanceFacts } from "../../../../core/model/instance.ts";
import { awsError, metadata } from "../aws-error.ts";
import {
  dataVolume,
  instanceId,
  originalImage,
  originalInstance,
  originalStatus,
  primaryInterface,
  rootVolume,
  secondaryInterface,
} from "./original.ts";

const ec2 = new EC2Client({ region: "eu-central-1" });
const mock = mockClient(ec2);
const accountId = accountIdSchema.parse("123456789012");
const read = (): ReturnType<typeof readInstanceFacts> =>
  readInstanceFacts(ec2, { instanceId, accountId, region: "eu-central-1" });

/** EC2 with this instance and its parts. */
const world = (change: Partial<Instance> = {}): void => {
  mock
    .on(DescribeInstancesCommand, {
      Filters: [{ Name: "instance-id", Values: [instanceId] }],
      MaxResults: 1000,
    })
    .resolves({ Reservations: [{ Instances: [originalInstance(change)] }] });
  mock.on(DescribeVolumesCommand).resolves({ Volumes: [rootVolume(), dataVolume()] });
  mock
    .on(DescribeNetworkInterfacesCommand)
    .resolves({ NetworkInterfaces: [secondaryInterface(), primaryInterface()] });
  mock.on(DescribeImagesCommand).resolves({ Images: [originalImage()] });
  mock.on(DescribeInstanceStatusCommand).resolves({ InstanceStatuses: [originalStatus()] });
  mock
    .on(DescribeInstanceAttributeCommand, { Attribute: "disableApiTermination" })
    .resolves({ DisableApiTermination: { Value: false } });
  mock
    .on(DescribeInstanceAttributeCommand, { Attribute: "disableApiStop" })
    .resolves({ DisableApiStop: { Value: true } });
  mock.on(DescribeAvailabilityZonesCommand).resolves({
    AvailabilityZones: [{ ZoneName: "eu-central-1a", ZoneId: "euc1-az2" }],
  });
};

beforeEach(() => {
  mock.reset();
});

describe("the facts of an instance", () => {
  it("are all told, with the zone by its id and the parts in order", async () => {
    world();
    await expect(read()).resolves.toEqual({
      accountId: "123456789012",
      region: "eu-central-1",
      instanceId,
      instanceType: "m5.large",
      state: "running",
      unenrolled: [
        instanceId,
        rootVolume().VolumeId,
        dataVolume().VolumeId,
        secondaryInterface().NetworkInterfaceId,
        primaryInterface().NetworkInterfaceId,
      ],
      launchSettings: {
        "automatic recovery": "disabled",
        "detailed monitoring": "on",
        "instance profile": "arn:aws:iam::123456789012:instance-profile/web",
        "metadata options": "enabled required 2 disabled enabled",
        "private DNS names": "ip-name true false",
      },
      launchedAt: "2026-01-01T00:00:00.000Z",
      architecture: "x86_64",
      platformDetails: "Linux/UNIX",
      imageId: "ami-1",
      imageExists: true,
      productCodes: [],
      operatorManaged: false,
      hibernationConfigured: false,
      enclaveEnabled: false,
      vpcId: "vpc-1",
      subnetId: "subnet-1",
      zoneName: "eu-central-1a",
      zoneId: "euc1-az2",
      tenancy: "default",
      rootDeviceType: "ebs",
      rootDeviceName: "/dev/xvda",
      disableApiTermination: false,
      disableApiStop: true,
      domainJoined: false,
      ebsOptimized: true,
      cpuOptions: { coreCount: 1, threadsPerCore: 2 },
      keyName: "ops",
      notCarried: [],
      volumes: [
        {
          volumeId: "vol-data",
          deviceName: "/dev/sdf",
          tags: {},
          isRoot: false,
          sizeGib: 20,
          volumeType: "st1",
          encrypted: false,
          multiAttach: false,
          deleteOnTermination: false,
          zoneName: "eu-central-1a",
        },
        {
          volumeId: "vol-root",
          deviceName: "/dev/xvda",
          tags: { backup: "daily" },
          isRoot: true,
          sizeGib: 20,
          volumeType: "gp3",
          encrypted: true,
          kmsKeyId: "arn:aws:kms:eu-central-1:123456789012:key/k",
          multiAttach: false,
          deleteOnTermination: true,
          zoneName: "eu-central-1a",
        },
      ],
      networkInterfaces: [
        {
          networkInterfaceId: "eni-0",
          attachmentId: "eni-attach-0",
          deviceIndex: 0,
          networkCardIndex: 0,
          subnetId: "subnet-1",
          securityGroupIds: ["sg-web", "sg-ssh"],
          sourceDestCheck: true,
          interfaceType: "interface",
          deleteOnTermination: true,
          ipv6Count: 0,
          tags: { role: "front" },
          privateAddresses: [
            {
              privateIp: "10.0.0.10",
              primary: true,
              allocationId: "eipalloc-1",
              publicIp: "198.51.100.1",
            },
            { privateIp: "10.0.0.11", primary: false },
          ],
        },
        {
          networkInterfaceId: "eni-1",
          attachmentId: "eni-attach-1",
          deviceIndex: 1,
          networkCardIndex: 0,
          subnetId: "subnet-1",
          securityGroupIds: ["sg-back"],
          sourceDestCheck: false,
          interfaceType: "efa",
          deleteOnTermination: false,
          ipv6Count: 1,
          tags: {},
          privateAddresses: [{ privateIp: "10.0.0.20", primary: true }],
        },
      ],
      targetGroups: [],
      scheduledEvents: [],
      tags: { Name: "web", "aws:cloudformation:stack-name": "shop" },
    });
  });

  it("come from these requests", async () => {
    world();
    await read();
    const inputs = (command: Parameters<typeof mock.commandCalls>[0]): unknown[] =>
      mock.commandCalls(command).map(({ args }): unknown => args[0].input);
    expect(inputs(DescribeVolumesCommand)).toEqual([
      { Filters: [{ Name: "volume-id", Values: ["vol-root", "vol-data"] }], MaxResults: 1000 },
    ]);
    expect(inputs(DescribeNetworkInterfacesCommand)).toEqual([
      { Filters: [{ Name: "network-interface-id", Values: ["eni-1", "eni-0"] }], MaxResults: 1000 },
    ]);
    expect(inputs(DescribeImagesCommand)).toEqual([
      { ImageIds: ["ami-1"], IncludeDeprecated: true },
    ]);
    expect(inputs(DescribeInstanceStatusCommand)).toEqual([
      {
        InstanceIds: [instanceId],
        Filters: [
          {
            Name: "instance-state-name",
            Values: ["pending", "running", "stopping", "stopped", "shutting-down", "terminated"],
          },
        ],
        IncludeAllInstances: true,
      },
    ]);
    expect(inputs(DescribeAvailabilityZonesCommand)).toEqual([{ ZoneNames: ["eu-central-1a"] }]);
    expect(mock.calls()).toHaveLength(8);
  });

  it.each([
    ["Spot", { InstanceLifecycle: "spot" }, { lifecycle: "spot" }],
    ["a managed instance", { Operator: { Managed: true } }, { operatorManaged: true }],
    ["hibernation", { HibernationOptions: { Configured: true } }, { hibernationConfigured: true }],
    ["an enclave", { EnclaveOptions: { Enabled: true } }, { enclaveEnabled: true }],
    ["a reservation", { CapacityReservationId: "cr-1" }, { capacityReservationId: "cr-1" }],
    [
      "product codes",
      { ProductCodes: [{ ProductCodeId: "abc", ProductCodeType: "marketplace" }] },
      { productCodes: ["abc"] },
    ],
    [
      "a directory join that left its tag",
      { Tags: [{ Key: "aws:seamless-domain-join", Value: "d-1" }] },
      { domainJoined: true },
    ],
    [
      "a directory join that the owner declares",
      { Tags: [{ Key: "spot-optimizer:domain-joined", Value: "true" }] },
      { domainJoined: true },
    ],
    [
      "a directory join that the owner denies",
      { Tags: [{ Key: "spot-optimizer:domain-joined", Value: "false" }] },
      { domainJoined: false },
    ],
  ] as readonly (readonly [string, Partial<Instance>, object])[])(
    "show %s",
    async (_what, change, expected) => {
      world(change);
      await expect(read()).resolves.toMatchObject(expected);
    },
  );

  it("a public address of owner amazon is the subnet's and no Elastic IP", async () => {
    world();
    const association = { PublicIp: "203.0.113.9", IpOwnerId: "amazon" };
    mock.on(DescribeNetworkInterfacesCommand).resolves({
      NetworkInterfaces: [
        primaryInterface({
          PrivateIpAddresses: [
            { Primary: true, PrivateIpAddress: "10.0.0.10", Association: association },
          ],
        }),
      ],
    });
    const facts = await read();
    expect(facts?.autoAssignedPublicIp).toBe("203.0.113.9");
    expect(facts?.networkInterfaces[0]?.privateAddresses[0]?.allocationId).toBeUndefined();
  });

  it.each([
    ["free", undefined],
    ["another instance's", { InstanceId: "i-0ffffffffffffffff", DeviceIndex: 1 }],
  ])("an interface that is %s by the time it is read is left out", async (_name, Attachment) => {
    world();
    mock.on(DescribeNetworkInterfacesCommand).resolves({
      NetworkInterfaces: [primaryInterface({ Attachment })],
    });
    await expect(read()).resolves.toMatchObject({ networkInterfaces: [] });
  });

  it("past events don't count", async () => {
    world();
    const Events: InstanceStatus["Events"] = [
      { Code: "system-reboot", Description: "[Completed] rebooted" },
      { Code: "instance-stop", Description: "[Canceled] hardware is well" },
      { Code: "instance-retirement", Description: "The instance runs on degraded hardware" },
    ];
    mock
      .on(DescribeInstanceStatusCommand)
      .resolves({ InstanceStatuses: [originalStatus({ Events })] });
    await expect(read()).resolves.toMatchObject({ scheduledEvents: ["instance-retirement"] });
  });

  it.each([
    [
      "InvalidAMIID.NotFound",
      () => mock.on(DescribeImagesCommand).rejects(awsError("InvalidAMIID.NotFound")),
    ],
    [
      "InvalidAMIID.Unavailable",
      () => mock.on(DescribeImagesCommand).rejects(awsError("InvalidAMIID.Unavailable")),
    ],
    ["an empty answer", () => mock.on(DescribeImagesCommand).resolves({ Images: [] })],
    [
      "a disabled image",
      () =>
        mock
          .on(DescribeImagesCommand)
          .resolves({ Images: [originalImage({ State: "disabled", BlockDeviceMappings: [] })] }),
    ],
  ])("an image that can't be launched does not exist: %s", async (_what, arrange) => {
    world();
    arrange();
    await expect(read()).resolves.toMatchObject({ imageExists: false });
  });

  it.each([
    ["no instance", {}],
    ["an empty list", { Reservations: [] }],
    [
      "another instance",
      { Reservations: [{ Instances: [originalInstance({ InstanceId: "i-other" })] }] },
    ],
  ])("are undefined when EC2 shows %s", async (_what, answer) => {
    mock.on(DescribeInstancesCommand).resolves(answer);
    await expect(read()).resolves.toBeUndefined();
  });

  it("are found on a later page too: a first one may be empty", async () => {
    world();
    const wanted = { Filters: [{ Name: "instance-id", Values: [instanceId] }], MaxResults: 1000 };
    mock
      .on(DescribeInstancesCommand, { ...wanted, NextToken: undefined })
      .resolves({ Reservations: [], NextToken: "more" })
      .on(DescribeInstancesCommand, { ...wanted, NextToken: "more" })
      .resolves({ Reservations: [{ Instances: [originalInstance()] }] });
    await expect(read()).resolves.toMatchObject({ instanceId });
  });

  it("are unknown, not absent, when EC2 refuses the request", async () => {
    mock.on(DescribeInstancesCommand).rejects(awsError("RequestLimitExceeded", { status: 503 }));
    await expect(read()).rejects.toMatchObject({ name: "RetryableThrottled" });
  });

  it("of a terminated instance come without its network, volumes and protection", async () => {
    world({
      State: { Name: "terminated" },
      VpcId: undefined,
      SubnetId: undefined,
      BlockDeviceMappings: [],
      NetworkInterfaces: [],
    });
    await expect(read()).resolves.toMatchObject({
      state: "terminated",
      vpcId: "",
      subnetId: "",
      volumes: [],
      networkInterfaces: [],
      disableApiStop: false,
    });
    expect(mock.commandCalls(DescribeInstanceAttributeCommand)).toHaveLength(0);
    expect(mock.commandCalls(DescribeVolumesCommand)).toHaveLength(0);
    expect(mock.commandCalls(DescribeNetworkInterfacesCommand)).toHaveLength(0);
  });

  it("an unreadable part is an error, never a default", async () => {
    world();
    mock
      .on(DescribeInstanceAttributeCommand, { Attribute: "disableApiStop" })
      .rejects(awsError("UnauthorizedOperation", { status: 403 }));
    await expect(read()).rejects.toMatchObject({ name: "BrokenPermission" });
  });

  it.each([
    ["a zone without an id", () => mock.on(DescribeAvailabilityZonesCommand).resolves({})],
    [
      "a protection that is not told",
      () => mock.on(DescribeInstanceAttributeCommand, { Attribute: "disableApiStop" }).resolves({}),
    ],
    [
      "a volume without a size",
      () =>
        mock.on(DescribeVolumesCommand).resolves({ Volumes: [rootVolume({ Size: undefined })] }),
    ],
  ])("%s is BrokenFacts", async (_what, arrange) => {
    world();
    arrange();
    await expect(read()).rejects.toMatchObject({ name: "BrokenFacts" });
  });
});

describe("a second reading", () => {
  const before = async (): Promise<InstanceFacts> => {
    world();
    const facts = await read();
    mock.reset();
    if (facts === undefined) throw new Error("EC2 does not show the instance.");
    return { ...facts, disableApiStop: false, targetGroups: [{ arn: "tg-1", port: 80 }] };
  };

  it("takes three calls and keeps what can't change, with the parts as EC2 shows them", async () => {
    const first = await before();
    world({ State: { Name: "stopped" } });
    const again = await readInstanceAgain(ec2, first, { withProtections: false });
    expect(again?.facts).toEqual({ ...first, state: "stopped" });
    expect(again?.parts.volumes).toHaveLength(2);
    expect(again?.parts.interfaces).toHaveLength(2);
    expect(mock.calls()).toHaveLength(3);
  });

  it("asks for its protections where these matter", async () => {
    const first = await before();
    world();
    const again = await readInstanceAgain(ec2, first, { withProtections: true });
    expect(again?.facts.disableApiStop).toBe(true);
    expect(mock.calls()).toHaveLength(5);
  });

  it("is nothing where EC2 does not show the instance", async () => {
    const first = await before();
    mock.on(DescribeInstancesCommand).resolves({ Reservations: [] });
    await expect(readInstanceAgain(ec2, first, { withProtections: true })).resolves.toBeUndefined();
  });
});

describe("a small question", () => {
  it("is answered with the state alone", async () => {
    world({ State: { Name: "stopping" } });
    await expect(readInstanceState(ec2, instanceId)).resolves.toBe("stopping");
    expect(mock.calls()).toHaveLength(1);
  });
});

describe("changes of state", () => {
  it("stop, start and terminate name one instance and tell the new state", async () => {
    const change = (Name: "stopping" | "pending" | "shutting-down"): object[] => [
      { InstanceId: instanceId, CurrentState: { Name } },
    ];
    mock
      .on(StopInstancesCommand, { InstanceIds: [instanceId] })
      .resolves({ $metadata: metadata("r1"), StoppingInstances: change("stopping") });
    mock
      .on(StartInstancesCommand, { InstanceIds: [instanceId] })
      .resolves({ $metadata: metadata("r2"), StartingInstances: change("pending") });
    mock
      .on(TerminateInstancesCommand, { InstanceIds: [instanceId] })
      .resolves({ $metadata: metadata("r3"), TerminatingInstances: change("shutting-down") });
    await expect(stopInstance(ec2, instanceId)).resolves.toEqual({
      requestId: "r1",
      state: "stopping",
    });
    await expect(startInstance(ec2, instanceId)).resolves.toEqual({
      requestId: "r2",
      state: "pending",
    });
    await expect(terminateInstance(ec2, instanceId)).resolves.toEqual({
      requestId: "r3",
      state: "shutting-down",
    });
    expect(mock.commandCalls(StopInstancesCommand)[0]?.args[0].input).toStrictEqual({
      InstanceIds: [instanceId],
    });
  });

  it("terminating what EC2 does not know terminated nothing: to be tried again", async () => {
    mock.on(TerminateInstancesCommand).rejects(awsError("InvalidInstanceID.NotFound"));
    await expect(terminateInstance(ec2, instanceId)).rejects.toMatchObject({
      name: "RetryableNotVisible",
      code: "InvalidInstanceID.NotFound",
    });
  });

  it.each([
    ["stop", (): Promise<unknown> => stopInstance(ec2, instanceId)],
    ["start", (): Promise<unknown> => startInstance(ec2, instanceId)],
  ])("%s of what EC2 does not know is BrokenNotFound", async (_what, call) => {
    mock.on(StopInstancesCommand).rejects(awsError("InvalidInstanceID.NotFound"));
    mock.on(StartInstancesCommand).rejects(awsError("InvalidInstanceID.NotFound"));
    await expect(call()).rejects.toMatchObject({ name: "BrokenNotFound" });
  });

  it("a start without capacity can only wait", async () => {
    mock
      .on(StartInstancesCommand)
      .rejects(awsError("InsufficientInstanceCapacity", { status: 500 }));
    await expect(startInstance(ec2, instanceId)).rejects.toMatchObject({
      name: "RetryableUnavailable",
      code: "InsufficientInstanceCapacity",
    });
  });

  it("termination protection is a refusal", async () => {
    mock.on(TerminateInstancesCommand).rejects(awsError("OperationNotPermitted"));
    await expect(terminateInstance(ec2, instanceId)).rejects.toMatchObject({
      name: "BrokenRequest",
    });
  });

  it("an answer without the instance is not taken for done", async () => {
    mock.on(StopInstancesCommand).resolves({ $metadata: metadata(), StoppingInstances: [] });
    await expect(stopInstance(ec2, instanceId)).rejects.toMatchObject({ name: "BrokenFacts" });
  });
});
