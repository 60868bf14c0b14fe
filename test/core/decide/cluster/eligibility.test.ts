import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import {
  delaysOf,
  judgeGroupEligibility,
  type GroupEligibilityInput,
} from "../../../../core/decide/cluster/eligibility.ts";
import type { Account } from "../../../../core/model/account.ts";
import type { GroupFacts, GroupMember } from "../../../../core/model/group.ts";
import type { BootSign, GroupTemplate } from "../../../../core/model/group-template.ts";
import type { GroupTraffic } from "../../../../core/model/group-traffic.ts";
import { groupDeferrals, groupReasons } from "../../../../core/model/reasons/group.ts";
import type { Policy } from "../../../../core/policy/policy.ts";
import { labAccount } from "../linear/eligible-facts.ts";
import { hoursBefore, observedAt } from "../offers/choice-samples.ts";
import {
  clusterPolicy,
  clusterTarget,
  eligibleGroup,
  groupOf,
  memberId,
  plainGroup,
  plainMember,
  plainMembers,
  plainTemplate,
  spotMember,
  standingOf,
  targetArn,
  targetsOf,
} from "./plain-group.ts";

const withGroup = (change: Partial<GroupFacts>): GroupEligibilityInput => ({
  ...eligibleGroup,
  group: { ...plainGroup, ...change },
});
const withKind = (kind: Partial<GroupFacts["kind"]>) =>
  withGroup({ kind: { ...plainGroup.kind, ...kind } });
const withSettings = (settings: Partial<GroupFacts["settings"]>) =>
  withGroup({ settings: { ...plainGroup.settings, ...settings } });
const withTemplate = (template: Partial<GroupTemplate>) =>
  withGroup({ template: { ...plainTemplate, ...template } });
const withTags = (tags: Readonly<Record<string, string>>) => withGroup({ tags });
const withTraffic = (traffic: Partial<GroupTraffic>) =>
  withGroup({ traffic: { ...plainGroup.traffic, ...traffic } });
const withBoot = (...bootSigns: readonly BootSign[]) => withTemplate({ bootSigns });
const withAccount = (change: Partial<Account>): GroupEligibilityInput => ({
  ...eligibleGroup,
  account: { ...labAccount, ...change },
});
const withPolicy = (
  input: GroupEligibilityInput,
  change: Partial<Policy>,
): GroupEligibilityInput => ({
  ...input,
  policy: clusterPolicy(change),
});
/** The first member is another than the plain one; target groups as before. */
const withFirst = (member: GroupMember): GroupEligibilityInput =>
  withGroup({ members: [member, ...plainMembers.slice(1)] });
const suspended = (process: string, reason = "User suspended at 2025-02-28T10:00:00Z") =>
  withGroup({ suspendedProcesses: [{ process, reason }] });

const hook = (name: string, transition: string): GroupFacts["hooks"][number] => ({
  name,
  transition: `autoscaling:EC2_INSTANCE_${transition}`,
  subscriber: "arn:aws:sns:us-east-1:1:deploy",
});

const sevenInEachZone = groupOf(
  Array.from({ length: 14 }, (_, index) => plainMember(index + 1)),
  {
    maxSize: 20,
    placementGroup: { name: "apart", strategy: "spread", spreadLevel: "rack" },
  },
);

const { template: _template, ...withoutTemplate } = plainGroup;

const enrolledMembers = plainMembers.map((_member, index) =>
  plainMember(index + 1, { ec2: { tags: { "spot-optimizer:enrolled": "true" } } }),
);

/** By code: what brings it about, and what its sentence must name. */
const own: Readonly<
  Record<(typeof groupReasons)[number], readonly [GroupEligibilityInput, string]>
> = {
  GROUP_NOT_FOUND: [{ ...eligibleGroup, group: undefined }, "no group web in us-east-1"],
  GROUP_BEING_DELETED: [withKind({ status: "Delete in progress" }), '"Delete in progress"'],
  OPTED_OUT: [withTags({ "spot-optimizer:enabled": "false" }), "spot-optimizer:enabled=false"],
  MALFORMED_TAG: [
    withTags({ "spot-optimizer:batch-size": "eleven" }),
    "spot-optimizer:batch-size=eleven (must be a whole number from 1 to 10)",
  ],
  LAUNCH_CONFIGURATION: [
    {
      ...eligibleGroup,
      group: {
        ...withoutTemplate,
        kind: { ...plainGroup.kind, launchConfigurationName: "web-2019" },
      },
    },
    "web-2019",
  ],
  LAUNCH_TEMPLATE_MISSING: [{ ...eligibleGroup, group: withoutTemplate }, "lt-1"],
  IMAGE_MISSING: [withTemplate({ imageExists: false }), "ami-1"],
  MIXED_INSTANCES_POLICY: [
    withKind({ mixedInstances: { onDemandBaseCapacity: 2, onDemandPercentageAboveBase: 50 } }),
    "On-Demand base 2, 50 %",
  ],
  TEMPLATE_ALREADY_SPOT: [withTemplate({ marketType: "spot" }), "market type spot"],
  TEMPLATE_WITHOUT_TYPE: [withTemplate({ hasInstanceRequirements: true }), "attributes"],
  WEIGHTED_CAPACITY: [withKind({ desiredCapacityType: "vcpu" }), "counts vcpu"],
  WARM_POOL: [withKind({ warmPool: { size: 3, poolState: "Stopped" } }), "3 instances"],
  PROCESS_SUSPENDED: [suspended("Launch"), "Launch suspended (User suspended"],
  ADMINISTRATIVE_SUSPENSION: [
    suspended("AZRebalance", "Administratively suspended at 2025-02-28T10:00:00Z"),
    "AWS has suspended AZRebalance",
  ],
  LAUNCH_HOOK: [
    withGroup({ hooks: [hook("deploy", "LAUNCHING")] }),
    "deploy (told: arn:aws:sns:us-east-1:1:deploy)",
  ],
  RETAINED_INSTANCES: [
    {
      ...eligibleGroup,
      group: {
        ...plainGroup,
        hooks: [hook("drain", "TERMINATING")],
        settings: { ...plainGroup.settings, terminateHookAbandon: "retain" },
      },
    },
    "accept_retained_instances",
  ],
  TERMINATING_HOOK_SKIPPED: [
    withPolicy(withGroup({ hooks: [hook("drain", "TERMINATING")], members: enrolledMembers }), {
      keepOriginalsHours: 24,
    }),
    "terminating hook drain",
  ],
  CAPACITY_REBALANCE: [withSettings({ capacityRebalance: true }), "Capacity Rebalancing"],
  GROUP_DEPENDENT_BOOT: [withBoot("target-lifecycle-state"), "target-lifecycle-state"],
  CONTAINER_HOST: [withBoot("ECS_CLUSTER"), "ECS_CLUSTER"],
  MEMBER_HOLDS_RESOURCE: [
    withFirst(plainMember(1, { ec2: { elasticIps: ["198.51.100.7"] } })),
    `${memberId(1)} holds address 198.51.100.7`,
  ],
  PLACEMENT_GROUP_FULL: [{ ...eligibleGroup, group: sevenInEachZone }, "us-east-1a and us-east-1b"],
  TARGET_GROUP_MISSING: [withTraffic({ missing: [targetArn] }), targetArn],
  TRAFFIC_SOURCE_UNREADABLE: [withTraffic({ unreadable: ["vpc-lattice arn:1"] }), "vpc-lattice"],
};

const launch = { refusal: { code: "InvalidParameterValue", message: "Invalid profile." } };
const manyTags = Object.fromEntries(
  Array.from({ length: 47 }, (_, index) => [`owner-${String(index)}`, "x"]),
);

/** Codes that a group shares with others. */
const shared: Readonly<Record<string, readonly [GroupEligibilityInput, string]>> = {
  ACCOUNT_DISABLED: [withAccount({ status: "DISABLED" }), "DISABLED"],
  REGION_NOT_CONNECTED: [withAccount({ regions: ["eu-west-1"] }), "us-east-1"],
  UNPROVED: [withAccount({ environment: "PROD" }), "accept_unproved"],
  MODEL_NOT_ALLOWED: [
    { ...eligibleGroup, riskModel: { version: "streak-3", status: "archived" } },
    "streak-3",
  ],
  PERMISSION_MISSING: [
    withAccount({
      permissions: {
        checkedAt: observedAt,
        missing: [
          { feature: "cluster", action: "autoscaling:AttachInstances", regions: ["us-east-1"] },
          { feature: "linear", action: "ec2:StopInstances", regions: ["us-east-1"] },
        ],
      },
    }),
    "lacked autoscaling:AttachInstances in us-east-1",
  ],
  OPERATOR_MANAGED: [withKind({ operator: "batch.amazonaws.com" }), "batch.amazonaws.com"],
  EKS_NODE: [withTags({ "eks:cluster-name": "prod" }), "eks:cluster-name=prod"],
  BEANSTALK_MANAGED: [withTags({ "elasticbeanstalk:environment-id": "e-1" }), "e-1"],
  EMR_MANAGED: [withTags({ "aws:elasticmapreduce:job-flow-id": "j-1" }), "j-1"],
  BATCH_MANAGED: [withTags({ AWSBatchServiceTag: "batch" }), "AWSBatchServiceTag=batch"],
  ECS_MANAGED: [withTags({ AmazonECSManaged: "" }), "capacity provider"],
  SERVICE_MANAGED: [withTags({ "parallelcluster:cluster-name": "hpc" }), "ParallelCluster"],
  FOREIGN_CLAIM: [withTags({ "spot-optimizer:claim": "dpl-other00000#4" }), "dpl-other00000#4"],
  FOREIGN_OPTIMIZER: [
    withFirst(plainMember(1, { ec2: { tags: { "launched-for-asg": "web" } } })),
    `Member ${memberId(1)} of group web is moved`,
  ],
  NOT_ENROLLED: [
    withGroup({ unenrolled: ["web", targetArn] }),
    `web and ${targetArn} lack the tag`,
  ],
  IAC_MANAGED: [withTags({ "aws:cloudformation:stack-name": "web" }), "accept_iac_drift"],
  INSTANCE_TYPE_UNKNOWN: [{ ...eligibleGroup, type: undefined }, "m5.large"],
  PLATFORM_WITHOUT_SPOT_PRODUCT: [
    withTemplate({ platformDetails: "Windows BYOL" }),
    "Windows BYOL",
  ],
  PRODUCT_CODES: [withTemplate({ productCodes: ["abc"] }), "abc"],
  NOT_CARRIED: [withTemplate({ notCarried: ["Placement.Tenancy"] }), "Placement.Tenancy"],
  TOO_MANY_TAGS: [withGroup({ propagatedTags: manyTags }), "would have 52"],
  KEY_PAIR_MISSING: [
    { ...withTemplate({ keyName: "ops" }), launch: { keyPairExists: false } },
    "ops",
  ],
  LAUNCH_REFUSED: [{ ...eligibleGroup, launch }, "InvalidParameterValue, Invalid profile"],
  CAPACITY_RESERVATION: [
    withKind({ zoneDistribution: "reservations-then-balanced" }),
    "reservations-then-balanced",
  ],
  PLACEMENT_GROUP_MISSING: [withGroup({ placementGroup: { name: "apart" } }), "apart"],
  ZONE_WITHOUT_LOAD_BALANCER: [
    withTraffic({
      targetGroups: [
        targetsOf(plainMembers, { loadBalancers: [{ arn: "lb-1", zoneIds: ["use1-az4"] }] }),
      ],
    }),
    "us-east-1b",
  ],
};

const delayed: Readonly<
  Record<(typeof groupDeferrals)[number], readonly [GroupEligibilityInput, string]>
> = {
  NOT_ALL_IN_SERVICE: [
    withFirst(plainMember(1, { lifecycleState: "ReplacingRootVolume:Wait" })),
    `${memberId(1)} (ReplacingRootVolume:Wait, Healthy)`,
  ],
  BELOW_DESIRED: [withGroup({ desiredCapacity: 7 }), "6 of 7"],
  ACTIVITY_IN_PROGRESS: [
    withGroup({
      activities: [
        {
          activityId: "act-1",
          statusCode: "InProgress",
          description: "Launching a new EC2 instance.",
          cause: "A user changed the desired capacity.",
          startedAt: observedAt,
        },
      ],
    }),
    "act-1",
  ],
  REFRESH_IN_PROGRESS: [
    withGroup({ refreshes: [{ refreshId: "ref-1", status: "Baking" }] }),
    "ref-1 of group web is Baking",
  ],
  STACK_UPDATE_IN_PROGRESS: [
    withGroup({ stack: { name: "web", status: "UPDATE_IN_PROGRESS" } }),
    "UPDATE_IN_PROGRESS",
  ],
  TARGETS_NOT_HEALTHY: [
    withTraffic({
      targetGroups: [
        targetsOf(plainMembers, {
          targets: plainMembers.map(({ instanceId }, index) =>
            index === 3
              ? standingOf(instanceId, { standing: "joining", isFailing: true })
              : standingOf(instanceId),
          ),
        }),
      ],
    }),
    `${memberId(4)} is unhealthy in ${targetArn}`,
  ],
  ZONAL_SHIFT: [
    withTraffic({
      targetGroups: [
        targetsOf([], { targets: [standingOf("i-other", { override: "zonal_shift_active" })] }),
      ],
    }),
    "zonal_shift_active",
  ],
  SCHEDULED_ACTION_DUE: [
    withGroup({ scheduledActions: [{ name: "evening", startTime: hoursBefore(-0.5) }] }),
    `evening of group web is due at ${hoursBefore(-0.5)}`,
  ],
  MAX_LIFETIME_DUE: [
    // Launched on 1 February, judged on 1 March at noon.
    withSettings({ maxInstanceLifetimeSeconds: 29 * 86_400 }),
    "MaxInstanceLifetime (2505600 s)",
  ],
  AT_MAX_WITH_ALARM: [withGroup({ maxSize: 6, alarmsInBreach: ["cpu-high"] }), "cpu-high"],
  MAX_NOT_HANDED_BACK: [
    {
      ...withGroup({ maxSize: 6 }),
      standing: { maxOriginal: 4, maxRaised: 6 },
    },
    "maximum of 6 that we raised from 4",
  ],
};

const codesOf = (input: GroupEligibilityInput): readonly string[] => {
  const judged = judgeGroupEligibility(input);
  if (judged.kind === "ELIGIBLE") return [];
  return judged.kind === "INELIGIBLE"
    ? judged.objections.map(({ code }) => code)
    : judged.delays.map(({ reason }) => reason);
};
const sentencesOf = (input: GroupEligibilityInput): readonly string[] => {
  const judged = judgeGroupEligibility(input);
  if (judged.kind === "ELIGIBLE") return [];
  return (judged.kind === "INELIGIBLE" ? judged.objections : judged.delays).map(
    ({ sentence }) => sentence,
  );
};

const refused = { ...own, ...shared };

describe("eligibility of a group", () => {
  it("takes a plain On-Demand group", () => {
    expect(judgeGroupEligibility(eligibleGroup)).toEqual({ kind: "ELIGIBLE" });
  });

  it("has a case for every code of its own", () => {
    expect(Object.keys(own).sort()).toEqual([...groupReasons].sort());
    expect(Object.keys(delayed).sort()).toEqual([...groupDeferrals].sort());
  });

  it.each(Object.entries(refused))(
    "refuses by %s, and nothing else, in its case",
    (code, [input]) => {
      expect(judgeGroupEligibility(input).kind).toBe("INELIGIBLE");
      expect(codesOf(input)).toEqual([code]);
    },
  );

  it.each(Object.entries(delayed))("waits for %s, which refuses nothing", (code, [input]) => {
    expect(judgeGroupEligibility(input).kind).toBe("NOT_NOW");
    expect(codesOf(input)).toContain(code);
  });

  it.each([...Object.entries(refused), ...Object.entries(delayed)])(
    "names in the sentence of %s the value found, and what to do",
    (code, [input, value]) => {
      const sentence = sentencesOf(input)[codesOf(input).indexOf(code)];
      expect(sentence).toContain(value);
      expect(sentence).toMatch(/[:,.] .*\.$/s);
    },
  );

  it.each(Object.entries(delayed))("asks again soon after %s", (_, [input]) => {
    const judged = judgeGroupEligibility(input);
    const [first] = judged.kind === "NOT_NOW" ? judged.delays : [];
    const minutes = (Date.parse(first?.retryAt ?? "") - Date.parse(observedAt)) / 60_000;
    expect(minutes).toBeGreaterThanOrEqual(15);
    expect(minutes).toBeLessThanOrEqual(75);
  });

  it("does not wait where it refuses: a change is needed first", () => {
    const [{ group }] = delayed.REFRESH_IN_PROGRESS;
    const input = { ...own.WARM_POOL[0], group: { ...group, ...own.WARM_POOL[0].group } };
    const both = {
      ...input,
      group: { ...input.group, refreshes: [{ refreshId: "ref-1", status: "Pending" }] },
    } as GroupEligibilityInput;
    expect(codesOf(both)).toEqual(["WARM_POOL"]);
  });

  it("never makes a group eligible by a further flaw", () => {
    const isEligible = (group: GroupFacts): boolean =>
      judgeGroupEligibility({ ...eligibleGroup, group }).kind === "ELIGIBLE";
    // What is refused for something beside the group, a key pair that is gone, is not a flaw of the group.
    const flaws = Object.values(refused)
      .map(([{ group }]) => group ?? plainGroup)
      .filter((group) => !isEligible(group));
    const changed = flaws
      .map((flaw) =>
        Object.entries(flaw).filter(
          ([key, value]) => plainGroup[key as keyof GroupFacts] !== value,
        ),
      )
      .filter((entries) => entries.length > 0);
    fc.assert(
      fc.property(fc.subarray(changed, { minLength: 1 }), (chosen) => {
        const group = { ...plainGroup, ...Object.fromEntries(chosen.flat()) };
        expect(isEligible(group)).toBe(false);
      }),
    );
  });

  it("does not call a group absent that was not asked for", () => {
    expect(codesOf({ ...withAccount({ status: "DISABLED" }), group: undefined })).toEqual([
      "ACCOUNT_DISABLED",
    ]);
  });
});

describe("a parameter that names the template's image", () => {
  it("must be one that our role may read: it is not told as an image that is missing", () => {
    const imageParameter = "resolve:ssm:/golden/ami";
    const input = withTemplate({
      imageId: imageParameter,
      imageParameter,
      imageExists: false,
      isParameterClosed: true,
    });
    expect(codesOf(input)).toEqual(["NOT_ENROLLED"]);
    expect(sentencesOf(input)[0]).toContain(`may not read what ${imageParameter} names`);
  });
});

describe("originals that are to be kept stopped", () => {
  const kept = (change: Partial<GroupFacts>) =>
    withPolicy(withGroup(change), { keepOriginalsHours: 24 });

  it("must be enrolled themselves, for our role stops and marks them as machines of their own", () => {
    const members = [plainMember(1), spotMember(2), ...enrolledMembers.slice(2)];
    const input = kept({ members });
    expect(codesOf(input)).toEqual(["NOT_ENROLLED"]);
    expect(sentencesOf(input)[0]).toContain(`the members of group web, ${memberId(1)} lacks`);
  });

  it("are taken where each is enrolled and no hook would be passed over", () => {
    expect(codesOf(kept({ members: enrolledMembers }))).toEqual([]);
  });
});

describe("what does not stand against a group", () => {
  it.each<readonly [string, GroupEligibilityInput]>([
    ["a claim of our own", withTags({ "spot-optimizer:claim": "dpl-0123456789#4" })],
    ["a group that is opted in by name", withTags({ "spot-optimizer:enabled": "true" })],
    [
      "infrastructure as code whose owner agrees",
      withPolicy(withTags({ "aws:cloudformation:stack-name": "web" }), { acceptIacDrift: true }),
    ],
    ["a terminating hook", withGroup({ hooks: [hook("drain", "TERMINATING")] })],
    [
      "retention where no hook could be abandoned",
      withSettings({ terminateHookAbandon: "retain" }),
    ],
    ["AZRebalance that its owner has suspended", suspended("AZRebalance")],
    [
      "a maintenance policy",
      withSettings({ maintenance: { minHealthyPercentage: 90, maxHealthyPercentage: 100 } }),
    ],
    ["a lifetime that ends in weeks", withSettings({ maxInstanceLifetimeSeconds: 90 * 86_400 })],
    ["an alarm while there is room", withGroup({ alarmsInBreach: ["cpu-high"] })],
    ["a stack at rest", withGroup({ stack: { name: "web", status: "UPDATE_COMPLETE" } })],
    [
      "an action of yesterday",
      withGroup({ scheduledActions: [{ name: "x", startTime: hoursBefore(24) }] }),
    ],
    [
      "an action that is over",
      withGroup({
        scheduledActions: [{ name: "x", recurrence: "* * * * *", endTime: hoursBefore(1) }],
      }),
    ],
    [
      "a member that was kept after an abandoned hook",
      withGroup({
        members: [...plainMembers, plainMember(7, { lifecycleState: "Terminating:Retained" })],
      }),
    ],
    [
      "a Spot member with a volume of its own",
      withFirst(spotMember(1, { ec2: { volumes: [{ volumeId: "v", deviceName: "/dev/sdz" }] } })),
    ],
    [
      "PROD whose owner asks for no proof",
      withPolicy(withAccount({ environment: "PROD" }), { acceptUnproved: true }),
    ],
    ["a group that no load balancer serves", withTraffic({ targetGroups: [] })],
  ])("%s", (_, input) => {
    expect(codesOf(input)).toEqual([]);
  });

  it("a full rack where another zone has room", () => {
    const [full] = [sevenInEachZone.members.filter(({ zoneId }) => zoneId === "use1-az4")];
    const group = groupOf([...full, plainMember(20)], {
      placementGroup: { name: "apart", strategy: "spread" },
    });
    expect(codesOf({ ...eligibleGroup, group })).toEqual([]);
  });
});

describe("a scheduled action", () => {
  const due = (recurrence: string, timeZone?: string): readonly string[] =>
    codesOf(
      withGroup({
        scheduledActions: [
          { name: "scale", recurrence, ...(timeZone === undefined ? {} : { timeZone }) },
        ],
      }),
    );

  // It is Saturday, 1 March 2025, 12:00 UTC.
  it.each([
    ["30 12 * * *", undefined, true],
    ["30 13 * * *", undefined, false],
    ["30 13 * * *", "Europe/Berlin", true],
    ["*/20 * * * SAT", undefined, true],
    ["*/20 * * * MON-FRI", undefined, false],
    ["0 13 1 MAR *", undefined, true],
    ["0 13 1 4 *", undefined, false],
    ["0 13 2 * 6", undefined, true],
    ["what", undefined, true],
  ])("that recurs by %s in zone %s is due: %s", (recurrence, timeZone, isDue) => {
    expect(due(recurrence, timeZone)).toEqual(isDue ? ["SCHEDULED_ACTION_DUE"] : []);
  });
});

it("asks for delays alone before each change", () => {
  const { account, policy, type, at } = eligibleGroup;
  const facts = { account, target: clusterTarget, policy, type, at };
  expect(delaysOf({ ...facts, group: plainGroup })).toEqual([]);
  const [{ group = plainGroup }] = delayed.REFRESH_IN_PROGRESS;
  expect(delaysOf({ ...facts, group }).map(({ reason }) => reason)).toEqual([
    "REFRESH_IN_PROGRESS",
  ]);
});
