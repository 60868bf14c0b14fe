/** An Auto Scaling group in a customer's account: its members, its launch template, its load balancer. */
import type { ResponseLaunchTemplateData } from "@aws-sdk/client-ec2";
import { enrolTag } from "../../core/model/tags.ts";
import type { GroupDeclaration, GroupName } from "../cloud/autoscaling/control.ts";
import type { Definition } from "../cloud/autoscaling/state.ts";
import type { InstanceDeclaration } from "../cloud/ec2/scenario-instance.ts";
import type { Platform } from "./platform.ts";

type Place = Pick<GroupName, "accountId" | "region">;

/** Where the group is. */
export interface Surroundings extends Place {
  readonly platform: Platform;
}

/** What the owner lets us touch. */
export const enrolled = { [enrolTag.key]: enrolTag.value } as const;

export interface GroupDescription {
  /** Of the group, its template, its target group and its load balancer. Default: web. */
  readonly name?: string;
  /** What the members have besides, and the template with it: its key pair. */
  readonly member?: Pick<
    InstanceDeclaration,
    | "disableApiTermination"
    | "elasticIp"
    | "keyName"
    | "kmsKeyId"
    | "placementGroup"
    | "placementStrategy"
    | "rootEncrypted"
    | "userData"
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
  /** Of the load balancer. Default: application. */
  readonly balancerType?: "application" | "network";
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
  balancerType: "application",
  hooks: [],
} as const;

const instanceType = "m5.large";

type Subnets = ReturnType<Platform["ec2"]["control"]["fleet"]["subnets"]>;

const addMembers = (
  { platform: { ec2 }, accountId, region }: Surroundings,
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

const imageOf = ({ platform }: Surroundings, [firstId = ""]: readonly string[]): string => {
  const { imageId } = platform.ec2.control.find(firstId) ?? {};
  if (imageId === undefined) {
    throw new Error("A group needs a member with an image.");
  }
  return imageId;
};

/** A group that has been there for long, all of it On-Demand and in service behind a load balancer. */
export const addGroup = (account: Surroundings, description: GroupDescription): GroupOfOwner => {
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
  const loadBalancerArn = elb.addLoadBalancer({ ...name, vpcId, type: described.balancerType });
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
    ...enrolled,
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
