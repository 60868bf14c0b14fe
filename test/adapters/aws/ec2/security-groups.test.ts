import { beforeEach, describe, expect, it } from "@jest/globals";
import {
  CreateSecurityGroupCommand,
  DeleteSecurityGroupCommand,
  DescribeSecurityGroupsCommand,
  EC2Client,
  ModifyNetworkInterfaceAttributeCommand,
  RevokeSecurityGroupEgressCommand,
  type SecurityGroup,
} from "@aws-sdk/client-ec2";
import { mockClient } from "aws-sdk-client-mock";
import {
  createIsolationGroup,
  deleteSecurityGroup,
  findSecurityGroup,
  findTaggedSecurityGroups,
  readSecurityGroups,
  removeEgress,
  setInterfaceGroups,
} from "../../../../adapters/aws/ec2/security-groups.ts";
import { awsError, metadata } from "../aws-error.ts";

const ec2 = new EC2Client({ region: "eu-central-1" });
const mock = mockClient(ec2);

const everywhere = { IpProtocol: "-1", IpRanges: [{ CidrIp: "0.0.0.0/0" }] };

const group = (change: Partial<SecurityGroup> = {}): SecurityGroup => ({
  GroupId: "sg-1",
  GroupName: "isolation",
  VpcId: "vpc-1",
  Tags: [{ Key: "run", Value: "1" }],
  IpPermissions: [],
  IpPermissionsEgress: [everywhere],
  ...change,
});

const facts = {
  groupId: "sg-1",
  name: "isolation",
  vpcId: "vpc-1",
  tags: { run: "1" },
  egress: [everywhere],
  ingress: [],
};

const shows = (...groups: readonly SecurityGroup[]): void => {
  mock.on(DescribeSecurityGroupsCommand).resolves({ SecurityGroups: [...groups] });
};

const filtersAsked = () =>
  mock.commandCalls(DescribeSecurityGroupsCommand)[0]?.args[0].input.Filters;

beforeEach(() => {
  mock.reset();
});

describe("the reading of security groups", () => {
  it("is by ids, of those that are there, and of all pages", async () => {
    mock
      .on(DescribeSecurityGroupsCommand)
      .resolvesOnce({ SecurityGroups: [group()], NextToken: "more" })
      .resolvesOnce({ SecurityGroups: [group({ GroupId: "sg-2", IpPermissionsEgress: [] })] });
    await expect(readSecurityGroups(ec2, ["sg-1", "sg-2", "sg-3"])).resolves.toEqual([
      facts,
      { ...facts, groupId: "sg-2", egress: [] },
    ]);
    expect(filtersAsked()).toEqual([{ Name: "group-id", Values: ["sg-1", "sg-2", "sg-3"] }]);
  });

  it("of none asks nothing", async () => {
    await expect(readSecurityGroups(ec2, [])).resolves.toEqual([]);
    expect(mock.calls()).toHaveLength(0);
  });

  it("does not take for no rule what is not said", async () => {
    shows({ ...group(), IpPermissionsEgress: undefined });
    await expect(readSecurityGroups(ec2, ["sg-1"])).rejects.toMatchObject({ name: "BrokenFacts" });
  });

  it("is by name and VPC, where the name is not a pattern", async () => {
    shows(group({ GroupId: "sg-2", GroupName: "isolation-2" }), group());
    await expect(findSecurityGroup(ec2, { name: "isolation", vpcId: "vpc-1" })).resolves.toEqual(
      facts,
    );
    expect(filtersAsked()).toEqual([
      { Name: "group-name", Values: ["isolation"] },
      { Name: "vpc-id", Values: ["vpc-1"] },
    ]);
    await expect(
      findSecurityGroup(ec2, { name: "isolation*", vpcId: "vpc-1" }),
    ).resolves.toBeUndefined();
  });

  it("is by tag", async () => {
    shows(group());
    await expect(findTaggedSecurityGroups(ec2, { key: "run", value: "1" })).resolves.toEqual([
      facts,
    ]);
    expect(filtersAsked()).toEqual([{ Name: "tag:run", Values: ["1"] }]);
  });
});

describe("the making of a group", () => {
  const wanted = {
    name: "isolation",
    description: "Without rules",
    vpcId: "vpc-1",
    tags: { run: "1" },
  };

  it("says what it is for, and tags it", async () => {
    mock.on(CreateSecurityGroupCommand).resolves({ GroupId: "sg-1", $metadata: metadata("r1") });
    await expect(createIsolationGroup(ec2, wanted)).resolves.toEqual({
      groupId: "sg-1",
      requestId: "r1",
    });
    expect(mock.commandCalls(CreateSecurityGroupCommand)[0]?.args[0].input).toEqual({
      GroupName: "isolation",
      Description: "Without rules",
      VpcId: "vpc-1",
      TagSpecifications: [{ ResourceType: "security-group", Tags: [{ Key: "run", Value: "1" }] }],
    });
  });

  it("answers the one of that name that is there", async () => {
    mock.on(CreateSecurityGroupCommand).rejects(awsError("InvalidGroup.Duplicate"));
    shows(group());
    const made = await createIsolationGroup(ec2, wanted);
    expect(made.groupId).toBe("sg-1");
    expect(made.doneBefore).toContain("It was found done.");
  });

  it("is asked for again where the one of that name is not shown yet", async () => {
    mock.on(CreateSecurityGroupCommand).rejects(awsError("InvalidGroup.Duplicate"));
    shows();
    await expect(createIsolationGroup(ec2, wanted)).rejects.toMatchObject({
      name: "RetryableNotVisible",
      message: expect.stringContaining("isolation is taken in vpc-1"),
    });
  });

  it.each([
    ["SecurityGroupLimitExceeded", "BrokenQuota"],
    ["UnauthorizedOperation", "BrokenPermission"],
    ["InvalidVpcID.NotFound", "BrokenNotFound"],
  ])("that EC2 refuses with %s is %s", async (code, name) => {
    mock.on(CreateSecurityGroupCommand).rejects(awsError(code));
    await expect(createIsolationGroup(ec2, wanted)).rejects.toMatchObject({ name, code });
  });
});

describe("the removal of outbound rules", () => {
  it("names all that the reading showed", async () => {
    mock.on(RevokeSecurityGroupEgressCommand).resolves({ $metadata: metadata("r1") });
    await expect(removeEgress(ec2, facts)).resolves.toEqual({ requestId: "r1" });
    expect(mock.commandCalls(RevokeSecurityGroupEgressCommand)[0]?.args[0].input).toEqual({
      GroupId: "sg-1",
      IpPermissions: [everywhere],
    });
  });

  it("is done where a new reading shows none", async () => {
    mock.on(RevokeSecurityGroupEgressCommand).rejects(awsError("InvalidPermission.NotFound"));
    shows(group({ IpPermissionsEgress: [] }));
    await expect(removeEgress(ec2, facts)).resolves.toMatchObject({
      doneBefore: expect.stringContaining("It was found done."),
    });
  });

  it.each([
    ["other rules", "InvalidPermission.NotFound", [group()]],
    ["nothing", "InvalidPermission.NotFound", []],
    ["nothing of the group", "InvalidGroup.NotFound", []],
  ])("is asked for again where EC2 shows %s (%s)", async (_case, code, groups) => {
    mock.on(RevokeSecurityGroupEgressCommand).rejects(awsError(code));
    shows(...groups);
    await expect(removeEgress(ec2, facts)).rejects.toMatchObject({ name: "RetryableNotVisible" });
  });
});

describe("the deletion of a group", () => {
  it("is one call", async () => {
    mock.on(DeleteSecurityGroupCommand).resolves({ $metadata: metadata("r1") });
    await expect(deleteSecurityGroup(ec2, "sg-1")).resolves.toEqual({ requestId: "r1" });
    expect(mock.commandCalls(DeleteSecurityGroupCommand)[0]?.args[0].input).toEqual({
      GroupId: "sg-1",
    });
  });

  it("of one that is gone is done", async () => {
    mock.on(DeleteSecurityGroupCommand).rejects(awsError("InvalidGroup.NotFound"));
    shows();
    await expect(deleteSecurityGroup(ec2, "sg-1")).resolves.toMatchObject({
      doneBefore: expect.stringContaining("It was found done."),
    });
  });

  it("of one that a reading shows is asked for again", async () => {
    mock.on(DeleteSecurityGroupCommand).rejects(awsError("InvalidGroup.NotFound"));
    shows(group());
    await expect(deleteSecurityGroup(ec2, "sg-1")).rejects.toMatchObject({
      name: "RetryableNotVisible",
    });
  });

  it("waits for what still uses it", async () => {
    mock.on(DeleteSecurityGroupCommand).rejects(awsError("DependencyViolation"));
    await expect(deleteSecurityGroup(ec2, "sg-1")).rejects.toMatchObject({
      name: "RetryableContention",
      code: "DependencyViolation",
    });
  });
});

describe("the groups of an interface", () => {
  it("are replaced by one call", async () => {
    mock.on(ModifyNetworkInterfaceAttributeCommand).resolves({ $metadata: metadata("r1") });
    await expect(
      setInterfaceGroups(ec2, { networkInterfaceId: "eni-1", groupIds: ["sg-1", "sg-2"] }),
    ).resolves.toEqual({ requestId: "r1" });
    expect(mock.commandCalls(ModifyNetworkInterfaceAttributeCommand)[0]?.args[0].input).toEqual({
      NetworkInterfaceId: "eni-1",
      Groups: ["sg-1", "sg-2"],
    });
  });

  it("that are not there are not found", async () => {
    mock.on(ModifyNetworkInterfaceAttributeCommand).rejects(awsError("InvalidGroup.NotFound"));
    await expect(
      setInterfaceGroups(ec2, { networkInterfaceId: "eni-1", groupIds: ["sg-gone"] }),
    ).rejects.toMatchObject({ name: "BrokenNotFound" });
  });
});
