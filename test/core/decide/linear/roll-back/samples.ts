/** An original with everything that can move, its replacement, and the intents of a whole switch. */
import type { Intent, IntentChange } from "../../../../../core/model/intent.ts";
import type { IntentStatus } from "../../../../../core/model/intents/base.ts";
import type {
  FoundInstance,
  RollbackInput,
} from "../../../../../core/decide/linear/roll-back/world.ts";

export const original = "i-0a";
export const replacement = "i-0b";
export const groupArn =
  "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/web/73e2d6bc24d8a067";

export const capacityGroupName = "spot-optimizer-dpl-1-i-0a";
export const capacityGroupArn = `arn:aws:resource-groups:us-east-1:123456789012:group/${capacityGroupName}`;

/** A reservation whose answer never came. */
export const reservationWithoutAnswer = {
  kind: "RESERVE_CAPACITY",
  clientToken: "token",
  instanceType: "m5.large",
  zoneName: "us-east-1a",
  platform: "Linux/UNIX",
  tenancy: "default",
  endsAt: "2025-03-01T18:00:00.000Z",
  dueAt: "2025-03-01T18:00:00.000Z",
} as const satisfies IntentChange;

/** A security group whose answer never came. */
export const isolationWithoutAnswer = {
  kind: "ISOLATE",
  groupName: "isolation",
  vpcId: "vpc-1",
  dueAt: "2025-03-01T12:00:00.000Z",
} as const satisfies IntentChange;

/** A launch whose answer never came. */
export const launchWithoutAnswer = {
  kind: "LAUNCH_INSTANCE",
  clientToken: "token",
  poolKey: "us-east-1#use1-az4#m5.large#Linux/UNIX",
  imageId: "ami-warm",
  subnetId: "subnet-1",
} as const satisfies IntentChange;

export const changes = {
  warmImage: { kind: "CREATE_IMAGE", purpose: "warm", imageName: "warm", imageId: "ami-warm" },
  launch: { ...launchWithoutAnswer, instanceId: replacement },
  reserve: {
    ...reservationWithoutAnswer,
    reservationId: "cr-1",
    reservationArn: "arn:aws:ec2:us-east-1:123456789012:capacity-reservation/cr-1",
  },
  capacityGroup: {
    kind: "GROUP_CAPACITY",
    groupName: capacityGroupName,
    groupArn: capacityGroupArn,
  },
  isolate: { ...isolationWithoutAnswer, groupId: "sg-isolation", isClosed: true },
  endIsolation: {
    kind: "END_ISOLATION",
    instanceId: replacement,
    networkInterfaceId: "eni-b",
    securityGroupIds: ["sg-web"],
  },
  stop: { kind: "STOP_INSTANCE", instanceId: original },
  finalImage: { kind: "CREATE_IMAGE", purpose: "final", imageName: "final", imageId: "ami-final" },
  replaceRoot: { kind: "REPLACE_ROOT", instanceId: replacement, imageId: "ami-final" },
  volume: {
    kind: "MOVE_VOLUME",
    volumeId: "vol-1",
    fromInstanceId: original,
    toInstanceId: replacement,
    deviceName: "/dev/sdf",
    deleteOnTermination: true,
  },
  interface: {
    kind: "MOVE_INTERFACE",
    networkInterfaceId: "eni-moving",
    fromInstanceId: original,
    toInstanceId: replacement,
    deviceIndex: 1,
    deleteOnTermination: false,
  },
  privateIps: {
    kind: "MOVE_PRIVATE_IPS",
    privateIps: ["10.0.0.6"],
    fromInterfaceId: "eni-a",
    toInterfaceId: "eni-b",
  },
  targetGroup: {
    kind: "MOVE_TARGET_GROUP",
    targetGroupArn: groupArn,
    port: 80,
    fromInstanceId: original,
    toInstanceId: replacement,
  },
  address: {
    kind: "MOVE_ADDRESS",
    allocationId: "eipalloc-1",
    fromInterfaceId: "eni-a",
    fromPrivateIp: "10.0.0.5",
    toInterfaceId: "eni-b",
    toPrivateIp: "10.0.0.20",
  },
  keepRoot: {
    kind: "KEEP_ROOT",
    instanceId: replacement,
    deviceName: "/dev/xvda",
    volumeId: "vol-root-b",
  },
  retire: {
    kind: "RETIRE_ORIGINAL",
    instanceId: original,
    dueAt: "2025-03-02T12:00:00.000Z",
    launchedAt: "2025-02-01T00:00:00.000Z",
  },
} as const satisfies Record<string, IntentChange>;

export const intentOf = (change: IntentChange, status: IntentStatus = "ACTED"): Intent => ({
  id: `${change.kind.toLowerCase()}-${"purpose" in change ? change.purpose : "1"}`,
  status,
  fence: 1,
  plannedAt: "2025-03-01T12:00:00.000Z",
  change,
});

export const bare = (
  instanceId: string,
  state: FoundInstance["state"] = "running",
): FoundInstance => ({ instanceId, state, volumes: [], networkInterfaces: [] });

/** Private address 10.0.0.6 carries an Elastic IP of its own, eipalloc-2, which no intent names. */
export const before: FoundInstance = {
  instanceId: original,
  state: "running",
  volumes: [{ volumeId: "vol-root" }, { volumeId: "vol-1" }],
  networkInterfaces: [
    {
      networkInterfaceId: "eni-a",
      privateAddresses: [
        { privateIp: "10.0.0.5", allocationId: "eipalloc-1" },
        { privateIp: "10.0.0.6", allocationId: "eipalloc-2" },
      ],
    },
    { networkInterfaceId: "eni-moving", privateAddresses: [{ privateIp: "10.0.0.7" }] },
  ],
};

/** The original runs as before, with all its identity; nothing that we created is there. */
export const atHome: RollbackInput = {
  originalId: original,
  // All that may be unseen has been asked for long enough.
  now: "2026-03-01T12:00:00.000Z",
  askedSince: "2026-03-01T11:50:00.000Z",
  original: before,
  before,
  intents: [],
  replacements: [],
  images: [],
  tagged: [],
  reservations: [],
  isolation: [],
  volumes: [
    {
      volumeId: "vol-1",
      state: "in-use",
      attachedTo: original,
      deviceName: "/dev/sdf",
      attachmentState: "attached",
      deleteOnTermination: true,
    },
  ],
  interfaces: [
    {
      networkInterfaceId: "eni-a",
      attachedTo: original,
      attachmentId: "attach-a",
      privateIps: ["10.0.0.5", "10.0.0.6"],
    },
    {
      networkInterfaceId: "eni-b",
      attachedTo: replacement,
      attachmentId: "attach-b",
      privateIps: ["10.0.0.20"],
    },
    {
      networkInterfaceId: "eni-moving",
      attachedTo: original,
      attachmentId: "attach-m",
      attachmentState: "attached",
      deleteOnTermination: false,
      privateIps: ["10.0.0.7"],
    },
  ],
  addresses: [
    {
      allocationId: "eipalloc-1",
      networkInterfaceId: "eni-a",
      privateIp: "10.0.0.5",
      associationId: "eipassoc-1",
    },
    {
      allocationId: "eipalloc-2",
      networkInterfaceId: "eni-a",
      privateIp: "10.0.0.6",
      associationId: "eipassoc-2",
    },
  ],
  targetGroups: [{ arn: groupArn, port: 80, instanceIds: [original] }],
};
