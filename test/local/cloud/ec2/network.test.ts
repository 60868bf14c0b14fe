import { describe, expect, it } from "@jest/globals";
import { createWorld, describeOne, present, refusalOf, runningSpot, type World } from "./world.ts";

const interfacesOf = (world: World, instanceId: string) =>
  describeOne(world, instanceId).NetworkInterfaces ?? [];

describe("network interfaces", () => {
  it("the primary cannot be detached", () => {
    const world = createWorld();
    const [primary] = interfacesOf(world, world.addInstance());
    const AttachmentId = primary?.Attachment?.AttachmentId;
    expect(refusalOf(() => world.call("DetachNetworkInterface", { AttachmentId }))).toBe(
      "OperationNotPermitted",
    );
  });

  it("a secondary one moves with its address, MAC and Elastic IP", async () => {
    const world = createWorld();
    const original = world.addInstance({ secondaryInterfaces: 1 });
    const clone = await runningSpot(world, original);
    const secondary = present(interfacesOf(world, original)[1]);
    const NetworkInterfaceId = secondary.NetworkInterfaceId;
    const { AllocationId, PublicIp } = world.call("AllocateAddress", {});
    world.call("AssociateAddress", { AllocationId, NetworkInterfaceId });
    world.call("DetachNetworkInterface", { AttachmentId: secondary.Attachment?.AttachmentId });
    const attach = () =>
      world.call("AttachNetworkInterface", {
        NetworkInterfaceId,
        InstanceId: clone,
        DeviceIndex: 1,
      });
    expect(refusalOf(attach)).toBe("InvalidNetworkInterface.InUse");
    await world.pass(6);
    attach();
    await world.pass(3);
    const moved = interfacesOf(world, clone)[1];
    expect([moved?.PrivateIpAddress, moved?.MacAddress, moved?.Association?.PublicIp]).toEqual([
      secondary.PrivateIpAddress,
      secondary.MacAddress,
      PublicIp,
    ]);
    expect(moved?.Attachment?.DeleteOnTermination).toBe(false);
  });

  it("an index that is taken, and more than the type holds, are refused", () => {
    const world = createWorld();
    // m5.large holds three interfaces.
    const id = world.addInstance({ secondaryInterfaces: 2 });
    const SubnetId = describeOne(world, id).SubnetId;
    const made = world.call("CreateNetworkInterface", { SubnetId }).NetworkInterface;
    const attach = (DeviceIndex: number) => () =>
      world.call("AttachNetworkInterface", {
        NetworkInterfaceId: made?.NetworkInterfaceId,
        InstanceId: id,
        DeviceIndex,
      });
    expect(refusalOf(attach(1))).toBe("InvalidParameterValue");
    expect(refusalOf(attach(3))).toBe("AttachmentLimitExceeded");
  });

  it("stay in their zone", () => {
    const world = createWorld();
    const id = world.addInstance();
    const elsewhere = world
      .call("DescribeSubnets", {})
      .Subnets?.find((subnet) => subnet.SubnetId !== describeOne(world, id).SubnetId);
    const made = world.call("CreateNetworkInterface", { SubnetId: elsewhere?.SubnetId });
    const attach = () =>
      world.call("AttachNetworkInterface", {
        NetworkInterfaceId: made.NetworkInterface?.NetworkInterfaceId,
        InstanceId: id,
        DeviceIndex: 1,
      });
    expect(refusalOf(attach)).toBe("InvalidParameterCombination");
  });

  it("outlive their instance where ModifyNetworkInterfaceAttribute says so", async () => {
    const world = createWorld();
    const id = world.addInstance();
    const primary = present(interfacesOf(world, id)[0]);
    const NetworkInterfaceId = present(primary.NetworkInterfaceId);
    world.call("ModifyNetworkInterfaceAttribute", {
      NetworkInterfaceId,
      Attachment: { AttachmentId: primary.Attachment?.AttachmentId, DeleteOnTermination: false },
    });
    world.call("TerminateInstances", { InstanceIds: [id] });
    await world.pass(40);
    const rest = world.call("DescribeNetworkInterfaces", {
      NetworkInterfaceIds: [NetworkInterfaceId],
    });
    expect(rest.NetworkInterfaces?.[0]?.PrivateIpAddress).toBe(primary.PrivateIpAddress);
  });

  it("in use cannot be deleted", () => {
    const world = createWorld();
    const [primary] = interfacesOf(world, world.addInstance());
    const NetworkInterfaceId = primary?.NetworkInterfaceId;
    expect(refusalOf(() => world.call("DeleteNetworkInterface", { NetworkInterfaceId }))).toBe(
      "InvalidParameterValue",
    );
  });
});

describe("private addresses", () => {
  const pair = () => {
    const world = createWorld();
    const from = present(interfacesOf(world, world.addInstance({ secondaryPrivateIps: 1 }))[0]);
    const to = present(interfacesOf(world, world.addInstance())[0]);
    const ip = present(from.PrivateIpAddresses?.[1]?.PrivateIpAddress);
    return { world, from, to, ip };
  };

  it("that are in use move only with AllowReassignment", () => {
    const { world, from, to, ip } = pair();
    const assign = (AllowReassignment: boolean) => () =>
      world.call("AssignPrivateIpAddresses", {
        NetworkInterfaceId: to.NetworkInterfaceId,
        PrivateIpAddresses: [ip],
        AllowReassignment,
      });
    expect(refusalOf(assign(false))).toBe("InvalidParameterValue");
    expect(refusalOf(assign(true))).toBe("not refused");
    const after = world.call("DescribeNetworkInterfaces", {
      Filters: [{ Name: "addresses.private-ip-address", Values: [ip] }],
    }).NetworkInterfaces;
    expect(after?.map((each) => each.NetworkInterfaceId)).toEqual([to.NetworkInterfaceId]);
    expect(from.NetworkInterfaceId).not.toBe(to.NetworkInterfaceId);
  });

  it("take their Elastic IP along", () => {
    const { world, from, to, ip } = pair();
    const { AllocationId } = world.call("AllocateAddress", {});
    world.call("AssociateAddress", {
      AllocationId,
      NetworkInterfaceId: from.NetworkInterfaceId,
      PrivateIpAddress: ip,
    });
    world.call("AssignPrivateIpAddresses", {
      NetworkInterfaceId: to.NetworkInterfaceId,
      PrivateIpAddresses: [ip],
      AllowReassignment: true,
    });
    const [address] = world.call("DescribeAddresses", {}).Addresses ?? [];
    expect([address?.NetworkInterfaceId, address?.PrivateIpAddress]).toEqual([
      to.NetworkInterfaceId,
      ip,
    ]);
  });

  it("that are primary never move", () => {
    const { world, from, to } = pair();
    const assign = () =>
      world.call("AssignPrivateIpAddresses", {
        NetworkInterfaceId: to.NetworkInterfaceId,
        PrivateIpAddresses: [present(from.PrivateIpAddress)],
        AllowReassignment: true,
      });
    expect(refusalOf(assign)).toBe("InvalidParameterValue");
    expect(
      refusalOf(() =>
        world.call("UnassignPrivateIpAddresses", {
          NetworkInterfaceId: from.NetworkInterfaceId,
          PrivateIpAddresses: [present(from.PrivateIpAddress)],
        }),
      ),
    ).toBe("InvalidParameterValue");
  });

  it("are limited by the type", () => {
    const { world, to } = pair();
    const assign = () =>
      world.call("AssignPrivateIpAddresses", {
        NetworkInterfaceId: to.NetworkInterfaceId,
        SecondaryPrivateIpAddressCount: 10,
      });
    expect(refusalOf(assign)).toBe("PrivateIpAddressLimitExceeded");
  });

  it("that are unassigned are free again", () => {
    const { world, from, ip } = pair();
    const free = () =>
      world.call("DescribeSubnets", { SubnetIds: [present(from.SubnetId)] }).Subnets?.[0]
        ?.AvailableIpAddressCount ?? 0;
    const before = free();
    world.call("UnassignPrivateIpAddresses", {
      NetworkInterfaceId: from.NetworkInterfaceId,
      PrivateIpAddresses: [ip],
    });
    expect(free()).toBe(before + 1);
  });
});

describe("Elastic IPs", () => {
  it("are reassociated unless that is forbidden, and the same association is not a change", () => {
    const world = createWorld();
    const [one, other] = [world.addInstance({ elasticIp: true }), world.addInstance()];
    const [address] = world.call("DescribeAddresses", {}).Addresses ?? [];
    const AllocationId = address?.AllocationId;
    const same = world.call("AssociateAddress", { AllocationId, InstanceId: one });
    expect(same.AssociationId).toBe(address?.AssociationId);
    const move = (AllowReassociation?: boolean) => () =>
      world.call("AssociateAddress", { AllocationId, InstanceId: other, AllowReassociation });
    expect(refusalOf(move(false))).toBe("Resource.AlreadyAssociated");
    expect(refusalOf(move())).toBe("not refused");
    expect(describeOne(world, one).PublicIpAddress).toBeUndefined();
    expect(describeOne(world, other).PublicIpAddress).toBe(address?.PublicIp);
  });

  it("take the place of an assigned public address", () => {
    const world = createWorld();
    const id = world.addInstance({ publicIp: true });
    const { AllocationId, PublicIp } = world.call("AllocateAddress", {});
    const { AssociationId } = world.call("AssociateAddress", { AllocationId, InstanceId: id });
    expect(describeOne(world, id).PublicIpAddress).toBe(PublicIp);
    world.call("DisassociateAddress", { AssociationId });
    expect(describeOne(world, id).PublicIpAddress).toBeUndefined();
  });

  it("need an interface where the instance has several", () => {
    const world = createWorld();
    const InstanceId = world.addInstance({ secondaryInterfaces: 1 });
    const { AllocationId } = world.call("AllocateAddress", {});
    expect(refusalOf(() => world.call("AssociateAddress", { AllocationId, InstanceId }))).toBe(
      "InvalidInstanceID",
    );
  });

  it("in use are not released", () => {
    const world = createWorld();
    world.addInstance({ elasticIp: true });
    const [address] = world.call("DescribeAddresses", {}).Addresses ?? [];
    const { AllocationId, AssociationId } = present(address);
    expect(refusalOf(() => world.call("ReleaseAddress", { AllocationId }))).toBe(
      "InvalidIPAddress.InUse",
    );
    world.call("DisassociateAddress", { AssociationId });
    world.call("ReleaseAddress", { AllocationId });
    expect(world.call("DescribeAddresses", {}).Addresses).toEqual([]);
  });

  it("are limited per region", () => {
    const world = createWorld({ elasticAddresses: 1 });
    world.call("AllocateAddress", {});
    expect(refusalOf(() => world.call("AllocateAddress", {}))).toBe("AddressLimitExceeded");
  });
});

describe("tags", () => {
  it("are set, replaced, found and deleted", () => {
    const world = createWorld();
    const id = world.addInstance();
    const Resources = [id];
    world.call("CreateTags", { Resources, Tags: [{ Key: "a", Value: "1" }] });
    world.call("CreateTags", { Resources, Tags: [{ Key: "a", Value: "2" }] });
    const { Tags } = world.call("DescribeTags", { Filters: [{ Name: "key", Values: ["a"] }] });
    expect(Tags).toEqual([{ ResourceId: id, ResourceType: "instance", Key: "a", Value: "2" }]);
    world.call("DeleteTags", { Resources, Tags: [{ Key: "a", Value: "other" }] });
    expect(describeOne(world, id).Tags).toHaveLength(1);
    world.call("DeleteTags", { Resources, Tags: [{ Key: "a" }] });
    expect(describeOne(world, id).Tags).toEqual([]);
  });

  it("beginning with aws: cannot be set by users", () => {
    const world = createWorld();
    const Resources = [world.addInstance()];
    const Tags = [{ Key: "aws:autoscaling:groupName", Value: "g" }];
    expect(refusalOf(() => world.call("CreateTags", { Resources, Tags }))).toBe(
      "InvalidParameterValue",
    );
  });

  it("are at most fifty", () => {
    const world = createWorld();
    const Resources = [world.addInstance()];
    const Tags = Array.from({ length: 51 }, (_, index) => ({
      Key: `k${String(index)}`,
      Value: "",
    }));
    expect(refusalOf(() => world.call("CreateTags", { Resources, Tags }))).toBe("TagLimitExceeded");
  });
});

describe("types and reservations", () => {
  it("pages types by at most a hundred and refuses unknown names", () => {
    const world = createWorld();
    const { InstanceTypes = [] } = world.call("DescribeInstanceTypes", {
      InstanceTypes: ["g4dn.xlarge"],
    });
    expect(InstanceTypes[0]?.GpuInfo?.Gpus?.[0]?.Count).toBe(1);
    expect(InstanceTypes[0]?.NetworkInfo?.MaximumNetworkInterfaces).toBe(3);
    expect(
      refusalOf(() =>
        world.call("DescribeInstanceTypes", { InstanceTypes: ["m9.large" as "m5.large"] }),
      ),
    ).toBe("InvalidInstanceType");
    expect(refusalOf(() => world.call("DescribeInstanceTypes", { MaxResults: 101 }))).toBe(
      "InvalidParameterValue",
    );
  });

  it("shows the reservations that a scenario declared", () => {
    const world = createWorld();
    world.ec2.control.addReservedInstances({
      accountId: "222233334444",
      region: "us-east-1",
      instanceType: "m5.large",
      count: 2,
    });
    const { ReservedInstances = [] } = world.call("DescribeReservedInstances", {
      Filters: [{ Name: "instance-type", Values: ["m5.large"] }],
    });
    expect(ReservedInstances.map((each) => [each.InstanceCount, each.State])).toEqual([
      [2, "active"],
    ]);
  });
});

describe("launch templates", () => {
  it("number their versions, and a name is taken once", () => {
    const world = createWorld();
    const LaunchTemplateName = "web";
    world.call("CreateLaunchTemplate", {
      LaunchTemplateName,
      LaunchTemplateData: { KeyName: "a" },
    });
    world.call("CreateLaunchTemplateVersion", {
      LaunchTemplateName,
      SourceVersion: "1",
      LaunchTemplateData: { ImageId: "ami-1" },
    });
    const { LaunchTemplateVersions = [] } = world.call("DescribeLaunchTemplateVersions", {
      LaunchTemplateName,
      Versions: ["$Latest"],
    });
    expect(
      LaunchTemplateVersions.map((each) => [each.VersionNumber, each.LaunchTemplateData]),
    ).toEqual([[2, { KeyName: "a", ImageId: "ami-1" }]]);
    expect(
      refusalOf(() =>
        world.call("CreateLaunchTemplate", { LaunchTemplateName, LaunchTemplateData: {} }),
      ),
    ).toBe("InvalidLaunchTemplateName.AlreadyExistsException");
    world.call("DeleteLaunchTemplate", { LaunchTemplateName });
    expect(world.call("DescribeLaunchTemplates", {}).LaunchTemplates).toEqual([]);
  });
});
