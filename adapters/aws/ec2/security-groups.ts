/**
 * Security groups that we make: one without rules, in which a replacement can reach nobody and be reached by nobody; and the groups of an
 * interface.
 */
import {
  CreateSecurityGroupCommand,
  DeleteSecurityGroupCommand,
  DescribeSecurityGroupsCommand,
  ModifyNetworkInterfaceAttributeCommand,
  RevokeSecurityGroupEgressCommand,
  type EC2Client,
  type Filter,
  type IpPermission,
  type SecurityGroup,
} from "@aws-sdk/client-ec2";
import { SpotOptimizerError } from "../../../core/errors.ts";
import { acted, doneBefore, type Acted } from "../acted.ts";
import { isNotFound } from "../error-codes.ts";
import { readAllPages } from "../paging.ts";
import { required } from "../required.ts";
import { callAws, expectRefusal } from "../translate-error.ts";
import { largestPage, tagList, tagRecord } from "./describe.ts";

export interface SecurityGroupFacts {
  readonly groupId: string;
  readonly name: string;
  readonly vpcId: string;
  readonly tags: Readonly<Record<string, string>>;
  /** Outbound rules as EC2 shows them; a new group has one or two, which let everything out. */
  readonly egress: readonly IpPermission[];
  readonly ingress: readonly IpPermission[];
}

const toFacts = (found: SecurityGroup): SecurityGroupFacts => {
  const groupId = required(found.GroupId, "a security group's id");
  return {
    groupId,
    name: required(found.GroupName, `the name of ${groupId}`),
    vpcId: required(found.VpcId, `the VPC of ${groupId}`),
    tags: tagRecord(found.Tags),
    // What is not said is not known: only a list can say that there is no rule.
    egress: required(found.IpPermissionsEgress, `the outbound rules of ${groupId}`),
    ingress: required(found.IpPermissions, `the inbound rules of ${groupId}`),
  };
};

const describeGroups = async (
  ec2: EC2Client,
  { resource, filters }: { readonly resource: string; readonly filters: Filter[] },
): Promise<readonly SecurityGroupFacts[]> => {
  const groups = await readAllPages({
    fetch: (token) =>
      callAws({ action: "DescribeSecurityGroups", resource }, () =>
        ec2.send(
          new DescribeSecurityGroupsCommand({
            Filters: filters,
            MaxResults: largestPage,
            NextToken: token,
          }),
        ),
      ),
    items: (page) => page.SecurityGroups,
    next: (page) => page.NextToken,
  });
  return groups.map(toFacts);
};

/** Those of the groups that EC2 shows; one that was made a moment ago may not be among them yet. */
export const readSecurityGroups = async (
  ec2: EC2Client,
  groupIds: readonly string[],
): Promise<readonly SecurityGroupFacts[]> =>
  groupIds.length === 0
    ? []
    : describeGroups(ec2, {
        resource: groupIds.join(" "),
        filters: [{ Name: "group-id", Values: [...groupIds] }],
      });

/** By its name, which only one in the VPC has. Undefined when EC2 does not show it (not yet, or no longer). */
export const findSecurityGroup = async (
  ec2: EC2Client,
  { name, vpcId }: { readonly name: string; readonly vpcId: string },
): Promise<SecurityGroupFacts | undefined> => {
  const found = await describeGroups(ec2, {
    resource: `${name} in ${vpcId}`,
    filters: [
      { Name: "group-name", Values: [name] },
      { Name: "vpc-id", Values: [vpcId] },
    ],
  });
  // A filter takes `*` and `?` for any characters.
  return found.find((group) => group.name === name);
};

/** Those of the region that carry the tag. */
export const findTaggedSecurityGroups = (
  ec2: EC2Client,
  { key, value }: { readonly key: string; readonly value: string },
): Promise<readonly SecurityGroupFacts[]> =>
  describeGroups(ec2, {
    resource: value,
    filters: [{ Name: `tag:${key}`, Values: [value] }],
  });

/**
 * Makes the group; it lets everything out until `removeEgress`. EC2 takes no client token here: the name, which only one group of the VPC
 * can have, makes a repetition the same call, and answers the id of the one that is there. Whose that is, its tags say: the caller looks.
 * @throws RetryableNotVisible where there is one of that name which EC2 does not show yet
 */
export const createIsolationGroup = async (
  ec2: EC2Client,
  input: {
    /** 255 characters at most; not beginning with `sg-`. */
    readonly name: string;
    readonly description: string;
    readonly vpcId: string;
    readonly tags: Readonly<Record<string, string>>;
  },
): Promise<Acted & { readonly groupId: string }> => {
  const { name, vpcId } = input;
  const resource = `${name} in ${vpcId}`;
  try {
    const answer = await callAws({ action: "CreateSecurityGroup", resource }, () =>
      ec2.send(
        new CreateSecurityGroupCommand({
          GroupName: name,
          Description: input.description,
          VpcId: vpcId,
          TagSpecifications: [{ ResourceType: "security-group", Tags: tagList(input.tags) }],
        }),
      ),
    );
    return { ...acted(answer), groupId: required(answer.GroupId, `the id of ${name}`) };
  } catch (error) {
    const refused = expectRefusal(error, (code) => code === "InvalidGroup.Duplicate");
    const there = await findSecurityGroup(ec2, { name, vpcId });
    if (there !== undefined) return { ...doneBefore(refused), groupId: there.groupId };
    throw new SpotOptimizerError(
      "RetryableNotVisible",
      `The security group's name ${name} is taken in ${vpcId}, and EC2 does not show the group yet.`,
      { resource, code: refused.code, cause: error },
    );
  }
};

/**
 * Revokes all outbound rules that a reading of the group showed: at least one. The answer is not the proof: "AWS recommends that you describe the security group to verify that the rules were removed" (EC2 API reference,
 * RevokeSecurityGroupEgress).
 * @throws RetryableNotVisible where EC2 does not know the group yet, or has other rules by now: read it again
 */
export const removeEgress = async (
  ec2: EC2Client,
  { groupId, egress }: Pick<SecurityGroupFacts, "groupId" | "egress">,
): Promise<Acted> => {
  try {
    return acted(
      await callAws(
        {
          action: "RevokeSecurityGroupEgress",
          resource: groupId,
          notFoundMeans: "not-visible",
        },
        () =>
          ec2.send(
            new RevokeSecurityGroupEgressCommand({ GroupId: groupId, IpPermissions: [...egress] }),
          ),
      ),
    );
  } catch (error) {
    const refused = expectRefusal(error, (code) => code === "InvalidPermission.NotFound");
    const [now] = await readSecurityGroups(ec2, [groupId]);
    if (now?.egress.length !== 0) throw error;
    return doneBefore(refused);
  }
};

/**
 * Deletes a group that was seen. One that neither the call nor a reading finds is gone, and that is done.
 * @throws RetryableContention while an interface has it (also one of an instance that is shutting down), or another group's rule names it;
 * RetryableNotVisible where a reading shows it and the call does not know it
 */
export const deleteSecurityGroup = async (ec2: EC2Client, groupId: string): Promise<Acted> => {
  try {
    return acted(
      await callAws(
        { action: "DeleteSecurityGroup", resource: groupId, notFoundMeans: "not-visible" },
        () => ec2.send(new DeleteSecurityGroupCommand({ GroupId: groupId })),
      ),
    );
  } catch (error) {
    const refused = expectRefusal(error, isNotFound);
    const [shown] = await readSecurityGroups(ec2, [groupId]);
    if (shown !== undefined) throw error;
    return doneBefore(refused);
  }
};

/** From now on the interface is in these groups, and in no other. May be said twice. */
export const setInterfaceGroups = async (
  ec2: EC2Client,
  input: { readonly networkInterfaceId: string; readonly groupIds: readonly string[] },
): Promise<Acted> => {
  const { networkInterfaceId, groupIds } = input;
  const about = { action: "ModifyNetworkInterfaceAttribute", resource: networkInterfaceId };
  return acted(
    await callAws(about, () =>
      ec2.send(
        new ModifyNetworkInterfaceAttributeCommand({
          NetworkInterfaceId: networkInterfaceId,
          Groups: [...groupIds],
        }),
      ),
    ),
  );
};
