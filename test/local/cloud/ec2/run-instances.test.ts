import { describe, expect, it } from "@jest/globals";
import { CloudError } from "../../../../local/cloud/contract.ts";
import {
  account,
  createWorld,
  describeOne,
  present,
  refusalOf,
  region,
  spotLaunchOf,
} from "./world.ts";

describe("client tokens", () => {
  it("give the same instance for the same token and parameters", () => {
    const world = createWorld();
    const launch = { ...spotLaunchOf(world, world.addInstance()), ClientToken: "t-1" };
    const first = world.call("RunInstances", launch).Instances?.[0]?.InstanceId;
    const again = world.call("RunInstances", { ...launch }).Instances?.[0]?.InstanceId;
    expect(again).toBe(first);
    expect(world.ec2.control.instances(account)).toHaveLength(2);
  });

  it("refuse other parameters", () => {
    const world = createWorld();
    const launch = { ...spotLaunchOf(world, world.addInstance()), ClientToken: "t-1" };
    world.call("RunInstances", launch);
    const changed = { ...launch, Monitoring: { Enabled: true } };
    expect(refusalOf(() => world.call("RunInstances", changed))).toBe(
      "IdempotentParameterMismatch",
    );
  });

  it("are zonal: in another zone the same token launches a second instance", () => {
    const world = createWorld();
    const launch = { ...spotLaunchOf(world, world.addInstance()), ClientToken: "t-1" };
    const first = world.call("RunInstances", launch).Instances?.[0];
    const other = present(
      world
        .call("DescribeSubnets", {})
        .Subnets?.find(
          (subnet) =>
            subnet.SubnetId !== launch.SubnetId &&
            world.ec2.market.isOffered(region, subnet.AvailabilityZoneId ?? "", "m5.large"),
        ),
    );
    const second = world.call("RunInstances", { ...launch, SubnetId: other.SubnetId });
    expect(second.Instances?.[0]?.InstanceId).not.toBe(first?.InstanceId);
    expect(second.Instances?.[0]?.Placement?.AvailabilityZone).toBe(other.AvailabilityZone);
  });

  it("are not used up by a launch that failed", () => {
    const world = createWorld();
    const id = world.addInstance();
    const zoneId = present(world.ec2.control.find(id)).zoneId;
    const launch = { ...spotLaunchOf(world, id), ClientToken: "t-1" };
    world.ec2.control.setCapacity({ zoneId, instanceType: "m5.large" }, 0);
    expect(refusalOf(() => world.call("RunInstances", launch))).toBe(
      "InsufficientInstanceCapacity",
    );
    world.ec2.control.setCapacity({ zoneId, instanceType: "m5.large" }, 1);
    expect(refusalOf(() => world.call("RunInstances", launch))).toBe("not refused");
  });

  it("have at most 64 characters", () => {
    const world = createWorld();
    const launch = { ...spotLaunchOf(world, world.addInstance()), ClientToken: "t".repeat(65) };
    expect(refusalOf(() => world.call("RunInstances", launch))).toBe("InvalidParameterValue");
  });

  it("find the instance by filter", () => {
    const world = createWorld();
    const launch = { ...spotLaunchOf(world, world.addInstance()), ClientToken: "t-9" };
    const id = world.call("RunInstances", launch).Instances?.[0]?.InstanceId;
    const found = world.call("DescribeInstances", {
      Filters: [{ Name: "client-token", Values: ["t-9"] }],
    });
    expect(found.Reservations?.[0]?.Instances?.[0]?.InstanceId).toBe(id);
  });
});

describe("what stands between a request and an instance", () => {
  it("no capacity is answered with status 500, and nothing is left behind", () => {
    const world = createWorld();
    const id = world.addInstance();
    const zoneId = present(world.ec2.control.find(id)).zoneId;
    world.ec2.control.setCapacity({ zoneId, instanceType: "m5.large" }, 0);
    let status = 0;
    try {
      world.call("RunInstances", spotLaunchOf(world, id));
    } catch (error) {
      status = error instanceof CloudError ? error.status : 0;
    }
    expect(status).toBe(500);
    expect(world.call("DescribeVolumes", {}).Volumes).toHaveLength(1);
    expect(world.call("DescribeNetworkInterfaces", {}).NetworkInterfaces).toHaveLength(1);
    expect(world.ec2.control.instances(account)).toHaveLength(1);
  });

  it("running Spot Instances use the pool up; On-Demand ones do not", () => {
    const world = createWorld();
    const id = world.addInstance();
    const zoneId = present(world.ec2.control.find(id)).zoneId;
    world.ec2.control.setCapacity({ zoneId, instanceType: "m5.large" }, 1);
    const launch = spotLaunchOf(world, id);
    expect(refusalOf(() => world.call("RunInstances", launch))).toBe("not refused");
    expect(refusalOf(() => world.call("RunInstances", launch))).toBe(
      "InsufficientInstanceCapacity",
    );
  });

  it("the Spot vCPU quota of the class", () => {
    const world = createWorld();
    const launch = spotLaunchOf(world, world.addInstance());
    const quota = { accountId: account, purchase: "spot", quotaClass: "Standard" } as const;
    world.ec2.control.setQuota({ ...quota, vcpus: 1 });
    expect(refusalOf(() => world.call("RunInstances", launch))).toBe(
      "MaxSpotInstanceCountExceeded",
    );
    world.ec2.control.setQuota({ ...quota, vcpus: 2 });
    expect(refusalOf(() => world.call("RunInstances", launch))).toBe("not refused");
  });

  it("an instance that shuts down still counts against the quota", async () => {
    const world = createWorld();
    const launch = spotLaunchOf(world, world.addInstance());
    const quota = { accountId: account, purchase: "spot", quotaClass: "Standard" } as const;
    world.ec2.control.setQuota({ ...quota, vcpus: 2 });
    const id = present(world.call("RunInstances", launch).Instances?.[0]?.InstanceId);
    world.call("TerminateInstances", { InstanceIds: [id] });
    expect(refusalOf(() => world.call("RunInstances", launch))).toBe(
      "MaxSpotInstanceCountExceeded",
    );
    await world.pass(31);
    expect(refusalOf(() => world.call("RunInstances", launch))).toBe("not refused");
  });

  it("a maximum price below the market", () => {
    const world = createWorld();
    const launch = spotLaunchOf(world, world.addInstance());
    const withPrice = (MaxPrice: string) => ({
      ...launch,
      InstanceMarketOptions: { MarketType: "spot" as const, SpotOptions: { MaxPrice } },
    });
    expect(refusalOf(() => world.call("RunInstances", withPrice("0.001")))).toBe(
      "SpotMaxPriceTooLow",
    );
    expect(refusalOf(() => world.call("RunInstances", withPrice("5")))).toBe("not refused");
  });

  it("a subnet without free addresses", () => {
    const world = createWorld();
    const launch = spotLaunchOf(world, world.addInstance());
    world.ec2.control.limitFreeAddresses(present(launch.SubnetId), 0);
    expect(refusalOf(() => world.call("RunInstances", launch))).toBe(
      "InsufficientFreeAddressesInSubnet",
    );
  });

  it.each([
    ["an image that does not exist", { ImageId: "ami-00000000" }, "InvalidAMIID.NotFound"],
    [
      "a type that does not exist",
      { InstanceType: "m9.huge" as "m5.large" },
      "InvalidParameterValue",
    ],
    [
      "a type of another architecture",
      { InstanceType: "m6g.large" as const },
      "InvalidParameterValue",
    ],
    ["a subnet that does not exist", { SubnetId: "subnet-0" }, "InvalidSubnetID.NotFound"],
    [
      "a reserved tag key",
      {
        TagSpecifications: [
          { ResourceType: "instance" as const, Tags: [{ Key: "aws:x", Value: "" }] },
        ],
      },
      "InvalidParameterValue",
    ],
    [
      "termination protection on Spot",
      { DisableApiTermination: true },
      "InvalidParameterCombination",
    ],
    [
      "a root smaller than its snapshot",
      { BlockDeviceMappings: [{ DeviceName: "/dev/xvda", Ebs: { VolumeSize: 1 } }] },
      "InvalidBlockDeviceMapping",
    ],
  ] as const)("%s", (_name, change, code) => {
    const world = createWorld();
    const launch = { ...spotLaunchOf(world, world.addInstance()), ...change };
    expect(refusalOf(() => world.call("RunInstances", launch as never))).toBe(code);
  });

  it("a public address together with more than one interface", () => {
    const world = createWorld();
    const { SubnetId, ...launch } = spotLaunchOf(world, world.addInstance());
    const NetworkInterfaces = [
      { DeviceIndex: 0, SubnetId, AssociatePublicIpAddress: true },
      { DeviceIndex: 1, SubnetId },
    ];
    expect(refusalOf(() => world.call("RunInstances", { ...launch, NetworkInterfaces }))).toBe(
      "InvalidParameterCombination",
    );
  });

  it("a region that the account has not enabled", () => {
    const world = createWorld();
    world.ec2.control.addAccount("999900001111", ["us-east-1"]);
    const as = { accountId: "999900001111", region: "eu-central-1" };
    expect(refusalOf(() => world.call("DescribeInstances", {}, as))).toBe("AuthFailure");
  });
});

describe("what a launch carries over", () => {
  it("keeps options, tags per resource, user data and metadata settings", () => {
    const world = createWorld();
    const launch = {
      ...spotLaunchOf(world, world.addInstance()),
      UserData: Buffer.from("hello").toString("base64"),
      MetadataOptions: { HttpTokens: "required" as const, HttpPutResponseHopLimit: 2 },
      TagSpecifications: [
        { ResourceType: "instance" as const, Tags: [{ Key: "a", Value: "1" }] },
        { ResourceType: "volume" as const, Tags: [{ Key: "b", Value: "2" }] },
        { ResourceType: "spot-instances-request" as const, Tags: [{ Key: "c", Value: "3" }] },
      ],
    };
    const id = present(world.call("RunInstances", launch).Instances?.[0]?.InstanceId);
    const seen = describeOne(world, id);
    expect(seen.Tags).toEqual([{ Key: "a", Value: "1" }]);
    expect(seen.InstanceLifecycle).toBe("spot");
    expect(seen.MetadataOptions?.HttpTokens).toBe("required");
    const volume = world.call("DescribeVolumes", {
      Filters: [{ Name: "attachment.instance-id", Values: [id] }],
    }).Volumes?.[0];
    expect(volume?.Tags).toEqual([{ Key: "b", Value: "2" }]);
    const request = world.call("DescribeSpotInstanceRequests", {
      SpotInstanceRequestIds: [present(seen.SpotInstanceRequestId)],
    }).SpotInstanceRequests?.[0];
    expect(request?.Tags).toEqual([{ Key: "c", Value: "3" }]);
    expect(request?.Status?.Code).toBe("fulfilled");
  });

  it("launches from a template, and the request's own values win", () => {
    const world = createWorld();
    const launch = spotLaunchOf(world, world.addInstance({ keyName: "k" }));
    const { LaunchTemplate } = world.call("CreateLaunchTemplate", {
      LaunchTemplateName: "clone",
      LaunchTemplateData: { ImageId: launch.ImageId, InstanceType: "m5.large", KeyName: "k" },
    });
    const answer = world.call("RunInstances", {
      MinCount: 1,
      MaxCount: 1,
      SubnetId: launch.SubnetId,
      InstanceType: "m6i.large",
      LaunchTemplate: { LaunchTemplateId: LaunchTemplate?.LaunchTemplateId, Version: "$Latest" },
    });
    const seen = answer.Instances?.[0];
    expect([seen?.InstanceType, seen?.KeyName]).toEqual(["m6i.large", "k"]);
  });

  it("turns an instance into template data", () => {
    const world = createWorld();
    const id = world.addInstance({ userData: "x", dataVolumes: [{ sizeGib: 30 }] });
    const { LaunchTemplateData } = world.call("GetLaunchTemplateData", { InstanceId: id });
    expect(LaunchTemplateData?.UserData).toBe(Buffer.from("x").toString("base64"));
    expect(LaunchTemplateData?.BlockDeviceMappings?.map((each) => each.Ebs?.VolumeSize)).toEqual([
      8, 30,
    ]);
  });

  it("launches with an existing interface at index 0, which then outlives the instance", async () => {
    const world = createWorld();
    const { SubnetId, ...launch } = spotLaunchOf(world, world.addInstance());
    const { NetworkInterface } = world.call("CreateNetworkInterface", { SubnetId });
    const NetworkInterfaceId = present(NetworkInterface?.NetworkInterfaceId);
    const answer = world.call("RunInstances", {
      ...launch,
      NetworkInterfaces: [{ DeviceIndex: 0, NetworkInterfaceId }],
    });
    const seen = present(answer.Instances?.[0]);
    expect(seen.PrivateIpAddress).toBe(NetworkInterface?.PrivateIpAddress);
    await world.pass(25);
    world.call("TerminateInstances", { InstanceIds: [present(seen.InstanceId)] });
    await world.pass(40);
    const rest = world.call("DescribeNetworkInterfaces", {
      NetworkInterfaceIds: [NetworkInterfaceId],
    });
    expect(rest.NetworkInterfaces?.[0]?.Status).toBe("available");
  });
});
