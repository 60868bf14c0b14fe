/** An original with every kind of identity that can move, its replacement, and what is left of it after moves. */
import type { InstanceFacts, NetworkInterfaceFacts } from "../../../../core/model/instance.ts";
import type { IntentChange } from "../../../../core/model/intent.ts";
import { instanceIdSchema } from "../../../../core/model/ids.ts";
import {
  dataVolume,
  plainInstance,
  primaryEni,
  rootVolume,
  secondaryEni,
} from "./eligible-facts.ts";

export const webGroup =
  "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/web/73e2d6bc24d8a067";

export const fullInstance: InstanceFacts = {
  ...plainInstance,
  volumes: [rootVolume, dataVolume],
  networkInterfaces: [
    {
      ...primaryEni,
      privateAddresses: [
        { privateIp: "10.0.0.10", primary: true, allocationId: "eipalloc-main" },
        { privateIp: "10.0.0.12", primary: false, allocationId: "eipalloc-second" },
        { privateIp: "10.0.0.11", primary: false },
      ],
    },
    secondaryEni,
  ],
  targetGroups: [{ arn: webGroup, port: 80 }],
};

export const replacement: InstanceFacts = {
  ...plainInstance,
  instanceId: instanceIdSchema.parse("i-0fedcba9876543210"),
  lifecycle: "spot",
  networkInterfaces: [
    {
      ...primaryEni,
      networkInterfaceId: "eni-new",
      attachmentId: "eni-attach-new",
      privateAddresses: [{ privateIp: "10.0.0.99", primary: true }],
    },
  ],
};

const withoutAddresses = (
  found: NetworkInterfaceFacts,
  move: IntentChange,
): NetworkInterfaceFacts => {
  if (move.kind === "MOVE_PRIVATE_IPS" && move.fromInterfaceId === found.networkInterfaceId) {
    const kept = found.privateAddresses.filter(
      ({ privateIp }) => !move.privateIps.includes(privateIp),
    );
    return { ...found, privateAddresses: kept };
  }
  if (move.kind !== "MOVE_ADDRESS") return found;
  return {
    ...found,
    privateAddresses: found.privateAddresses.map(({ allocationId, ...address }) =>
      allocationId === undefined || allocationId === move.allocationId
        ? address
        : { ...address, allocationId },
    ),
  };
};

const afterMove = (instance: InstanceFacts, move: IntentChange): InstanceFacts => ({
  ...instance,
  volumes: instance.volumes.filter(
    ({ volumeId }) => move.kind !== "MOVE_VOLUME" || move.volumeId !== volumeId,
  ),
  networkInterfaces: instance.networkInterfaces
    .filter(
      ({ networkInterfaceId }) =>
        move.kind !== "MOVE_INTERFACE" || move.networkInterfaceId !== networkInterfaceId,
    )
    .map((found) => withoutAddresses(found, move)),
  targetGroups: instance.targetGroups.filter(
    ({ arn, port }) =>
      move.kind !== "MOVE_TARGET_GROUP" || move.targetGroupArn !== arn || move.port !== port,
  ),
});

/** The original as EC2 shows it once the moves have acted. */
export const withoutMoved = (
  instance: InstanceFacts,
  moves: readonly IntentChange[],
): InstanceFacts => moves.reduce(afterMove, instance);
