import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import {
  judgeEligibility,
  type EligibilityInput,
} from "../../../../core/decide/linear/eligibility.ts";
import type { Account } from "../../../../core/model/account.ts";
import {
  deploymentIdSchema,
  evaluationIdSchema,
  instanceIdSchema,
} from "../../../../core/model/ids.ts";
import type { InstanceFacts } from "../../../../core/model/instance.ts";
import type { FoundKey } from "../../../../core/model/kms-key.ts";
import type { InstanceTypeFacts } from "../../../../core/model/market.ts";
import type { LoadBalancerFacts } from "../../../../core/model/target-group.ts";
import type { TargetOf } from "../../../../core/model/target.ts";
import { instanceReasons } from "../../../../core/model/reasons/instance.ts";
import { registrationReasons } from "../../../../core/model/reasons/registration.ts";
import { sharedReasons } from "../../../../core/model/reasons/shared.ts";
import { sampleInstance } from "../offers/choice-samples.ts";
import type { Policy } from "../../../../core/policy/policy.ts";
import {
  dataVolume,
  eligibleInput,
  labAccount,
  linearTarget,
  m5Large,
  openPolicy,
  plainInstance,
  primaryEni,
  rootVolume,
  secondaryEni,
} from "./eligible-facts.ts";

const withInstance = (change: Partial<InstanceFacts>): EligibilityInput => ({
  ...eligibleInput,
  instance: { ...plainInstance, ...change },
});
const withTags = (tags: Readonly<Record<string, string>>) => withInstance({ tags });
const withTargetGroup = (loadBalancers: readonly LoadBalancerFacts[]) =>
  withInstance({ targetGroups: [{ arn: "tg-1", port: 80, loadBalancers }] });
const withPrimary = (change: Partial<typeof primaryEni>) =>
  withInstance({ networkInterfaces: [{ ...primaryEni, ...change }] });
const withAccount = (change: Partial<Account>): EligibilityInput => ({
  ...eligibleInput,
  account: { ...labAccount, ...change },
});
const withMissing = (
  feature: string,
  action: string,
  regions: readonly string[] = ["us-east-1"],
): EligibilityInput =>
  withAccount({
    permissions: {
      checkedAt: "2026-03-01T08:00:00.000Z",
      missing: [{ feature, action, regions: [...regions] }],
    },
  });
const withTarget = (change: Partial<TargetOf<"LINEAR">>): EligibilityInput => ({
  ...eligibleInput,
  target: { ...linearTarget, ...change },
});
const withType = (change: Partial<InstanceTypeFacts>): EligibilityInput => ({
  ...eligibleInput,
  type: { ...m5Large, ...change },
});
const withPolicy = (input: EligibilityInput, change: Partial<Policy>): EligibilityInput => ({
  ...input,
  policy: openPolicy(change),
});

const key = {
  keyId: "arn:aws:kms:us-east-1:444455556666:key/one",
  of: ["vol-root"],
  isLaunched: true,
} as const;
const withKey = (found: Pick<FoundKey, "kind" | "state" | "access">): EligibilityInput => ({
  ...eligibleInput,
  launch: { keys: [{ ...key, ...found }] },
});

const ownTags = (count: number): Readonly<Record<string, string>> =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`owner-${String(index)}`, "x"]));
const awsTags = (count: number): Readonly<Record<string, string>> =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`aws:x:${String(index)}`, "x"]));

const findingsOf = (input: EligibilityInput) => {
  const judged = judgeEligibility(input);
  return judged.kind === "ELIGIBLE" ? [] : judged.objections;
};
const codesOf = (input: EligibilityInput) => findingsOf(input).map((objection) => objection.code);

const placedBy = {
  evaluationId: evaluationIdSchema.parse("evl-0000000000000000000a"),
  originalId: instanceIdSchema.parse("i-0a1b2c3d4e5f60718"),
  originalType: "m5.large",
};

/** It ends with the Spot Instance, on whose primary interface it is. */
const onSpotWithSecondAddress: EligibilityInput = {
  ...withPrimary({
    privateAddresses: [...primaryEni.privateAddresses, { privateIp: "10.0.0.9", primary: false }],
  }),
  kind: "FALL_BACK",
  placedBy,
};
const spotted = (input: EligibilityInput): EligibilityInput => ({
  ...input,
  instance: input.instance && { ...input.instance, lifecycle: "spot" },
});

/** One case for each code: what is found, and a word that the sentence must hold (the value found). */
const linearCodes = [...registrationReasons, ...sharedReasons, ...instanceReasons] as const;

const cases: Readonly<Record<(typeof linearCodes)[number], readonly [EligibilityInput, string]>> = {
  INSTANCE_NOT_FOUND: [{ ...eligibleInput, instance: undefined }, linearTarget.instanceId],
  INSTANCE_NOT_RUNNING: [withInstance({ state: "stopped" }), "is stopped"],
  INSTANCE_TYPE_UNKNOWN: [{ ...eligibleInput, type: undefined }, "m5.large"],
  ALREADY_SPOT: [withInstance({ lifecycle: "spot" }), "use1-az4"],
  ALREADY_ON_DEMAND: [{ ...eligibleInput, kind: "FALL_BACK" }, "use1-az4"],
  NOT_PLACED_BY_A_SWITCH: [
    { ...withInstance({ lifecycle: "spot" }), kind: "FALL_BACK" },
    "spot-optimizer:evaluation",
  ],
  STATEFUL_ON_SPOT: [spotted(onSpotWithSecondAddress), "10.0.0.9"],
  LIFECYCLE_NOT_ON_DEMAND: [withInstance({ lifecycle: "capacity-block" }), "capacity-block"],
  OPERATOR_MANAGED: [withInstance({ operatorManaged: true }), "operator.managed"],
  ROOT_ON_INSTANCE_STORE: [withInstance({ rootDeviceType: "instance-store" }), "instance-store"],
  INSTANCE_STORE_IN_USE: [withType({ instanceStoreGb: 75 }), "75 GB of m5.large"],
  TENANCY_NOT_SHARED: [withInstance({ tenancy: "host" }), "tenancy host"],
  TERMINATION_PROTECTED: [withInstance({ disableApiTermination: true }), "disableApiTermination"],
  STOP_PROTECTED: [withInstance({ disableApiStop: true }), "disableApiStop"],
  PRODUCT_CODES: [withInstance({ productCodes: ["abc123"] }), "abc123"],
  PLATFORM_WITHOUT_SPOT_PRODUCT: [
    withInstance({ platformDetails: "Windows with SQL Server Standard" }),
    "Windows with SQL Server Standard",
  ],
  HIBERNATION_CONFIGURED: [withInstance({ hibernationConfigured: true }), "hibernation"],
  ENCLAVE_ENABLED: [withInstance({ enclaveEnabled: true }), "Enclaves"],
  DOMAIN_JOINED: [
    withInstance({ domainJoined: true, directoryDomain: "corp.example.com" }),
    "the directory domain corp.example.com",
  ],
  IN_AUTO_SCALING_GROUP: [withTags({ "aws:autoscaling:groupName": "web" }), "groupName=web"],
  EKS_NODE: [withTags({ "eks:cluster-name": "blue" }), "eks:cluster-name=blue"],
  BEANSTALK_MANAGED: [withTags({ "elasticbeanstalk:environment-id": "e-1" }), "e-1"],
  EMR_MANAGED: [withTags({ "aws:elasticmapreduce:job-flow-id": "j-1" }), "j-1"],
  ECS_MANAGED: [withTags({ AmazonECSManaged: "" }), "AmazonECSManaged"],
  BATCH_MANAGED: [withTags({ AWSBatchServiceTag: "batch" }), "AWSBatchServiceTag=batch"],
  FLEET_MANAGED: [withTags({ "aws:ec2:fleet-id": "fleet-1" }), "fleet-1"],
  MANAGED_BY_SPOT_OPTIMIZER: [
    withTags({ ManagedBy: "SpotOptimizer", "spot-optimizer:target": "tgt-9999999999" }),
    "tgt-9999999999",
  ],
  SERVICE_MANAGED: [withTags({ "aws:cloud9:environment": "env-1" }), "Cloud9"],
  FOREIGN_CLAIM: [withTags({ "spot-optimizer:claim": "dpl-9999999999#4" }), "dpl-9999999999#4"],
  NOT_ENROLLED: [withInstance({ unenrolled: ["vol-1", "eni-2"] }), "vol-1 and eni-2 lack the tag"],
  FOREIGN_OPTIMIZER: [withTags({ "launched-by-autospotting": "true" }), "AutoSpotting"],
  OWNER_STOPS_IT: [withTags({ Schedule: "office-hours" }), "Schedule=office-hours"],
  IAC_MANAGED: [withTags({ ManagedBy: "Terraform 1.9" }), "ManagedBy=Terraform 1.9"],
  NOT_MANAGED_BY_SSM: [
    { ...eligibleInput, commands: { ping: "ConnectionLost", documents: [] } },
    "shows its agent as ConnectionLost",
  ],
  DOCUMENT_UNFIT: [
    {
      ...eligibleInput,
      commands: {
        ping: "Online",
        documents: [
          { name: "quiesce", status: "Active", type: "Command", requiredParameters: ["Database"] },
        ],
      },
    },
    "quiesce needs the parameters Database",
  ],
  TYPE_WITHOUT_SPOT: [withType({ supportsSpot: false }), "m5.large"],
  SCHEDULED_EVENT_PENDING: [withInstance({ scheduledEvents: ["system-reboot"] }), "system-reboot"],
  ROUTER_OR_NAT: [withPrimary({ sourceDestCheck: false }), "eni-0"],
  CAPACITY_RESERVATION: [withInstance({ capacityReservationId: "cr-1" }), "cr-1"],
  PRIMARY_PRIVATE_IP_WOULD_CHANGE: [withPolicy(eligibleInput, { acceptChangeOf: [] }), "10.0.0.10"],
  PUBLIC_IP_WOULD_CHANGE: [withInstance({ autoAssignedPublicIp: "198.51.100.7" }), "198.51.100.7"],
  IPV6_WOULD_CHANGE: [withPrimary({ ipv6Count: 2 }), "2 IPv6"],
  MULTI_ATTACH_VOLUME: [
    withInstance({ volumes: [rootVolume, { ...dataVolume, multiAttach: true }] }),
    "vol-data",
  ],
  MULTIPLE_NETWORK_CARDS: [
    withInstance({ networkInterfaces: [primaryEni, { ...secondaryEni, networkCardIndex: 1 }] }),
    "eni-1",
  ],
  ZONE_WITHOUT_LOAD_BALANCER: [
    withTargetGroup([{ arn: "lb-1", zoneIds: ["use1-az1"] }]),
    "lb-1 serves use1-az1 and sends nothing to use1-az4 (us-east-1a)",
  ],
  IN_CLASSIC_LOAD_BALANCER: [
    withInstance({ classicLoadBalancers: ["old-web", "older-web"] }),
    "classic load balancer old-web and older-web",
  ],
  EFA_INTERFACE: [withPrimary({ interfaceType: "efa" }), "eni-0"],
  INTERFACE_NOT_MOVABLE: [withPrimary({ interfaceType: "trunk" }), "trunk"],
  DATA_VOLUMES_WITH_STATELESS: [
    withPolicy(withInstance({ volumes: [rootVolume, dataVolume] }), { consistency: "stateless" }),
    "vol-data on /dev/sdf",
  ],
  NO_IMAGE_FOR_STATELESS: [
    withPolicy(withInstance({ imageExists: false }), { consistency: "stateless" }),
    "ami-0123456789abcdef0",
  ],
  PROD_NOT_ALLOWED: [withAccount({ environment: "PROD" }), "PROD"],
  UNPROVED: [
    withPolicy(withAccount({ environment: "PROD" }), { allowProdLinear: true }),
    "set accept_unproved",
  ],
  ACCOUNT_DISABLED: [withAccount({ status: "DISABLED" }), "DISABLED"],
  KEY_PAIR_MISSING: [
    { ...withInstance({ keyName: "ops" }), launch: { keyPairExists: false } },
    "import-key-pair --key-name ops",
  ],
  PLACEMENT_GROUP_MISSING: [
    { ...withInstance({ placementGroup: { name: "ring", groupId: "pg-1" } }), launch: {} },
    "Placement group ring",
  ],
  KEY_UNUSABLE: [
    withKey({ kind: "FOUND", state: "Disabled" }),
    `First enable it (aws kms enable-key --key-id ${key.keyId} --region us-east-1)`,
  ],
  KEY_CLOSED_TO_SPOT: [
    withKey({
      kind: "FOUND",
      state: "Enabled",
      access: { role: { kind: "OPEN" }, spot: { kind: "CLOSED" } },
    }),
    `aws kms create-grant --key-id ${key.keyId} --region us-east-1 --grantee-principal arn:aws:iam::${plainInstance.accountId}:role/aws-service-role/spot.amazonaws.com/AWSServiceRoleForEC2Spot`,
  ],
  KEY_CLOSED_TO_ROLE: [
    withKey({ kind: "FOUND", state: "Enabled", access: { role: { kind: "CLOSED" } } }),
    `--grantee-principal ${eligibleInput.account.roleArn}`,
  ],
  TOO_MANY_TAGS: [
    { ...withInstance({ tags: ownTags(45) }), launch: {} },
    `${plainInstance.instanceId} would have 51`,
  ],
  TOO_MANY_SNAPSHOTS: [
    { ...eligibleInput, launch: { snapshots: { kind: "COUNTED", count: 99_999, quota: 100_000 } } },
    "has 99999 of the 100000 snapshots that it may have in us-east-1",
  ],
  NOT_CARRIED: [
    withInstance({ notCarried: [{ member: "OutpostArn", reason: "Outposts sell no Spot" }] }),
    "OutpostArn (Outposts sell no Spot)",
  ],
  LAUNCH_REFUSED: [
    {
      ...eligibleInput,
      launch: {
        refusal: { code: "InvalidParameterValue", message: "Invalid IAM Instance Profile ARN." },
      },
    },
    "InvalidParameterValue, Invalid IAM Instance Profile ARN. Mend",
  ],
  REGION_NOT_CONNECTED: [withTarget({ region: "eu-west-1" }), "eu-west-1"],
  REGION_NOT_SERVED: [
    {
      ...withTarget({ region: "cn-north-1" }),
      account: { ...eligibleInput.account, regions: ["cn-north-1"] },
    },
    "cn-north-1 is not of partition aws",
  ],
  WRONG_INSTANCE_TYPE_REGISTERED: [withTarget({ instanceType: "c5.large" }), "c5.large"],
  MODEL_NOT_ALLOWED: [
    { ...eligibleInput, riskModel: { version: "streak-3", status: "archived" } },
    "streak-3",
  ],
  PERMISSION_MISSING: [
    withMissing("linear", "ec2:AttachVolume"),
    "lacked ec2:AttachVolume in us-east-1 when it was verified",
  ],
};

describe("eligibility", () => {
  it("takes a plain On-Demand instance whose owner accepts another private address", () => {
    expect(judgeEligibility(eligibleInput)).toEqual({ kind: "ELIGIBLE" });
  });

  const deploymentId = deploymentIdSchema.parse("dpl-0123456789");
  const day = (count: number): string =>
    new Date(Date.parse(sampleInstance.launchedAt) - count * 86_400_000).toISOString();

  it.each<{ readonly what: string; readonly input: EligibilityInput }>([
    {
      what: "that our own deployment has claimed",
      input: { ...withTags({ "spot-optimizer:claim": "dpl-0123456789#4" }), deploymentId },
    },
    {
      what: "of infrastructure as code whose owner brings the state after it",
      input: withPolicy(withTags({ "aws:cloudformation:stack-name": "web" }), {
        acceptIacDrift: true,
      }),
    },
    {
      what: "with a schedule that its owner gives up",
      input: withPolicy(withTags({ Schedule: "office-hours" }), { acceptOwnerStops: true }),
    },
    { what: "that was started twice in two weeks", input: withTarget({ launchesSeen: [day(3)] }) },
  ])("takes one $what", ({ input }) => {
    expect(judgeEligibility(input)).toEqual({ kind: "ELIGIBLE" });
  });

  it("refuses one that was started three times in two weeks, naming when", () => {
    const judged = judgeEligibility(withTarget({ launchesSeen: [day(3), day(7)] }));
    expect(judged).toMatchObject({
      objections: [
        {
          code: "OWNER_STOPS_IT",
          sentence: expect.stringContaining(`(${day(7)}, ${day(3)}, `) as unknown,
        },
      ],
    });
  });

  it("has a case for every code there is", () => {
    expect(Object.keys(cases).sort()).toEqual([...linearCodes].sort());
  });

  it.each(Object.entries(cases))("finds %s, and nothing else, in its case", (code, [input]) => {
    expect(codesOf(input)).toEqual([code]);
  });

  it.each(Object.entries(cases))(
    "names in the sentence of %s the value found, and what to do",
    (_, [input, value]) => {
      const [objection] = findingsOf(input);
      expect(objection?.sentence).toContain(value);
      expect(objection?.sentence).toMatch(/[:,.] .*\.$/s);
    },
  );

  it("keeps every objection, the registration's first", () => {
    const input = { ...withInstance({ state: "stopped", productCodes: ["abc"] }) };
    expect(codesOf({ ...input, account: { ...labAccount, environment: "PROD" } })).toEqual([
      "PROD_NOT_ALLOWED",
      "INSTANCE_NOT_RUNNING",
      "PRODUCT_CODES",
    ]);
  });

  it("does not call an instance absent that was not asked for", () => {
    const input = { ...withAccount({ status: "DISABLED" }), instance: undefined, type: undefined };
    expect(codesOf(input)).toEqual(["ACCOUNT_DISABLED"]);
  });

  it("never makes an instance eligible by a further flaw", () => {
    const flaws = Object.values(cases).flatMap(([{ instance }]) => instance ?? []);
    fc.assert(
      fc.property(fc.subarray(flaws, { minLength: 1 }), (chosen) => {
        const merged = chosen.reduce<InstanceFacts>((whole, flaw) => {
          const changed = Object.entries(flaw).filter(
            ([key, value]) => plainInstance[key as keyof InstanceFacts] !== value,
          );
          return { ...whole, ...Object.fromEntries(changed) };
        }, plainInstance);
        const judged = judgeEligibility({
          ...eligibleInput,
          instance: merged,
          policy: openPolicy({ acceptChangeOf: [], consistency: "stateless" }),
        });
        expect(judged.kind).toBe("INELIGIBLE");
      }),
    );
  });
});

describe("eligibility of identity that can't move", () => {
  const both = withInstance({
    autoAssignedPublicIp: "198.51.100.7",
    networkInterfaces: [{ ...primaryEni, ipv6Count: 1 }],
  });

  it("refuses every part by default", () => {
    expect(codesOf(withPolicy(both, { acceptChangeOf: [] }))).toEqual([
      "PRIMARY_PRIVATE_IP_WOULD_CHANGE",
      "PUBLIC_IP_WOULD_CHANGE",
      "IPV6_WOULD_CHANGE",
    ]);
  });

  it("accepts only what the policy names", () => {
    expect(codesOf(withPolicy(both, { acceptChangeOf: ["primary-private-ip", "ipv6"] }))).toEqual([
      "PUBLIC_IP_WOULD_CHANGE",
    ]);
    expect(
      codesOf(withPolicy(both, { acceptChangeOf: ["primary-private-ip", "ipv6", "public-ip"] })),
    ).toEqual([]);
  });

  it("fears for no assigned public address where an Elastic IP has taken its place", () => {
    const address = { privateIp: "10.0.0.10", primary: true, allocationId: "eipalloc-1" };
    const input = withInstance({
      autoAssignedPublicIp: "198.51.100.7",
      networkInterfaces: [{ ...primaryEni, privateAddresses: [address] }],
    });
    expect(codesOf(input)).toEqual([]);
  });

  it("lets a secondary interface take its IPv6 addresses along", () => {
    const input = withInstance({
      networkInterfaces: [primaryEni, { ...secondaryEni, ipv6Count: 3 }],
    });
    expect(codesOf(input)).toEqual([]);
  });
});

describe("eligibility where policy or history decides", () => {
  it.each([
    [
      "PROD, if allowed, with a proof",
      withPolicy(withAccount({ environment: "PROD" }), {
        allowProdLinear: true,
        proof: [{ kind: "target-groups" }],
      }),
    ],
    [
      "PROD, if allowed, unproved as its owner wants",
      withPolicy(withAccount({ environment: "PROD" }), {
        allowProdLinear: true,
        acceptUnproved: true,
      }),
    ],
    [
      "data volumes that are carried",
      withPolicy(withInstance({ volumes: [rootVolume, dataVolume] }), {
        consistency: "move-volumes",
      }),
    ],
    ["a lost image that is not needed", withInstance({ imageExists: false })],
    [
      "our own target's replacement, if On-Demand",
      withTags({ ManagedBy: "SpotOptimizer", "spot-optimizer:target": linearTarget.targetId }),
    ],
  ])("takes %s", (_, input) => {
    expect(codesOf(input)).toEqual([]);
  });
});

describe("eligibility by where an original is to start", () => {
  const own = "arn:aws:resource-groups:us-east-1:1:group/spot-optimizer-dpl-1-";
  it.each([
    [{}, []],
    [{ preference: "open" }, []],
    [{ preference: "none" }, []],
    // An earlier roll-back has started it there.
    [{ groupArn: `${own}${sampleInstance.instanceId}` }, []],
    [{ groupArn: `${own}i-0other` }, ["CAPACITY_RESERVATION"]],
    [{ groupArn: "arn:aws:resource-groups:us-east-1:1:group/ours" }, ["CAPACITY_RESERVATION"]],
    [{ reservationId: "cr-1" }, ["CAPACITY_RESERVATION"]],
    [{ preference: "capacity-reservations-only" }, ["CAPACITY_RESERVATION"]],
  ])("%j", (capacityChoice, codes) => {
    expect(codesOf(withInstance({ capacityChoice }))).toEqual(codes);
  });
});

describe("room for our tags", () => {
  const onRoot = (tags: Readonly<Record<string, string>>) =>
    withInstance({ volumes: [{ ...rootVolume, tags }] });
  const onPrimary = (tags: Readonly<Record<string, string>>) =>
    withInstance({ networkInterfaces: [{ ...primaryEni, tags }] });

  it.each([
    ["as many as fit", withTags(ownTags(44)), []],
    ["AWS's own, which don't count", withTags({ ...ownTags(44), ...awsTags(20) }), []],
    ["one too many on the instance", withTags(ownTags(45)), ["TOO_MANY_TAGS"]],
    ["as many as fit on the root volume", onRoot(ownTags(46)), []],
    ["one too many on the root volume", onRoot(ownTags(47)), ["TOO_MANY_TAGS"]],
    ["as many as fit on the primary interface", onPrimary(ownTags(46)), []],
    ["one too many on the primary interface", onPrimary(ownTags(47)), ["TOO_MANY_TAGS"]],
  ])("%s", (_what, input, codes) => {
    expect(codesOf({ ...input, launch: {} })).toEqual(codes);
  });

  it("is not looked at in records from before it was", () => {
    expect(codesOf(withTags(ownTags(50)))).toEqual([]);
  });
});

describe("eligibility by what was found", () => {
  it.each(["nitro", "xen"])(
    "takes a type's instance store for used, mapped or not: %s",
    (hypervisor) => {
      expect(codesOf(withType({ hypervisor, instanceStoreGb: 75 }))).toEqual([
        "INSTANCE_STORE_IN_USE",
      ]);
    },
  );

  it.each([
    ["nitro", 0, ["/dev/sdb"], ["INSTANCE_STORE_IN_USE"]],
    ["nitro", 75, [], ["INSTANCE_STORE_IN_USE"]],
    ["xen", 75, ["/dev/sdb"], ["INSTANCE_STORE_IN_USE"]],
    ["xen", 75, [], []],
  ])(
    "judges an older record as it was judged: %s, %s GB, %j",
    (hypervisor, instanceStoreGb, devices, codes) => {
      const { type } = withType({ hypervisor, instanceStoreGb });
      expect(codesOf({ ...withInstance({ instanceStoreDevices: devices }), type })).toEqual(codes);
    },
  );

  it("asks to verify an account that never was", () => {
    expect(findingsOf(withAccount({ status: "PENDING" }))).toEqual([
      {
        code: "ACCOUNT_DISABLED",
        sentence: "Account 123456789012 (Shop) is PENDING: verify it once.",
      },
    ]);
  });

  it("names Kubernetes before the Auto Scaling group that carries the node", () => {
    const tags = { "aws:autoscaling:groupName": "ng", "kubernetes.io/cluster/blue": "owned" };
    expect(codesOf(withTags(tags))).toEqual(["EKS_NODE", "IN_AUTO_SCALING_GROUP"]);
  });

  it.each([
    ["Linux/UNIX", []],
    ["Windows", []],
    ["SUSE Linux", []],
    ["Red Hat Enterprise Linux", []],
    ["Red Hat Enterprise Linux with HA", ["PLATFORM_WITHOUT_SPOT_PRODUCT"]],
    ["Red Hat BYOL Linux", ["PLATFORM_WITHOUT_SPOT_PRODUCT"]],
    ["SQL Server Web", ["PLATFORM_WITHOUT_SPOT_PRODUCT"]],
    ["Ubuntu Pro", ["PLATFORM_WITHOUT_SPOT_PRODUCT"]],
    ["Windows BYOL", ["PLATFORM_WITHOUT_SPOT_PRODUCT"]],
  ])("knows whether Spot sells %s", (platformDetails, codes) => {
    expect(codesOf(withInstance({ platformDetails }))).toEqual(codes);
  });
});

describe("a permission that is known to be missing", () => {
  const missing = withMissing("linear", "ec2:AttachVolume");
  const inShadow = { ...linearTarget, isShadowMode: true };

  it.each<[string, EligibilityInput, readonly string[]]>([
    ["keeps from a switch", missing, ["PERMISSION_MISSING"]],
    ["of reading, too", withMissing("read", "ec2:DescribeVolumes"), ["PERMISSION_MISSING"]],
    ["not from a verdict in shadow mode", { ...missing, target: inShadow }, []],
    ["not in another region", withMissing("linear", "ec2:AttachVolume", ["eu-west-1"]), []],
    ["not of a part that the mode does not need", withMissing("cluster", "x:Y"), []],
    ["not of the fallback", withMissing("on-demand-fallback", "ec2:RunInstances"), []],
  ])("%s", (_what, input, codes) => {
    expect(codesOf(input)).toEqual(codes);
  });

  it("of the fallback keeps from a way back, and names the option", () => {
    const input = withMissing("on-demand-fallback", "ec2:RunInstances");
    const found = findingsOf({ ...input, kind: "FALL_BACK" });
    expect(found.find(({ code }) => code === "PERMISSION_MISSING")?.sentence).toContain(
      "AllowOnDemandFallback=true",
    );
  });

  it("is named with the commands that mend it", () => {
    const [found] = findingsOf(missing);
    for (const words of ["role-template", "aws cloudformation deploy", "/verify"]) {
      expect(found?.sentence).toContain(words);
    }
  });
});
