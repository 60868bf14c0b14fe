import type { CreateSecurityGroupCommandInput, IpPermission } from "@aws-sdk/client-ec2";
import { describe, expect, it } from "@jest/globals";
import { slowToShow } from "../../../../local/cloud/ec2/settings.ts";
import {
  account,
  createWorld,
  describeOne,
  present,
  refusalOf,
  region,
  spotLaunchOf,
  type World,
} from "./world.ts";

const everywhere: IpPermission = {
  IpProtocol: "-1",
  IpRanges: [{ CidrIp: "0.0.0.0/0" }],
  Ipv6Ranges: [],
  UserIdGroupPairs: [],
  PrefixListIds: [],
};

const vpcOf = (world: World, instanceId: string): string =>
  present(describeOne(world, instanceId).VpcId);

const create = (
  world: World,
  instanceId: string,
  change: Partial<CreateSecurityGroupCommandInput> = {},
): string =>
  present(
    world.call("CreateSecurityGroup", {
      GroupName: "isolation",
      Description: "Without rules",
      VpcId: vpcOf(world, instanceId),
      ...change,
    }).GroupId,
  );

const shown = (world: World, id: string) =>
  present(world.call("DescribeSecurityGroups", { GroupIds: [id] }).SecurityGroups?.[0]);

const withoutRules = (world: World, instanceId: string): string => {
  const id = create(world, instanceId);
  world.call("RevokeSecurityGroupEgress", { GroupId: id, IpPermissions: [everywhere] });
  return id;
};

/** A replacement in that group. */
const launchInto = (world: World, instanceId: string, group: string): string => {
  const { SubnetId, ...launch } = spotLaunchOf(world, instanceId);
  const answer = world.call("RunInstances", {
    ...launch,
    NetworkInterfaces: [{ DeviceIndex: 0, SubnetId, Groups: [group] }],
  });
  return present(answer.Instances?.[0]?.InstanceId);
};

const interfaceOf = (world: World, instanceId: string) =>
  present(describeOne(world, instanceId).NetworkInterfaces?.[0]);

describe("a security group that is created", () => {
  it("has one rule, which lets everything out by IPv4, and is shown with what was asked for", () => {
    const world = createWorld();
    const original = world.addInstance();
    const id = create(world, original, {
      TagSpecifications: [{ ResourceType: "security-group", Tags: [{ Key: "run", Value: "1" }] }],
    });
    expect(shown(world, id)).toEqual({
      GroupId: id,
      GroupName: "isolation",
      Description: "Without rules",
      OwnerId: account,
      VpcId: vpcOf(world, original),
      SecurityGroupArn: `arn:aws:ec2:${region}:${account}:security-group/${id}`,
      IpPermissions: [],
      IpPermissionsEgress: [everywhere],
      Tags: [{ Key: "run", Value: "1" }],
    });
  });

  it("has a second one where the VPC has IPv6", () => {
    const world = createWorld();
    const original = world.addInstance({ ipv6Count: 1 });
    expect(shown(world, create(world, original)).IpPermissionsEgress).toEqual([
      { ...everywhere, Ipv6Ranges: [{ CidrIpv6: "::/0" }] },
    ]);
  });

  it("has a name that no other of its VPC has, seen or not", () => {
    const world = createWorld(slowToShow);
    const original = world.addInstance();
    create(world, original);
    expect(refusalOf(() => create(world, original))).toBe("InvalidGroup.Duplicate");
    expect(refusalOf(() => create(world, original, { GroupName: "default" }))).toBe(
      "InvalidGroup.Duplicate",
    );
    expect(refusalOf(() => create(world, original, { GroupName: "another" }))).toBe("not refused");
  });

  it.each([
    [{ GroupName: "x".repeat(256) }, "InvalidParameterValue"],
    [{ GroupName: "x".repeat(255) }, "not refused"],
    [{ GroupName: "sg-mine" }, "InvalidParameterValue"],
    [{ GroupName: "Gruppe für alle" }, "InvalidParameterValue"],
    [{ GroupName: undefined }, "MissingParameter"],
    [{ Description: "x".repeat(256) }, "InvalidParameterValue"],
    [{ Description: undefined }, "MissingParameter"],
    [{ VpcId: "vpc-0" }, "InvalidVpcID.NotFound"],
    [{ VpcId: undefined }, "VPCIdNotSpecified"],
  ])("as %j: %s", (change, code) => {
    const world = createWorld();
    const original = world.addInstance();
    expect(refusalOf(() => create(world, original, change))).toBe(code);
  });

  it("is unknown for a moment, to reads, launches and deletions", async () => {
    const world = createWorld({ visibilityMs: [20_000, 20_000], lapseShare: 0 });
    const original = world.addInstance();
    const id = create(world, original);
    const attempts = [
      () => shown(world, id),
      () => launchInto(world, original, id),
      () => world.call("DeleteSecurityGroup", { GroupId: id }),
      () => world.call("RevokeSecurityGroupEgress", { GroupId: id, IpPermissions: [everywhere] }),
    ];
    expect(attempts.map(refusalOf)).toEqual(attempts.map(() => "InvalidGroup.NotFound"));
    await world.pass(20);
    expect(shown(world, id).GroupId).toBe(id);
  });

  it("is found by name, VPC and tag, among the groups that were there before", () => {
    const world = createWorld();
    const original = world.addInstance({ securityGroupIds: ["sg-web"] });
    const id = create(world, original, {
      TagSpecifications: [{ ResourceType: "security-group", Tags: [{ Key: "run", Value: "1" }] }],
    });
    const find = (Name: string, value: string) =>
      world
        .call("DescribeSecurityGroups", { Filters: [{ Name, Values: [value] }] })
        .SecurityGroups?.map(({ GroupName: name }) => name);
    expect(find("group-name", "isolation")).toEqual(["isolation"]);
    expect(find("tag:run", "1")).toEqual(["isolation"]);
    expect(find("group-id", id)).toEqual(["isolation"]);
    expect(find("vpc-id", vpcOf(world, original))).toEqual(["default", "sg-web", "isolation"]);
    expect(refusalOf(() => find("colour", "red"))).toBe("InvalidParameterValue");
  });

  it("is among the account's resources and orphans; what the owner had is not", () => {
    const world = createWorld();
    const original = world.addInstance({ securityGroupIds: ["sg-web"] });
    const id = create(world, original, {
      TagSpecifications: [
        { ResourceType: "security-group", Tags: [{ Key: "ManagedBy", Value: "SpotOptimizer" }] },
      ],
    });
    const ofGroups = ({ kind }: { readonly kind: string }): boolean => kind === "security-group";
    expect(world.ec2.control.resources(account).filter(ofGroups)).toMatchObject([{ id }]);
    expect(world.ec2.control.orphans().map(({ id: each }) => each)).toEqual([id]);
  });
});

describe("its outbound rules", () => {
  it("are revoked by their values or by their ids, and then there is none", () => {
    const world = createWorld();
    const original = world.addInstance();
    const id = create(world, original);
    const { RevokedSecurityGroupRules: revoked } = world.call("RevokeSecurityGroupEgress", {
      GroupId: id,
      IpPermissions: [everywhere],
    });
    expect(revoked).toMatchObject([{ GroupId: id, IsEgress: true, CidrIpv4: "0.0.0.0/0" }]);
    expect(shown(world, id).IpPermissionsEgress).toEqual([]);
    const ruleId = present(revoked?.[0]?.SecurityGroupRuleId);
    expect(
      refusalOf(() =>
        world.call("RevokeSecurityGroupEgress", { GroupId: id, SecurityGroupRuleIds: [ruleId] }),
      ),
    ).toBe("InvalidSecurityGroupRuleId.NotFound");
    const twin = create(world, original, { GroupName: "twin" });
    const rules = world.call("DescribeSecurityGroupRules", {
      Filters: [{ Name: "group-id", Values: [twin] }],
    }).SecurityGroupRules;
    expect(rules).toMatchObject([{ GroupId: twin, IsEgress: true, CidrIpv4: "0.0.0.0/0" }]);
    world.call("RevokeSecurityGroupEgress", {
      GroupId: twin,
      SecurityGroupRuleIds: rules?.flatMap((rule) => rule.SecurityGroupRuleId ?? []),
    });
    expect(
      world.ec2.control.securityGroups(account).filter(({ rules: count }) => count === 0),
    ).toMatchObject([{ groupId: id }, { groupId: twin }]);
  });

  it.each([
    ["a rule that is not there", [{ ...everywhere, IpRanges: [{ CidrIp: "10.0.0.0/8" }] }]],
    ["another protocol", [{ ...everywhere, IpProtocol: "tcp", FromPort: 443, ToPort: 443 }]],
    [
      "one of two",
      [everywhere, { ...everywhere, IpRanges: [], Ipv6Ranges: [{ CidrIpv6: "::/0" }] }],
    ],
  ])("are refused, and all stay, for %s", (_case, IpPermissions) => {
    const world = createWorld();
    const id = create(world, world.addInstance());
    expect(
      refusalOf(() => world.call("RevokeSecurityGroupEgress", { GroupId: id, IpPermissions })),
    ).toBe("InvalidPermission.NotFound");
    expect(shown(world, id).IpPermissionsEgress).toEqual([everywhere]);
  });

  it("must be named, in one way", () => {
    const world = createWorld();
    const GroupId = create(world, world.addInstance());
    const revoke = (named: object): string =>
      refusalOf(() => world.call("RevokeSecurityGroupEgress", { GroupId, ...named }));
    expect(revoke({})).toBe("MissingParameter");
    expect(revoke({ IpPermissions: [everywhere], SecurityGroupRuleIds: ["sgr-1"] })).toBe(
      "InvalidParameterCombination",
    );
  });
});

describe("an instance", () => {
  it("is isolated in a group without rules alone, until its interface gets others", async () => {
    const world = createWorld();
    const original = world.addInstance({ securityGroupIds: ["sg-web"] });
    const id = withoutRules(world, original);
    const isIsolated = (each: string): boolean => world.ec2.control.isIsolated(each);
    const replacement = launchInto(world, original, id);
    await world.pass(25);
    expect([original, replacement].map(isIsolated)).toEqual([false, true]);
    const { NetworkInterfaceId, Groups } = interfaceOf(world, replacement);
    expect(Groups).toEqual([{ GroupId: id, GroupName: "isolation" }]);
    const change = (groups: string[]): string =>
      refusalOf(() =>
        world.call("ModifyNetworkInterfaceAttribute", { NetworkInterfaceId, Groups: groups }),
      );
    expect(change(["sg-unknown"])).toBe("InvalidGroup.NotFound");
    expect(isIsolated(replacement)).toBe(true);
    expect(change([id, "sg-web"])).toBe("not refused");
    expect(isIsolated(replacement)).toBe(false);
    expect(change(["sg-web"])).toBe("not refused");
    expect(describeOne(world, replacement).SecurityGroups).toEqual([
      { GroupId: "sg-web", GroupName: "sg-web" },
    ]);
    const filter = { Name: "instance.group-id", Values: ["sg-web"] };
    expect(world.call("DescribeInstances", { Filters: [filter] }).Reservations).toHaveLength(2);
  });

  it("is not isolated in a group that lets everything out, or in its VPC's own", () => {
    const world = createWorld();
    const original = world.addInstance();
    const isIsolated = (each: string): boolean => world.ec2.control.isIsolated(each);
    expect(isIsolated(launchInto(world, original, create(world, original)))).toBe(false);
    expect(isIsolated(original)).toBe(false);
    expect(() => isIsolated("i-unknown")).toThrow("There is no instance i-unknown.");
  });

  it("is not launched into a group that is not there, nor changed to one", () => {
    const world = createWorld();
    const original = world.addInstance();
    const launch = spotLaunchOf(world, original);
    const InstanceId = original;
    const attempts = [
      () => launchInto(world, original, "sg-unknown"),
      () => world.call("RunInstances", { ...launch, SecurityGroupIds: ["sg-unknown"] }),
      () => world.call("ModifyInstanceAttribute", { InstanceId, Groups: ["sg-unknown"] }),
      () =>
        world.call("CreateNetworkInterface", {
          SubnetId: launch.SubnetId,
          Groups: ["sg-unknown"],
        }),
    ];
    expect(attempts.map(refusalOf)).toEqual(attempts.map(() => "InvalidGroup.NotFound"));
  });
});

describe("the deletion of a security group", () => {
  it("is refused while an interface has it, also one of an instance that is shutting down", async () => {
    const world = createWorld();
    const original = world.addInstance();
    const id = withoutRules(world, original);
    const replacement = launchInto(world, original, id);
    await world.pass(25);
    const remove = (): string =>
      refusalOf(() => world.call("DeleteSecurityGroup", { GroupId: id }));
    expect(remove()).toBe("DependencyViolation");
    world.call("TerminateInstances", { InstanceIds: [replacement] });
    expect(describeOne(world, replacement).State?.Name).toBe("shutting-down");
    expect(remove()).toBe("DependencyViolation");
    await world.pass(120);
    expect(remove()).toBe("not refused");
    expect(remove()).toBe("InvalidGroup.NotFound");
  });

  it("is possible as soon as the interface has other groups", async () => {
    const world = createWorld();
    const original = world.addInstance();
    const id = withoutRules(world, original);
    const replacement = launchInto(world, original, id);
    await world.pass(25);
    world.call("ModifyNetworkInterfaceAttribute", {
      NetworkInterfaceId: interfaceOf(world, replacement).NetworkInterfaceId,
      Groups: interfaceOf(world, original).Groups?.flatMap(({ GroupId }) => GroupId ?? []),
    });
    expect(world.call("DeleteSecurityGroup", { GroupId: id })).toEqual({
      Return: true,
      GroupId: id,
    });
  });

  it("is never of the VPC's own", () => {
    const world = createWorld();
    const original = world.addInstance();
    const GroupId = describeOne(world, original).SecurityGroups?.[0]?.GroupId;
    expect(refusalOf(() => world.call("DeleteSecurityGroup", { GroupId }))).toBe("CannotDelete");
  });
});
