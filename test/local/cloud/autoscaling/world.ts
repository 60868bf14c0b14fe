/** A small account with an Auto Scaling group behind a load balancer: virtual time, a fixed seed, the SDK's clients in process. */
import { AutoScalingClient, DescribeAutoScalingGroupsCommand } from "@aws-sdk/client-auto-scaling";
import type { AutoScalingGroup, Instance, Tag } from "@aws-sdk/client-auto-scaling";
import { EC2Client } from "@aws-sdk/client-ec2";
import type { AutoScaling } from "../../../../local/cloud/autoscaling/service.ts";
import { createAutoScaling } from "../../../../local/cloud/autoscaling/service.ts";
import type { GroupDeclaration, GroupName } from "../../../../local/cloud/autoscaling/control.ts";
import type { AutoScalingSettings } from "../../../../local/cloud/autoscaling/settings.ts";
import type { Definition } from "../../../../local/cloud/autoscaling/state.ts";
import { createEc2, type Ec2 } from "../../../../local/cloud/ec2/service.ts";
import type { Ec2Settings } from "../../../../local/cloud/ec2/settings.ts";
import { type ClassicElb, createClassicElb } from "../../../../local/cloud/elb/classic.ts";
import { type Elb, createElb } from "../../../../local/cloud/elb/service.ts";
import { seededMarket } from "../../../../local/cloud/market/seeded.ts";
import { localClient } from "../../../../local/wire/front/client-config.ts";
import { createFixture, type Fixture } from "../cloud-fixture.ts";

const accountId = "222233334444";
const region = "us-east-1";

export interface GroupOptions {
  readonly min?: number;
  readonly max?: number;
  readonly size?: number;
  /** How many of the region's zones it has. Default 2. */
  readonly zones?: number;
  readonly definition?: Partial<Definition>;
  readonly tags?: readonly Tag[];
  readonly hooks?: GroupDeclaration["hooks"];
  /** Hours for which each member has been running. */
  readonly ages?: readonly number[];
  /** Without a load balancer. */
  readonly isUnbalanced?: boolean;
}

export interface World extends Fixture {
  readonly ec2Service: Ec2;
  readonly elb: Elb;
  readonly classicElb: ClassicElb;
  readonly autoScaling: AutoScaling;
  readonly name: GroupName;
  readonly targetGroupArn: string;
  readonly loadBalancerArn: string;
  readonly imageId: string;
  readonly templateId: string;
  readonly client: AutoScalingClient;
  readonly ec2Client: EC2Client;
  /** Lets that many seconds pass. */
  pass(seconds: number): Promise<void>;
  group(): Promise<AutoScalingGroup>;
  members(): Promise<readonly Instance[]>;
  /** State and health of a member, or `absent`. */
  stateOf(instanceId: string): Promise<string>;
  /** An instance outside of the group that runs. Default: in the group's first zone. */
  outsider(input?: { readonly zone?: string; readonly lifecycle?: "spot" }): string;
}

export const createWorld = (
  options: GroupOptions = {},
  settings: Partial<AutoScalingSettings> = {},
  ec2Settings: Partial<Ec2Settings> = {},
): World => {
  const fixture = createFixture({ throttle: false });
  const { cloud, clock } = fixture;
  const market = seededMarket({ seed: 7, outageFactor: 0 });
  const ec2Service = createEc2(cloud, {
    market,
    settings: { visibilityMs: [0, 0], jitter: 0, checksMs: 30_000, ...ec2Settings },
  });
  const { control } = ec2Service;
  control.addAccount(accountId, [region]);
  const elb = createElb(cloud, control.directory);
  const classicElb = createClassicElb(cloud);
  const autoScaling = createAutoScaling(
    cloud,
    { fleet: control.fleet, targets: elb.membership, classic: classicElb.membership },
    settings,
  );
  cloud.serve({ ...ec2Service, operations: ec2Service.operations }, elb, classicElb, autoScaling);
  const place = { accountId, region };
  const subnets = control.fleet.subnets(place).slice(0, options.zones ?? 2);
  const size = options.size ?? 4;
  const members = Array.from({ length: size }, (_, index) => {
    const subnetId = subnets[index % subnets.length]?.id ?? "";
    const ageHours = options.ages?.[index] ?? 720;
    return control.addInstance({ ...place, instanceType: "m5.large", subnetId, ageHours });
  });
  const imageId =
    control.find(members[0] ?? control.addInstance({ ...place, instanceType: "m5.large" }))
      ?.imageId ?? "";
  const template = control.fleet.addTemplate(place, {
    name: "web",
    data: { ImageId: imageId, InstanceType: "m5.large" },
  });
  const vpcId = subnets[0]?.vpcId ?? "";
  const loadBalancerArn = elb.addLoadBalancer({ ...place, name: "web", vpcId });
  const targetGroupArn = elb.addTargetGroup({
    ...place,
    name: "web",
    vpcId,
    port: 80,
    deregistrationDelaySeconds: 60,
    healthyAfterSeconds: 20,
    loadBalancerArn,
  });
  const name = { ...place, name: "web" };
  autoScaling.control.addGroup({
    ...name,
    min: options.min ?? 1,
    max: options.max ?? 10,
    members,
    tags: options.tags ?? [],
    hooks: options.hooks ?? [],
    definition: {
      LaunchTemplate: { LaunchTemplateId: template.id, Version: "$Latest" },
      VPCZoneIdentifier: subnets.map(({ id }) => id).join(","),
      ...(options.isUnbalanced !== true && { TargetGroupARNs: [targetGroupArn] }),
      ...options.definition,
    },
  });
  const user = cloud.identities.addUser({ accountId, name: "owner" });
  const access = { region, credentials: user, front: "in-process" as const };
  const client = localClient(AutoScalingClient, cloud, access);
  const group = async (): Promise<AutoScalingGroup> => {
    const { AutoScalingGroups: groups = [] } = await client.send(
      new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: ["web"] }),
    );
    const [found] = groups;
    if (found === undefined) throw new Error("The group is gone.");
    return found;
  };
  const all = async (): Promise<readonly Instance[]> => (await group()).Instances ?? [];
  return {
    ...fixture,
    ec2Service,
    elb,
    classicElb,
    autoScaling,
    name,
    targetGroupArn,
    loadBalancerArn,
    imageId,
    templateId: template.id,
    client,
    ec2Client: localClient(EC2Client, cloud, access),
    pass: (seconds) => clock.run({ atMostMs: clock.now() + seconds * 1000 }),
    group,
    members: all,
    stateOf: async (instanceId) => {
      const found = (await all()).find(({ InstanceId: id }) => id === instanceId);
      return found === undefined
        ? "absent"
        : `${found.LifecycleState ?? ""} ${found.HealthStatus ?? ""}`;
    },
    outsider: ({ zone = subnets[0]?.zoneName ?? "", lifecycle } = {}) =>
      control.addInstance({
        ...place,
        instanceType: "m5.xlarge",
        zone,
        ...(lifecycle !== undefined && { lifecycle }),
      }),
  };
};
