import {
  AutoScalingClient,
  DescribeAccountSettingsCommand,
  DescribeAutoScalingGroupsCommand,
  DescribeInstanceRefreshesCommand,
  DescribeLifecycleHooksCommand,
  DescribePoliciesCommand,
  DescribeScalingActivitiesCommand,
  DescribeScheduledActionsCommand,
  type AutoScalingGroup,
} from "@aws-sdk/client-auto-scaling";
import { CloudFormationClient, DescribeStacksCommand } from "@aws-sdk/client-cloudformation";
import { CloudWatchClient, DescribeAlarmsCommand } from "@aws-sdk/client-cloudwatch";
import {
  DescribeAvailabilityZonesCommand,
  DescribeImagesCommand,
  DescribeInstancesCommand,
  DescribeLaunchTemplateVersionsCommand,
  DescribePlacementGroupsCommand,
  DescribeSpotInstanceRequestsCommand,
  DescribeSubnetsCommand,
  EC2Client,
} from "@aws-sdk/client-ec2";
import {
  DescribeInstanceHealthCommand,
  ElasticLoadBalancingClient,
} from "@aws-sdk/client-elastic-load-balancing";
import {
  DescribeLoadBalancersCommand,
  DescribeTagsCommand,
  DescribeTargetGroupAttributesCommand,
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
  ElasticLoadBalancingV2Client,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { beforeEach, describe, expect, it } from "@jest/globals";
import { mockClient } from "aws-sdk-client-mock";
import { readGroupSince } from "../../../../adapters/aws/autoscaling/group-since.ts";
import {
  readActivities,
  readGroup,
  readLiveGroup,
} from "../../../../adapters/aws/autoscaling/group.ts";
import { changeOfGroup } from "../../../../core/decide/cluster/stale.ts";
import { accountIdSchema } from "../../../../core/model/ids.ts";
import { awsError } from "../aws-error.ts";

const region = "us-east-1";
const clients = {
  autoScaling: new AutoScalingClient({ region }),
  cloudFormation: new CloudFormationClient({ region }),
  cloudWatch: new CloudWatchClient({ region }),
  ec2: new EC2Client({ region }),
  elb: new ElasticLoadBalancingV2Client({ region }),
  classicElb: new ElasticLoadBalancingClient({ region }),
};
const autoScaling = mockClient(clients.autoScaling);
const cloudFormation = mockClient(clients.cloudFormation);
const cloudWatch = mockClient(clients.cloudWatch);
const ec2 = mockClient(clients.ec2);
const elb = mockClient(clients.elb);
const classicElb = mockClient(clients.classicElb);

const [onDemand, onSpot] = ["i-00000000000000001", "i-00000000000000002"];
const started = new Date("2026-03-01T00:00:00Z");

const group: AutoScalingGroup = {
  AutoScalingGroupName: "web",
  AutoScalingGroupARN: "arn:group",
  LaunchTemplate: { LaunchTemplateId: "lt-1", LaunchTemplateName: "web", Version: "$Latest" },
  MinSize: 1,
  MaxSize: 4,
  DesiredCapacity: 2,
  DefaultCooldown: 300,
  AvailabilityZones: ["us-east-1a", "us-east-1b"],
  VPCZoneIdentifier: "subnet-2,subnet-1",
  HealthCheckType: "EC2,ELB",
  HealthCheckGracePeriod: 60,
  DefaultInstanceWarmup: -1,
  MaxInstanceLifetime: 0,
  CreatedTime: started,
  PlacementGroup: "apart",
  TargetGroupARNs: ["arn:tg", "arn:gone"],
  TrafficSources: [
    { Identifier: "arn:tg", Type: "elbv2" },
    { Identifier: "arn:lattice", Type: "vpc-lattice" },
  ],
  LoadBalancerNames: ["old"],
  SuspendedProcesses: [{ ProcessName: "AZRebalance", SuspensionReason: "User suspended at x" }],
  Tags: [
    { Key: "Name", Value: "web", PropagateAtLaunch: true },
    { Key: "team", Value: "shop", PropagateAtLaunch: false },
  ],
  InstanceMaintenancePolicy: { MinHealthyPercentage: 90, MaxHealthyPercentage: 110 },
  InstanceLifecyclePolicy: { RetentionTriggers: { TerminateHookAbandon: "retain" } },
  TerminationPolicies: ["Default"],
  Instances: [onSpot, onDemand].map((InstanceId, index) => ({
    InstanceId,
    InstanceType: "m5.large",
    AvailabilityZone: index === 0 ? "us-east-1b" : "us-east-1a",
    LifecycleState: "InService",
    HealthStatus: "Healthy",
    ProtectedFromScaleIn: index === 0,
    LaunchTemplate: { LaunchTemplateId: "lt-1", Version: "3" },
  })),
};

const shows = (change: Partial<AutoScalingGroup> = {}): void => {
  autoScaling
    .on(DescribeAutoScalingGroupsCommand)
    .resolves({ AutoScalingGroups: [{ ...group, ...change }] });
};

beforeEach(() => {
  for (const mock of [autoScaling, cloudFormation, cloudWatch, ec2, elb, classicElb]) mock.reset();
  shows();
  autoScaling.on(DescribeLifecycleHooksCommand).resolves({
    LifecycleHooks: [
      {
        LifecycleHookName: "drain",
        LifecycleTransition: "autoscaling:EC2_INSTANCE_TERMINATING",
        HeartbeatTimeout: 300,
        DefaultResult: "CONTINUE",
      },
    ],
  });
  autoScaling.on(DescribePoliciesCommand).resolves({
    ScalingPolicies: [
      {
        PolicyName: "cpu",
        PolicyType: "TargetTrackingScaling",
        Enabled: true,
        Alarms: [{ AlarmName: "cpu-high" }, { AlarmName: "cpu-low" }],
      },
      { PolicyName: "off", Enabled: false, Alarms: [{ AlarmName: "other" }] },
    ],
  });
  autoScaling.on(DescribeScheduledActionsCommand).resolves({
    ScheduledUpdateGroupActions: [
      { ScheduledActionName: "night", Recurrence: "0 22 * * *", TimeZone: "Europe/Berlin" },
    ],
  });
  autoScaling.on(DescribeInstanceRefreshesCommand).resolves({
    InstanceRefreshes: [
      { InstanceRefreshId: "ref-1", Status: "Baking" },
      { InstanceRefreshId: "ref-0", Status: "Successful" },
    ],
  });
  autoScaling.on(DescribeScalingActivitiesCommand).resolves({
    Activities: [
      ["act-2", "WaitingForELBConnectionDraining"] as const,
      ["act-1", "Successful"] as const,
    ].map(([ActivityId, StatusCode]) => ({
      ActivityId,
      StatusCode,
      AutoScalingGroupName: "web",
      Cause: "a user",
      StartTime: started,
    })),
  });
  autoScaling
    .on(DescribeAccountSettingsCommand)
    .resolves({ Settings: [{ Name: "launchBeforeTerminate", Value: "enabled" }] });
  cloudWatch.on(DescribeAlarmsCommand).resolves({
    MetricAlarms: [
      { AlarmName: "cpu-high", StateValue: "ALARM" },
      { AlarmName: "cpu-low", StateValue: "OK" },
    ],
  });
  ec2.on(DescribeAvailabilityZonesCommand).resolves({
    AvailabilityZones: [
      { ZoneName: "us-east-1a", ZoneId: "use1-az4" },
      { ZoneName: "us-east-1b", ZoneId: "use1-az1" },
    ],
  });
  ec2.on(DescribeSubnetsCommand).resolves({
    Subnets: [
      ["subnet-1", "us-east-1a", "use1-az4"],
      ["subnet-2", "us-east-1b", "use1-az1"],
    ].map(([SubnetId, AvailabilityZone, AvailabilityZoneId]) => ({
      SubnetId,
      AvailabilityZone,
      AvailabilityZoneId,
      VpcId: "vpc-1",
    })),
  });
  ec2
    .on(DescribePlacementGroupsCommand)
    .resolves({ PlacementGroups: [{ Strategy: "spread", SpreadLevel: "rack" }] });
  ec2.on(DescribeInstancesCommand).resolves({
    Reservations: [
      {
        Instances: [onDemand, onSpot].map((InstanceId, index) => ({
          InstanceId,
          State: { Name: "running" as const },
          LaunchTime: started,
          ImageId: "ami-1",
          SubnetId: "subnet-1",
          ...(index === 1 ? { InstanceLifecycle: "spot" as const } : {}),
          BlockDeviceMappings: [{ DeviceName: "/dev/xvda", Ebs: { VolumeId: "vol-1" } }],
          NetworkInterfaces: [
            {
              NetworkInterfaceId: "eni-1",
              Attachment: { DeviceIndex: 0, NetworkCardIndex: 0 },
              PrivateIpAddresses: [
                { Association: { IpOwnerId: "amazon", PublicIp: "198.51.100.1" } },
                { Association: { IpOwnerId: "123456789012", PublicIp: "198.51.100.7" } },
              ],
            },
          ],
        })),
      },
    ],
  });
  ec2.on(DescribeSpotInstanceRequestsCommand).resolves({
    SpotInstanceRequests: [{ InstanceId: onSpot, Status: { Code: "marked-for-termination" } }],
  });
  ec2.on(DescribeLaunchTemplateVersionsCommand).resolves({
    LaunchTemplateVersions: [
      {
        LaunchTemplateId: "lt-1",
        VersionNumber: 3,
        LaunchTemplateData: {
          ImageId: "ami-1",
          InstanceType: "m5.large",
          UserData: Buffer.from("aws autoscaling complete-lifecycle-action").toString("base64"),
          TagSpecifications: [{ ResourceType: "instance", Tags: [{ Key: "app", Value: "web" }] }],
        },
      },
    ],
  });
  ec2.on(DescribeImagesCommand).resolves({
    Images: [
      {
        ImageId: "ami-1",
        State: "available",
        Architecture: "x86_64",
        PlatformDetails: "Linux/UNIX",
        RootDeviceName: "/dev/xvda",
        BlockDeviceMappings: [{ DeviceName: "/dev/xvda", Ebs: {} }],
        EnaSupport: true,
      },
    ],
  });
  elb.on(DescribeTargetGroupsCommand).callsFake(({ TargetGroupArns: [arn] = [] }) => {
    if (arn === "arn:gone") throw awsError("TargetGroupNotFoundException");
    return {
      TargetGroups: [
        {
          TargetGroupArn: "arn:tg",
          Port: 80,
          TargetType: "instance",
          LoadBalancerArns: ["arn:lb"],
        },
      ],
    };
  });
  elb.on(DescribeLoadBalancersCommand).resolves({
    LoadBalancers: [{ LoadBalancerArn: "arn:lb", AvailabilityZones: [{ ZoneName: "us-east-1a" }] }],
  });
  elb.on(DescribeTargetGroupAttributesCommand).resolves({
    Attributes: [{ Key: "slow_start.duration_seconds", Value: "30" }],
  });
  elb.on(DescribeTagsCommand).resolves({
    TagDescriptions: [{ ResourceArn: "arn:tg", Tags: [{ Key: "team", Value: "web" }] }],
  });
  elb.on(DescribeTargetHealthCommand).resolves({
    TargetHealthDescriptions: [
      {
        Target: { Id: onDemand, Port: 80 },
        TargetHealth: { State: "healthy" },
        AdministrativeOverride: { State: "no_override" },
      },
      {
        Target: { Id: onSpot, Port: 80 },
        TargetHealth: { State: "healthy" },
        AdministrativeOverride: { State: "zonal_shift_active" },
      },
    ],
  });
  classicElb
    .on(DescribeInstanceHealthCommand)
    .resolves({ InstanceStates: [{ InstanceId: onDemand, State: "InService" }] });
});

const input = {
  asgName: "web",
  accountId: accountIdSchema.parse("123456789012"),
  region,
  linearTargets: [],
};

describe("reading a group", () => {
  it("names what its owner has not enrolled: the group, and each target group", async () => {
    const read = await readGroup(clients, input);
    expect(read?.facts.unenrolled).toEqual(["web", "arn:tg"]);
  });

  it("names nothing where all carry the owner's tag", async () => {
    const enrolled = { Key: "spot-optimizer:enrolled", Value: "true" };
    const { AutoScalingGroups: [group] = [] } = await clients.autoScaling.send(
      new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: ["web"] }),
    );
    autoScaling
      .on(DescribeAutoScalingGroupsCommand)
      .resolves({ AutoScalingGroups: [{ ...group, Tags: [enrolled] } as never] });
    elb
      .on(DescribeTagsCommand)
      .resolves({ TagDescriptions: [{ ResourceArn: "arn:tg", Tags: [enrolled] }] });
    const read = await readGroup(clients, input);
    expect(read?.facts.unenrolled).toEqual([]);
  });

  describe("that a stack made", () => {
    const stackId = "arn:aws:cloudformation:us-east-1:123456789012:stack/shop/1";
    const rootId = "arn:aws:cloudformation:us-east-1:123456789012:stack/all/1";
    const own = { StackId: stackId, StackName: "shop", CreationTime: started };
    const tags = [
      { Key: "aws:cloudformation:stack-id", Value: stackId },
      { Key: "aws:cloudformation:stack-name", Value: "shop" },
    ];
    const stackOf = async () => (await readGroup(clients, input))?.facts.stack;

    it("tells how that stands, and asks nothing where none did", async () => {
      expect(await stackOf()).toBeUndefined();
      expect(cloudFormation.calls()).toHaveLength(0);
      shows({ Tags: tags });
      cloudFormation
        .on(DescribeStacksCommand, { StackName: stackId })
        .resolves({ Stacks: [{ ...own, StackStatus: "UPDATE_IN_PROGRESS" }] });
      expect(await stackOf()).toEqual({ name: "shop", status: "UPDATE_IN_PROGRESS" });
    });

    it("tells of the outermost stack where that one goes on", async () => {
      shows({ Tags: tags });
      const nested = { ...own, RootId: rootId, StackStatus: "UPDATE_COMPLETE" } as const;
      const root = { StackId: rootId, StackName: "all", CreationTime: started };
      cloudFormation
        .on(DescribeStacksCommand, { StackName: stackId })
        .resolves({ Stacks: [nested] })
        .on(DescribeStacksCommand, { StackName: rootId })
        .resolvesOnce({ Stacks: [{ ...root, StackStatus: "UPDATE_IN_PROGRESS" }] })
        .resolvesOnce({ Stacks: [{ ...root, StackStatus: "UPDATE_COMPLETE" }] });
      expect(await stackOf()).toEqual({ name: "all", status: "UPDATE_IN_PROGRESS" });
      expect(await stackOf()).toEqual({ name: "shop", status: "UPDATE_COMPLETE" });
    });

    it("has none where CloudFormation no longer has it, and is told where it may not be asked", async () => {
      shows({ Tags: tags });
      cloudFormation
        .on(DescribeStacksCommand)
        .rejectsOnce(
          awsError("ValidationError", { message: `Stack with id ${stackId} does not exist` }),
        )
        .rejectsOnce(awsError("AccessDenied"))
        .rejectsOnce(awsError("Throttling"));
      expect(await stackOf()).toBeUndefined();
      expect(await stackOf()).toEqual({
        name: "shop",
        unread: expect.stringContaining("DescribeStacks"),
      });
      await expect(stackOf()).rejects.toMatchObject({ name: "RetryableThrottled" });
    });
  });

  it("is undefined where there is none", async () => {
    autoScaling.on(DescribeAutoScalingGroupsCommand).resolves({ AutoScalingGroups: [] });
    await expect(readGroup(clients, input)).resolves.toBeUndefined();
  });

  it("gives settings and surroundings as decisions know them", async () => {
    const read = await readGroup(clients, input);
    expect(read?.facts).toMatchObject({
      arn: "arn:group",
      minSize: 1,
      maxSize: 4,
      desiredCapacity: 2,
      kind: { hasCapacityReservationTarget: false },
      settings: {
        maintenance: { minHealthyPercentage: 90, maxHealthyPercentage: 110 },
        launchBeforeTerminate: "enabled",
        terminateHookAbandon: "retain",
        healthCheckTypes: ["EC2", "ELB"],
        healthCheckGraceSeconds: 60,
        capacityRebalance: false,
      },
      vpcId: "vpc-1",
      subnetIds: ["subnet-1", "subnet-2"],
      zones: [
        { zoneName: "us-east-1a", zoneId: "use1-az4" },
        { zoneName: "us-east-1b", zoneId: "use1-az1" },
      ],
      placementGroup: { name: "apart", strategy: "spread", spreadLevel: "rack" },
      tags: { Name: "web", team: "shop" },
      propagatedTags: { Name: "web" },
      hooks: [{ name: "drain", heartbeatTimeoutSeconds: 300 }],
      alarmsInBreach: ["cpu-high"],
      scheduledActions: [{ name: "night", timeZone: "Europe/Berlin" }],
      refreshes: [{ refreshId: "ref-1", status: "Baking" }],
      activities: [{ activityId: "act-2" }],
      suspendedProcesses: [{ process: "AZRebalance" }],
    });
    expect(read?.facts.settings).not.toHaveProperty("defaultInstanceWarmupSeconds");
    expect(read?.facts.settings).not.toHaveProperty("maxInstanceLifetimeSeconds");
  });

  it("gives members by id, with what hangs on them and what EC2 announces", async () => {
    const read = await readGroup(clients, input);
    expect(read?.facts.members).toMatchObject([
      {
        instanceId: onDemand,
        zoneId: "use1-az4",
        protectedFromScaleIn: false,
        launchTemplate: { templateId: "lt-1", version: "3" },
        instance: { elasticIps: ["198.51.100.7"], volumes: [{ deviceName: "/dev/xvda" }] },
      },
      {
        instanceId: onSpot,
        zoneId: "use1-az1",
        instance: { lifecycle: "spot", spotStatus: "marked-for-termination" },
      },
    ]);
    expect(read?.facts.members[0]?.instance).not.toHaveProperty("lifecycle");
  });

  it("gives the template by number, the signs of its user data, and never the user data", async () => {
    const read = await readGroup(clients, input);
    expect(read?.facts.template).toMatchObject({
      templateId: "lt-1",
      version: 3,
      imageId: "ami-1",
      imageExists: true,
      instanceType: "m5.large",
      deviceNames: ["/dev/xvda"],
      tagKeys: ["app"],
      bootSigns: ["complete-lifecycle-action"],
    });
    expect(JSON.stringify(read)).not.toContain("autoscaling complete");
    expect(read?.template?.launch?.blueprint.userData?.reveal()).toBeDefined();
  });

  it("gives each source of traffic, those that are gone and those that can't be read", async () => {
    const read = await readGroup(clients, input);
    expect(read?.facts.traffic).toMatchObject({
      targetGroups: [
        {
          arn: "arn:tg",
          loadBalancers: [{ arn: "arn:lb", zoneIds: ["use1-az4"] }],
          slowStartSeconds: 30,
          deregistrationDelaySeconds: 300,
          targets: [
            { instanceId: onDemand, standing: "ready" },
            { instanceId: onSpot, standing: "ready", override: "zonal_shift_active" },
          ],
        },
      ],
      classic: [{ name: "old", states: { [onDemand]: "InService" } }],
      missing: ["arn:gone"],
      unreadable: ["vpc-lattice arn:lattice"],
    });
    expect(read?.facts.traffic.targetGroups[0]?.targets[0]).not.toHaveProperty("override");
  });

  it("resolves the parameter of an image by the version's number", async () => {
    const parameter = "resolve:ssm:/golden/ami";
    const version = { LaunchTemplateId: "lt-1", VersionNumber: 3 };
    ec2
      .on(DescribeLaunchTemplateVersionsCommand)
      .resolves({
        LaunchTemplateVersions: [{ ...version, LaunchTemplateData: { ImageId: parameter } }],
      })
      .on(DescribeLaunchTemplateVersionsCommand, { Versions: ["3"], ResolveAlias: true })
      .resolves({
        LaunchTemplateVersions: [{ ...version, LaunchTemplateData: { ImageId: "ami-1" } }],
      });
    const read = await readGroup(clients, input);
    expect(read?.facts.template).toMatchObject({ imageId: "ami-1", imageParameter: parameter });
  });

  it("has no image where the parameter names none", async () => {
    const parameter = "resolve:ssm:/golden/ami";
    const version = { LaunchTemplateId: "lt-1", VersionNumber: 3 };
    ec2
      .on(DescribeLaunchTemplateVersionsCommand)
      .resolves({
        LaunchTemplateVersions: [{ ...version, LaunchTemplateData: { ImageId: parameter } }],
      })
      .on(DescribeLaunchTemplateVersionsCommand, { Versions: ["3"], ResolveAlias: true })
      .rejects(awsError("SsmInvalidParameter"));
    const read = await readGroup(clients, input);
    expect(read?.facts.template).toMatchObject({
      imageId: parameter,
      imageParameter: parameter,
      imageExists: false,
    });
  });

  it("tells a parameter that may not be read", async () => {
    const version = { LaunchTemplateId: "lt-1", VersionNumber: 3 };
    ec2
      .on(DescribeLaunchTemplateVersionsCommand)
      .resolves({
        LaunchTemplateVersions: [{ ...version, LaunchTemplateData: { ImageId: "resolve:ssm:a" } }],
      })
      .on(DescribeLaunchTemplateVersionsCommand, { Versions: ["3"], ResolveAlias: true })
      .rejects(awsError("UnauthorizedOperation"));
    const read = await readGroup(clients, input);
    expect(read?.facts.template).toMatchObject({ imageExists: false, isParameterClosed: true });
  });

  it("has no template where EC2 shows none", async () => {
    ec2
      .on(DescribeLaunchTemplateVersionsCommand)
      .rejects(awsError("InvalidLaunchTemplateId.NotFound"));
    const read = await readGroup(clients, input);
    expect(read?.facts.template).toBeUndefined();
  });
});

describe("reading a group again", () => {
  it("asks for what changes alone", async () => {
    const before = await readGroup(clients, input);
    if (before === undefined) throw new Error("the group is there");
    for (const mock of [autoScaling, ec2, elb, classicElb]) mock.resetHistory();
    shows({ DesiredCapacity: 3 });
    const live = await readLiveGroup(clients, before.facts);
    expect(live).toMatchObject({
      desiredCapacity: 3,
      members: [{}, {}],
      traffic: before.facts.traffic,
    });
    const calls = [autoScaling, ec2, elb, classicElb].map((mock) => mock.calls().length);
    expect(calls).toEqual([1, 2, 1, 1]);
  });

  const since = async (group: Partial<AutoScalingGroup>) => {
    const before = await readGroup(clients, input);
    if (before === undefined) throw new Error("the group is there");
    for (const mock of [autoScaling, ec2, elb, classicElb]) mock.resetHistory();
    shows(group);
    const read = await readGroupSince(clients, before.facts);
    const calls = [autoScaling, ec2, elb, classicElb].map((mock) => mock.calls().length);
    return { before: before.facts, read, calls };
  };

  it("finds as a whole what it was where nothing has changed, by half of the calls", async () => {
    const { before, read, calls } = await since({});
    expect(read).toEqual(before);
    expect(calls).toEqual([6, 4, 1, 1]);
  });

  it("reads on top of it what speaks against going on", async () => {
    autoScaling
      .on(DescribeInstanceRefreshesCommand)
      .resolves({ InstanceRefreshes: [{ InstanceRefreshId: "r-9", Status: "InProgress" }] });
    const { read } = await since({ DesiredCapacity: 3, MaxInstanceLifetime: 86_400 });
    expect(read).toMatchObject({
      desiredCapacity: 3,
      refreshes: [{ refreshId: "r-9" }],
      settings: { maxInstanceLifetimeSeconds: 86_400, launchBeforeTerminate: "enabled" },
    });
  });

  it("names what it names since, and asks for none of it", async () => {
    const { before, read, calls } = await since({
      VPCZoneIdentifier: "subnet-9,subnet-1",
      TargetGroupARNs: ["arn:other", "arn:gone"],
      TrafficSources: [],
      PlacementGroup: "together",
    });
    expect(read).toMatchObject({
      subnetIds: ["subnet-1", "subnet-9"],
      placementGroup: { name: "together" },
      traffic: { targetGroups: [], missing: ["arn:gone"], unreadable: ["arn:other"] },
    });
    expect(read?.placementGroup).not.toHaveProperty("strategy");
    expect(calls[0]).toBe(6);
    expect(changeOfGroup(before, read ?? before)).toBe(
      "Group web has changed since it was judged: subnet subnet-2 is gone; subnet subnet-9 is new; placement group apart is gone; placement group together is new; source of traffic arn:tg is gone; source of traffic vpc-lattice arn:lattice is gone; source of traffic arn:other is new.",
    );
  });

  it("tells ended activities too where these are asked for", async () => {
    const found = await readActivities(clients.autoScaling, "web");
    expect(found.map(({ activityId }) => activityId)).toEqual(["act-2", "act-1"]);
  });

  it("is undefined once the group is gone", async () => {
    const before = await readGroup(clients, input);
    if (before === undefined) throw new Error("the group is there");
    autoScaling.on(DescribeAutoScalingGroupsCommand).resolves({ AutoScalingGroups: [] });
    await expect(readLiveGroup(clients, before.facts)).resolves.toBeUndefined();
  });
});
