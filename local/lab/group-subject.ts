/** An Auto Scaling group in the customer's account, behind a load balancer, and its registration. */
import type { ResponseLaunchTemplateData } from "@aws-sdk/client-ec2";
import { enrolTag } from "../../core/model/tags.ts";
import { targetSchema } from "../../lambdas/api/schemas/targets.ts";
import type { GroupDeclaration, GroupName } from "../cloud/autoscaling/control.ts";
import type { Definition } from "../cloud/autoscaling/state.ts";
import type { Platform } from "../platform/platform.ts";
import type { LabAccount } from "./account.ts";
import { enrolled, type Workload } from "./subject.ts";

type Place = Pick<GroupName, "accountId" | "region">;

export interface GroupDescription {
  /** Of the group, its template, its target group and its load balancer. Default: web. */
  readonly name?: string;
  /** What the members have besides, and the template with it: its key pair. */
  readonly member?: Pick<
    Workload,
    | "disableApiTermination"
    | "elasticIp"
    | "keyName"
    | "kmsKeyId"
    | "placementGroup"
    | "placementStrategy"
    | "rootEncrypted"
  > & {
    readonly tags?: Readonly<Record<string, string>>;
    readonly disableApiStop?: boolean;
  };
  /** What its template says besides image, type and key pair. */
  readonly template?: ResponseLaunchTemplateData;
  /** Members at first. Default 4. */
  readonly size?: number;
  readonly min?: number;
  readonly max?: number;
  /** Zones of the group. Default 2. */
  readonly zones?: number;
  readonly definition?: Partial<Definition>;
  readonly tags?: Readonly<Record<string, string>>;
  /** Tags of what there must be in the account before the group: the stack that made it. */
  readonly tagsIn?: (platform: Platform, place: Place) => Readonly<Record<string, string>>;
  readonly hooks?: NonNullable<GroupDeclaration["hooks"]>;
  /** Of the target group. */
  readonly healthyAfterSeconds?: number;
  readonly deregistrationDelaySeconds?: number;
  readonly slowStartSeconds?: number;
  /** Default: true. */
  readonly isBehindLoadBalancer?: boolean;
}

/** What the owner says of a group when it is registered. */
export interface GroupRegistration {
  /** Overrides as the API takes them. */
  readonly policy?: Readonly<Record<string, unknown>>;
  readonly isShadowMode?: boolean;
}

export interface GroupOfOwner {
  readonly name: GroupName;
  readonly targetGroupArn: string;
  /** One of its members. */
  readonly firstId: string;
}

const defaults = {
  name: "web",
  member: {} as NonNullable<GroupDescription["member"]>,
  size: 4,
  min: 1,
  max: 10,
  zones: 2,
  healthyAfterSeconds: 20,
  deregistrationDelaySeconds: 60,
  isBehindLoadBalancer: true,
  hooks: [],
} as const;

const instanceType = "m5.large";

type Subnets = ReturnType<LabAccount["platform"]["ec2"]["control"]["fleet"]["subnets"]>;

const addMembers = (
  { platform: { ec2 }, accountId, region }: LabAccount,
  subnets: Subnets,
  { size, member }: Required<Pick<GroupDescription, "size" | "member">>,
): readonly string[] =>
  Array.from({ length: size }, (_, index) =>
    ec2.control.addInstance({
      accountId,
      region,
      instanceType,
      subnetId: subnets[index % subnets.length]?.id ?? "",
      ...member,
    }),
  );

const imageOf = ({ platform }: LabAccount, [firstId = ""]: readonly string[]): string => {
  const { imageId } = platform.ec2.control.find(firstId) ?? {};
  if (imageId === undefined) {
    throw new Error("A group of the laboratory needs a member with an image.");
  }
  return imageId;
};

/** A group that has been there for long, all of it On-Demand and in service behind a load balancer. */
export const addGroup = (account: LabAccount, description: GroupDescription): GroupOfOwner => {
  const { platform, accountId, region } = account;
  const { ec2, elb, autoScaling } = platform;
  const place = { accountId, region };
  const described = { ...defaults, ...description };
  const { min, max, zones, hooks, definition, member } = described;
  const { healthyAfterSeconds, deregistrationDelaySeconds, isBehindLoadBalancer } = described;
  const name = { ...place, name: described.name };
  const { fleet } = ec2.control;
  const subnets = fleet.subnets(place, instanceType).slice(0, zones);
  const members = addMembers(account, subnets, described);
  const template = fleet.addTemplate(place, {
    name: name.name,
    data: {
      ImageId: imageOf(account, members),
      InstanceType: instanceType,
      ...(member.keyName === undefined ? {} : { KeyName: member.keyName }),
      ...description.template,
    },
  });
  const vpcId = subnets[0]?.vpcId ?? "";
  const loadBalancerArn = elb.addLoadBalancer({ ...name, vpcId });
  const targetGroupArn = elb.addTargetGroup({
    ...name,
    vpcId,
    port: 80,
    deregistrationDelaySeconds,
    healthyAfterSeconds,
    ...(description.slowStartSeconds === undefined
      ? {}
      : { slowStartSeconds: description.slowStartSeconds }),
    loadBalancerArn,
    tags: enrolled,
  });
  const tags = {
    [enrolTag.key]: enrolTag.value,
    ...description.tags,
    ...description.tagsIn?.(platform, place),
  };
  autoScaling.control.addGroup({
    ...name,
    min,
    max,
    members,
    tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value, PropagateAtLaunch: false })),
    hooks,
    definition: {
      LaunchTemplate: { LaunchTemplateId: template.id, Version: "$Latest" },
      VPCZoneIdentifier: subnets.map(({ id }) => id).join(","),
      ...(isBehindLoadBalancer ? { TargetGroupARNs: [targetGroupArn] } : {}),
      ...definition,
    },
  });
  return { name, targetGroupArn, firstId: members[0] ?? "" };
};

/**
 * By its first member.
 * @returns the target's id
 */
export const registerGroup = async (
  { api, platform, accountId }: LabAccount,
  name: GroupName,
  { policy, isShadowMode }: GroupRegistration,
): Promise<string> => {
  const [member] = platform.autoScaling.control.find(name)?.members ?? [];
  if (member === undefined) throw new Error(`Group ${name.name} has no member.`);
  const target = await api.post("/lab/instances", targetSchema, {
    account_id: accountId,
    instance_id: member.instanceId,
    instance_type: member.instanceType,
    availability_zone: member.zoneName,
    pipeline_mode: "CLUSTER",
    metadata: { asg_name: name.name },
    is_shadow_mode: isShadowMode ?? false,
    ...(policy === undefined ? {} : { policy_overrides: policy }),
  });
  return target.target_id;
};
