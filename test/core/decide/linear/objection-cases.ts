/** One case for each reason against an instance: what is found, and a word that the sentence must hold. */
import { type EligibilityInput } from "../../../../core/decide/linear/eligibility.ts";
import type { Account } from "../../../../core/model/account.ts";
import type { Loss } from "../../../../core/model/loss.ts";
import { evaluationIdSchema, instanceIdSchema } from "../../../../core/model/ids.ts";
import type { InstanceFacts } from "../../../../core/model/instance.ts";
import type { FoundKey } from "../../../../core/model/kms-key.ts";
import type { InstanceTypeFacts } from "../../../../core/model/market.ts";
import type { LoadBalancerFacts } from "../../../../core/model/target-group.ts";
import type { TargetOf } from "../../../../core/model/target.ts";
import { instanceReasons } from "../../../../core/model/reasons/instance.ts";
import { registrationReasons } from "../../../../core/model/reasons/registration.ts";
import { sharedReasons } from "../../../../core/model/reasons/shared.ts";
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

export const withInstance = (change: Partial<InstanceFacts>): EligibilityInput => ({
  ...eligibleInput,
  instance: { ...plainInstance, ...change },
});
export const withTags = (tags: Readonly<Record<string, string>>) => withInstance({ tags });
const withTargetGroup = (loadBalancers: readonly LoadBalancerFacts[]) =>
  withInstance({ targetGroups: [{ arn: "tg-1", port: 80, loadBalancers }] });
const withPrimary = (change: Partial<typeof primaryEni>) =>
  withInstance({ networkInterfaces: [{ ...primaryEni, ...change }] });
export const withAccount = (change: Partial<Account>): EligibilityInput => ({
  ...eligibleInput,
  account: { ...labAccount, ...change },
});
export const withMissing = (
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
export const withTarget = (change: Partial<TargetOf<"LINEAR">>): EligibilityInput => ({
  ...eligibleInput,
  target: { ...linearTarget, ...change },
});
export const withType = (change: Partial<InstanceTypeFacts>): EligibilityInput => ({
  ...eligibleInput,
  type: { ...m5Large, ...change },
});
export const withPolicy = (input: EligibilityInput, change: Partial<Policy>): EligibilityInput => ({
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

export const ownTags = (count: number): Readonly<Record<string, string>> =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`owner-${String(index)}`, "x"]));
export const awsTags = (count: number): Readonly<Record<string, string>> =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`aws:x:${String(index)}`, "x"]));

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

const lost: Loss = {
  how: "ENDED",
  by: "EC2",
  downSince: "2026-03-02T09:00:00.000Z",
  sentence: "It is terminated.",
  pool: {
    region: "us-east-1",
    zoneId: "use1-az4",
    instanceType: "m5.large",
    product: "Linux/UNIX",
  },
};
const recovery = (found: Pick<EligibilityInput, "lost" | "placedBy">): EligibilityInput => ({
  ...eligibleInput,
  policy: { ...eligibleInput.policy, consistency: "stateless" },
  kind: "RECOVER",
  ...found,
});

/** One case for each code: what is found, and a word that the sentence must hold (the value found). */
export const linearCodes = [...registrationReasons, ...sharedReasons, ...instanceReasons] as const;

export const cases: Readonly<
  Record<(typeof linearCodes)[number], readonly [EligibilityInput, string]>
> = {
  INSTANCE_NOT_FOUND: [{ ...eligibleInput, instance: undefined }, linearTarget.instanceId],
  INSTANCE_NOT_RUNNING: [withInstance({ state: "stopped" }), "is stopped"],
  INSTANCE_TYPE_UNKNOWN: [{ ...eligibleInput, type: undefined }, "m5.large"],
  ALREADY_SPOT: [withInstance({ lifecycle: "spot" }), "use1-az4"],
  ALREADY_ON_DEMAND: [{ ...eligibleInput, kind: "FALL_BACK" }, "use1-az4"],
  NOT_PLACED_BY_A_SWITCH: [
    { ...withInstance({ lifecycle: "spot" }), kind: "FALL_BACK" },
    "spot-optimizer:evaluation",
  ],
  NOT_INTERRUPTED: [recovery({ placedBy }), linearTarget.instanceId],
  ENDED_BY_ITS_OWNER: [recovery({ placedBy, lost: { ...lost, by: "OWNER" } }), lost.sentence],
  LAST_LAUNCH_UNKNOWN: [
    { ...recovery({ placedBy, lost }), instance: undefined },
    linearTarget.instanceId,
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
