/** Plans what moves from the original to the replacement, in the order in which it moves; addresses last. */
import { SpotOptimizerError } from "../../errors.ts";
import type {
  AttachedInterface,
  InstanceFacts,
  NetworkInterfaceFacts,
  PrivateAddressFacts,
} from "../../model/instance.ts";
import type { IntentChange } from "../../model/intent.ts";
import type { Policy } from "../../policy/policy.ts";
import {
  primaryInterface,
  targetGroupsOf,
  travellingInterfaces,
  travellingPrivateIps,
  travellingVolumes,
} from "./travelling-parts.ts";

export interface IdentityMove {
  /** Made of what moves, so that a second plan from the same facts finds the first one's intents. */
  readonly id: string;
  readonly change: IntentChange;
}

/** An instance, by what it shows of its interfaces. */
type Attached = Pick<InstanceFacts, "instanceId"> & {
  readonly networkInterfaces: readonly AttachedInterface[];
};

interface PlanInput {
  /** As it was before anything moved: planning from a half-moved original would forget the other half. */
  readonly instance: InstanceFacts;
  readonly replacement: Attached;
  readonly policy: Policy;
}

/** Throws RetryableNotVisible: EC2 shows an instance's interfaces a moment after the instance itself. */
const primaryOf = (instance: Attached): AttachedInterface => {
  const primary = primaryInterface(instance);
  if (primary !== undefined) return primary;
  throw new SpotOptimizerError(
    "RetryableNotVisible",
    `EC2 does not show the primary interface of ${instance.instanceId}.`,
    { resource: instance.instanceId },
  );
};

const primaryIpOf = (networkInterface: AttachedInterface): string => {
  const address = networkInterface.privateAddresses.find((found) => found.primary);
  if (address !== undefined) return address.privateIp;
  throw new SpotOptimizerError(
    "RetryableNotVisible",
    `EC2 does not show the primary private address of ${networkInterface.networkInterfaceId}.`,
    { resource: networkInterface.networkInterfaceId },
  );
};

const betweenInstances = ({ instance, replacement }: PlanInput) => ({
  fromInstanceId: instance.instanceId,
  toInstanceId: replacement.instanceId,
});

const moveVolumes = (input: PlanInput): readonly IdentityMove[] =>
  travellingVolumes(input.instance, input.policy).map(
    ({ volumeId, deviceName, deleteOnTermination }) => ({
      id: `move-volume-${volumeId}`,
      change: {
        kind: "MOVE_VOLUME",
        volumeId,
        ...betweenInstances(input),
        deviceName,
        deleteOnTermination,
      },
    }),
  );

const moveInterfaces = (input: PlanInput): readonly IdentityMove[] =>
  travellingInterfaces(input.instance).map(
    ({ networkInterfaceId, deviceIndex, deleteOnTermination }) => ({
      id: `move-interface-${networkInterfaceId}`,
      change: {
        kind: "MOVE_INTERFACE",
        networkInterfaceId,
        ...betweenInstances(input),
        deviceIndex,
        deleteOnTermination,
      },
    }),
  );

const movePrivateIps = ({ instance, replacement }: PlanInput): readonly IdentityMove[] => {
  const privateIps = travellingPrivateIps(instance);
  if (privateIps.length === 0) return [];
  const fromInterfaceId = primaryOf(instance).networkInterfaceId;
  const toInterfaceId = primaryOf(replacement).networkInterfaceId;
  return [
    {
      id: `move-private-ips-${fromInterfaceId}`,
      change: { kind: "MOVE_PRIVATE_IPS", privateIps, fromInterfaceId, toInterfaceId },
    },
  ];
};

/** `…:targetgroup/web/73e2d6bc24d8a067` and 80 give `web-73e2d6bc24d8a067-80`: the hash makes it unique. */
const targetGroupLabel = (arn: string, port: number): string =>
  `${arn.replace(/^.*:targetgroup\//, "")}/${String(port)}`.replaceAll(/[^0-9A-Za-z-]/g, "-");

const moveTargetGroups = (input: PlanInput): readonly IdentityMove[] =>
  targetGroupsOf(input.instance).map(({ arn, port }) => ({
    id: `move-target-group-${targetGroupLabel(arn, port)}`,
    change: {
      kind: "MOVE_TARGET_GROUP",
      targetGroupArn: arn,
      port,
      ...betweenInstances(input),
    },
  }));

const moveAddress = (
  { instance, replacement }: PlanInput,
  from: NetworkInterfaceFacts,
  { allocationId, privateIp, primary }: PrivateAddressFacts,
): readonly IdentityMove[] => {
  if (allocationId === undefined) return [];
  const isOnPrimary = from === primaryInterface(instance);
  const to = isOnPrimary ? primaryOf(replacement) : from;
  return [
    {
      id: `move-address-${allocationId}`,
      change: {
        kind: "MOVE_ADDRESS",
        allocationId,
        fromInterfaceId: from.networkInterfaceId,
        fromPrivateIp: privateIp,
        toInterfaceId: to.networkInterfaceId,
        toPrivateIp: isOnPrimary && primary ? primaryIpOf(to) : privateIp,
      },
    },
  ];
};

/**
 * All of them, the one on the primary private address last. One on a secondary private address or interface follows that, so
 * that a call is made for it only where it did not. Source: EC2 API reference, AssignPrivateIpAddresses ("any Elastic IP
 * address … is also moved").
 */
const moveAddresses = (input: PlanInput): readonly IdentityMove[] =>
  input.instance.networkInterfaces
    .toReversed()
    .flatMap((from) =>
      from.privateAddresses.toReversed().flatMap((address) => moveAddress(input, from, address)),
    );

/**
 * Volumes, secondary interfaces, secondary private addresses, target groups, and the Elastic IPs last, so that
 * clients reach the replacement only when all else is there. Device names and indexes are kept.
 * Throws RetryableNotVisible when EC2 does not show an interface or address that a move needs.
 */
export const planIdentity = (input: PlanInput): readonly IdentityMove[] => [
  ...moveVolumes(input),
  ...moveInterfaces(input),
  ...movePrivateIps(input),
  ...moveTargetGroups(input),
  ...moveAddresses(input),
];

/** Parts of one stage move at the same time; the next stage begins when all of them are there. */
const stageOf: Readonly<Partial<Record<IntentChange["kind"], number>>> = {
  MOVE_VOLUME: 0,
  MOVE_INTERFACE: 0,
  MOVE_PRIVATE_IPS: 1,
  MOVE_TARGET_GROUP: 2,
  MOVE_ADDRESS: 3,
};

/** In their order. What has many parts is waited for once and not once for each part: the load is down meanwhile. */
export const stagesOf = (moves: readonly IdentityMove[]): readonly (readonly IdentityMove[])[] =>
  [0, 1, 2, 3]
    .map((stage) => moves.filter(({ change }) => stageOf[change.kind] === stage))
    .filter((stage) => stage.length > 0);
