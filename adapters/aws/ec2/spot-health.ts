/** The health of several Spot Instances at once: three calls, however many they are (up to 100). */
import {
  DescribeInstanceStatusCommand,
  type EC2Client,
  type InstanceStatus,
} from "@aws-sdk/client-ec2";
import type { InstanceHealth } from "../../../core/model/instance.ts";
import { orAbsent } from "../or-absent.ts";
import { callAws } from "../translate-error.ts";
import { withoutUndefined } from "../without-undefined.ts";
import { describeInstances, instanceState } from "./describe.ts";
import { checksOf, readSpotStatuses } from "./health.ts";

/**
 * Of those that EC2 has shown a moment ago: the call takes no filter by id, and refuses all where it does not know one. What it then says is unknown
 * for each. Source: EC2 API reference, DescribeInstanceStatus.
 */
const describeStatuses = async (
  ec2: EC2Client,
  instanceIds: readonly string[],
): Promise<readonly InstanceStatus[]> => {
  if (instanceIds.length === 0) return [];
  const answer = await orAbsent(() =>
    callAws({ action: "DescribeInstanceStatus", resource: instanceIds.join(" ") }, () =>
      ec2.send(
        // Without IncludeAllInstances it leaves out what is not running.
        new DescribeInstanceStatusCommand({
          InstanceIds: [...instanceIds],
          IncludeAllInstances: true,
        }),
      ),
    ),
  );
  return answer?.InstanceStatuses ?? [];
};

/**
 * In the order asked. One that EC2 does not show has no state and unknown checks; one whose Spot request is not shown has no Spot
 * status: neither is a pass.
 */
export const readSpotHealths = async (
  ec2: EC2Client,
  instanceIds: readonly string[],
): Promise<readonly InstanceHealth[]> => {
  if (instanceIds.length === 0) return [];
  const instances = await describeInstances(ec2, [
    { Name: "instance-id", Values: [...instanceIds] },
  ]);
  const shown = instances.flatMap(({ InstanceId: id }) => id ?? []);
  const [statuses, spotStatuses] = await Promise.all([
    describeStatuses(ec2, shown),
    readSpotStatuses(ec2, instanceIds),
  ]);
  const codes = new Map(spotStatuses);
  return instanceIds.map((instanceId) => {
    const instance = instances.find(({ InstanceId }) => InstanceId === instanceId);
    const status = statuses.find(({ InstanceId }) => InstanceId === instanceId);
    return withoutUndefined({
      instanceId,
      state: instanceState(instance?.State?.Name),
      stateReason: instance?.StateReason?.Code,
      ...checksOf(status),
      spotStatus: codes.get(instanceId),
    });
  });
};
