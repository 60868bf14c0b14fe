/** Security groups: made, described, freed of their outbound rules, deleted. */
import type {
  CreateSecurityGroupCommandInput,
  CreateSecurityGroupResult,
  DeleteSecurityGroupCommandInput,
  DeleteSecurityGroupResult,
  DescribeSecurityGroupRulesCommandInput,
  DescribeSecurityGroupRulesResult,
  DescribeSecurityGroupsCommandInput,
  DescribeSecurityGroupsResult,
  IpPermission,
  RevokeSecurityGroupEgressCommandInput,
  RevokeSecurityGroupEgressResult,
  SecurityGroup as SecurityGroupView,
} from "@aws-sdk/client-ec2";
import type { Call } from "../contract.ts";
import { findOne, newId, selectVisible, tagList, tagsFor, type Ec2Context } from "./context.ts";
import { applyFilters, tagFields, type Fields } from "./filters.ts";
import { paginate } from "./paging.ts";
import { kinds, refuse, required } from "./refusals.ts";
import { regionOf } from "./regions.ts";
import { defaultGroup, outboundAtFirst } from "./security-group-records.ts";
import type { RegionState, SecurityGroup, SecurityGroupRule } from "./state.ts";
import { visibleFrom } from "./visibility.ts";

/** Protocol and ports: rules that have these in common are shown as one permission. */
type Passage = Pick<SecurityGroupRule, "protocol" | "fromPort" | "toPort">;

const passageKey = ({ protocol, fromPort, toPort }: Passage): string =>
  [protocol, fromPort ?? "", toPort ?? ""].join("/");

const ruleKey = (rule: Omit<SecurityGroupRule, "id">): string => `${passageKey(rule)} ${rule.peer}`;

const isGroup = (peer: string): boolean => peer.startsWith(kinds.securityGroup.prefix);

const permissionOf = (
  region: RegionState,
  { protocol, fromPort, toPort }: Passage,
  peers: readonly string[],
): IpPermission => {
  const ranges = peers.filter((peer) => !isGroup(peer));
  return {
    IpProtocol: protocol,
    ...(fromPort === undefined ? {} : { FromPort: fromPort }),
    ...(toPort === undefined ? {} : { ToPort: toPort }),
    IpRanges: ranges.filter((peer) => !peer.includes(":")).map((CidrIp) => ({ CidrIp })),
    Ipv6Ranges: ranges.filter((peer) => peer.includes(":")).map((CidrIpv6) => ({ CidrIpv6 })),
    UserIdGroupPairs: peers
      .filter(isGroup)
      .map((GroupId) => ({ GroupId, UserId: region.accountId })),
    PrefixListIds: [],
  };
};

const permissionsOf = (
  region: RegionState,
  rules: readonly SecurityGroupRule[],
): IpPermission[] => {
  const passages = new Map(rules.map((rule) => [passageKey(rule), rule]));
  return [...passages].map(([key, passage]) =>
    permissionOf(
      region,
      passage,
      rules.filter((rule) => passageKey(rule) === key).map(({ peer }) => peer),
    ),
  );
};

/** The rules that a permission of a request means. */
const keysOf = ({ IpProtocol = "", FromPort, ToPort, ...peers }: IpPermission): string[] =>
  [
    ...(peers.IpRanges ?? []).map(({ CidrIp }) => CidrIp),
    ...(peers.Ipv6Ranges ?? []).map(({ CidrIpv6 }) => CidrIpv6),
    ...(peers.UserIdGroupPairs ?? []).map(({ GroupId }) => GroupId),
    ...(peers.PrefixListIds ?? []).map(({ PrefixListId }) => PrefixListId),
  ].map((peer = "") => ruleKey({ protocol: IpProtocol, fromPort: FromPort, toPort: ToPort, peer }));

const arnOf = (region: RegionState, id: string): string =>
  `arn:aws:ec2:${region.region}:${region.accountId}:security-group/${id}`;

const view = (region: RegionState, group: SecurityGroup): SecurityGroupView => ({
  GroupId: group.id,
  GroupName: group.name,
  Description: group.description,
  OwnerId: region.accountId,
  VpcId: region.vpcId,
  SecurityGroupArn: arnOf(region, group.id),
  IpPermissions: permissionsOf(region, group.ingress),
  IpPermissionsEgress: permissionsOf(region, group.egress),
  Tags: tagList(group.tags),
});

/** Those of the API's filters that are about the group itself. Source: EC2 API reference, DescribeSecurityGroups. */
const fieldsOf = (region: RegionState): Fields<SecurityGroup> => ({
  ...tagFields<SecurityGroup>(),
  description: ({ description }) => description,
  "group-id": ({ id }) => id,
  "group-name": ({ name }) => name,
  "owner-id": () => region.accountId,
  "vpc-id": () => region.vpcId,
});

/**
 * "Constraints: Up to 255 characters in length. … Valid characters: a-z, A-Z, 0-9, spaces, and ._-:/()#,@[]+=&;{}!$*"; a name "can't
 * start with sg-". Source: EC2 API reference, CreateSecurityGroup.
 */
const allowed = /^[a-zA-Z0-9 ._\-:/()#,@[\]+=&;{}!$*]{1,255}$/;

const checkWords = (words: Readonly<Record<string, string>>): void => {
  for (const [parameter, value] of Object.entries(words)) {
    if (allowed.test(value)) continue;
    throw refuse(
      "InvalidParameterValue",
      `Value (${value}) for parameter ${parameter} is invalid. Character sets beyond ASCII are not supported, and 255 characters at most.`,
    );
  }
};

const checkName = (region: RegionState, name: string): void => {
  if (isGroup(name)) {
    throw refuse(
      "InvalidParameterValue",
      `Value (${name}) for parameter GroupName is invalid. Group names may not be in the format sg-*.`,
    );
  }
  // "A security group name must be unique for the VPC", whatever reads see of the other one yet. Source: the same; "Error codes".
  if ([...region.securityGroups.values()].some((group) => group.name === name)) {
    throw refuse(
      "InvalidGroup.Duplicate",
      `The security group '${name}' already exists for VPC '${region.vpcId}'`,
    );
  }
};

/** "Required for a nondefault VPC", and the simulated one is not a default VPC. Source: the same; "Error codes", VPCIdNotSpecified. */
const checkVpc = (region: RegionState, vpcId: string | undefined): void => {
  if (vpcId === region.vpcId) return;
  throw vpcId === undefined
    ? refuse("VPCIdNotSpecified", "No default VPC for this user")
    : refuse("InvalidVpcID.NotFound", `The vpc ID '${vpcId}' does not exist`);
};

const createSecurityGroup =
  (context: Ec2Context) =>
  (call: Call, input: CreateSecurityGroupCommandInput): CreateSecurityGroupResult => {
    const region = regionOf(context, call);
    const name = required(input.GroupName, "GroupName");
    const description = required(input.Description, "GroupDescription");
    checkWords({ GroupName: name, GroupDescription: description });
    checkVpc(region, input.VpcId);
    checkName(region, name);
    const tags = tagsFor(input.TagSpecifications, "security-group");
    const atMs = context.clock.now();
    const id = newId(context, "sg-");
    region.securityGroups.set(id, {
      id,
      createdAt: atMs,
      visibleAt: visibleFrom(context, atMs),
      tags,
      name,
      description,
      isDeclared: false,
      ingress: [],
      egress: outboundAtFirst(context, region, id),
    });
    return { GroupId: id, SecurityGroupArn: arnOf(region, id), Tags: tagList(tags) };
  };

const describeSecurityGroups =
  (context: Ec2Context) =>
  (call: Call, input: DescribeSecurityGroupsCommandInput): DescribeSecurityGroupsResult => {
    const region = regionOf(context, call);
    const found = applyFilters(
      selectVisible(context, region.securityGroups, {
        kind: kinds.securityGroup,
        ids: input.GroupIds,
        filters: input.Filters,
      }),
      input.Filters,
      fieldsOf(region),
    );
    const { items, ...next } = paginate(found, input, {
      min: 5,
      max: 1000,
      pageSize: context.settings.pageSize,
    });
    return { SecurityGroups: items.map((group) => view(region, group)), ...next };
  };

const viewRule = ({ id: GroupId, egress }: SecurityGroup, rule: SecurityGroupRule) => {
  const { id, protocol, fromPort, toPort, peer } = rule;
  const range = peer.includes(":") ? { CidrIpv6: peer } : { CidrIpv4: peer };
  return {
    SecurityGroupRuleId: id,
    GroupId,
    IsEgress: egress.includes(rule),
    IpProtocol: protocol,
    // "-1" where the protocol has no ports.
    FromPort: fromPort ?? -1,
    ToPort: toPort ?? -1,
    ...(isGroup(peer) ? { ReferencedGroupInfo: { GroupId: peer } } : range),
  };
};

/** Source: EC2 API reference, DescribeSecurityGroupRules. */
const describeRules =
  (context: Ec2Context) =>
  (call: Call, input: DescribeSecurityGroupRulesCommandInput): DescribeSecurityGroupRulesResult => {
    const region = regionOf(context, call);
    const groups = selectVisible(context, region.securityGroups, {
      kind: kinds.securityGroup,
      ids: undefined,
    });
    const rules = groups.flatMap((group) =>
      [...group.ingress, ...group.egress].map((rule) => viewRule(group, rule)),
    );
    const found = applyFilters(rules, input.Filters, {
      "group-id": ({ GroupId }) => GroupId,
      "security-group-rule-id": ({ SecurityGroupRuleId }) => SecurityGroupRuleId,
    });
    const { items, ...next } = paginate(found, input, {
      min: 5,
      max: 1000,
      pageSize: context.settings.pageSize,
    });
    return { SecurityGroupRules: items, ...next };
  };

/** Those that the request names. @throws CloudError where one of them is not there: then none is removed. */
const rulesNamed = (
  { egress }: SecurityGroup,
  {
    IpPermissions: permissions = [],
    SecurityGroupRuleIds: ids = [],
  }: RevokeSecurityGroupEgressCommandInput,
): ReadonlySet<SecurityGroupRule> => {
  if ((permissions.length === 0) === (ids.length === 0)) {
    throw refuse(
      permissions.length === 0 ? "MissingParameter" : "InvalidParameterCombination",
      "Either 'ipPermissions' or 'securityGroupRuleIds' should be provided, and not both.",
    );
  }
  const byId = ids.map((id) => {
    const rule = egress.find((each) => each.id === id);
    if (rule !== undefined) return rule;
    throw refuse(
      "InvalidSecurityGroupRuleId.NotFound",
      `The security group rule ID '${id}' does not exist`,
    );
  });
  // In a default VPC the call answers what it did not know; elsewhere it is refused. Source: EC2 API reference, RevokeSecurityGroupEgress.
  const byValues = permissions.flatMap(keysOf).map((key) => {
    const rule = egress.find((each) => ruleKey(each) === key);
    if (rule !== undefined) return rule;
    throw refuse(
      "InvalidPermission.NotFound",
      "The specified rule does not exist in this security group.",
    );
  });
  return new Set([...byId, ...byValues]);
};

const revokeEgress =
  (context: Ec2Context) =>
  (call: Call, input: RevokeSecurityGroupEgressCommandInput): RevokeSecurityGroupEgressResult => {
    const region = regionOf(context, call);
    const group = findOne(context, region.securityGroups, {
      kind: kinds.securityGroup,
      id: required(input.GroupId, "GroupId"),
    });
    const gone = rulesNamed(group, input);
    const revoked = [...gone].map((rule) => viewRule(group, rule));
    group.egress = group.egress.filter((rule) => !gone.has(rule));
    return {
      Return: true,
      UnknownIpPermissions: [],
      RevokedSecurityGroupRules: revoked,
    };
  };

/** In use: by an interface, also of an instance that is shutting down, or by a rule of another group. */
const isInUse = (region: RegionState, { id }: SecurityGroup): boolean =>
  [...region.interfaces.values()].some(({ groups }) => groups.includes(id)) ||
  [...region.securityGroups.values()].some(
    (other) =>
      other.id !== id && [...other.ingress, ...other.egress].some(({ peer }) => peer === id),
  );

/**
 * "If you attempt to delete a security group that is associated with an instance or network interface, is referenced by another security
 * group in the same VPC, …, the operation fails with DependencyViolation." Source: EC2 API reference, DeleteSecurityGroup; "Error codes"
 * for CannotDelete.
 */
const deleteSecurityGroup =
  (context: Ec2Context) =>
  (call: Call, input: DeleteSecurityGroupCommandInput): DeleteSecurityGroupResult => {
    const region = regionOf(context, call);
    const group = findOne(context, region.securityGroups, {
      kind: kinds.securityGroup,
      id: required(input.GroupId, "GroupId"),
    });
    if (group.id === defaultGroup(region)) {
      throw refuse(
        "CannotDelete",
        `the specified group: "${group.id}" name: "${group.name}" cannot be deleted by a user`,
      );
    }
    if (isInUse(region, group)) {
      throw refuse("DependencyViolation", `resource ${group.id} has a dependent object`);
    }
    region.securityGroups.delete(group.id);
    return { Return: true, GroupId: group.id };
  };

export const securityGroupOperations = (context: Ec2Context) => ({
  CreateSecurityGroup: createSecurityGroup(context),
  DescribeSecurityGroups: describeSecurityGroups(context),
  DescribeSecurityGroupRules: describeRules(context),
  RevokeSecurityGroupEgress: revokeEgress(context),
  DeleteSecurityGroup: deleteSecurityGroup(context),
});
