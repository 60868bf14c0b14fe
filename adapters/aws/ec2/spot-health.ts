/** The health of several Spot Instances at once: two calls, however many they are (up to 100), while all are awake. */
import {
  DescribeInstanceStatusCommand,
  type EC2Client,
  type Instance,
  type InstanceStatus,
} from "@aws-sdk/client-ec2";
import type { InstanceHealth } from "../../../core/model/instance.ts";
import { orAbsent } from "../or-absent.ts";
import { callAws } from "../translate-error.ts";
import { withoutUndefined } from "../without-undefined.ts";
import { describeInstances, instanceState } from "./describe.ts";
import { checksOf, isAwake, readSpotStatuses } from "./health.ts";

/**
 * Undefined where EC2 does not know one of them: the call takes no filter by id, and then refuses all. Source: EC2 API reference,
 * DescribeInstanceStatus.
 */
const describeStatuses = async (
  ec2: EC2Client,
  instanceIds: readonly string[],
): Promise<readonly InstanceStatus[] | undefined> => {
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
  return answer && (answer.InstanceStatuses ?? []);
};

const idsOf = (found: readonly { readonly InstanceId?: string | undefined }[]): readonly string[] =>
  found.flatMap(({ InstanceId }) => InstanceId ?? []);

interface Shown {
  readonly statuses: readonly InstanceStatus[];
  /** Those that their statuses do not show awake, as EC2 itself shows them. */
  readonly instances: readonly Instance[];
}

const describe = (ec2: EC2Client, instanceIds: readonly string[]): Promise<Instance[]> =>
  instanceIds.length === 0
    ? Promise.resolve([])
    : describeInstances(ec2, [{ Name: "instance-id", Values: [...instanceIds] }]);

/** Some of them are not shown yet, or no longer: the statuses are asked for of the others. What these then do not tell is unknown for each. */
const showOneByOne = async (ec2: EC2Client, instanceIds: readonly string[]): Promise<Shown> => {
  const instances = await describe(ec2, instanceIds);
  return { instances, statuses: (await describeStatuses(ec2, idsOf(instances))) ?? [] };
};

const show = async (ec2: EC2Client, instanceIds: readonly string[]): Promise<Shown> => {
  const statuses = await describeStatuses(ec2, instanceIds);
  if (statuses === undefined) return showOneByOne(ec2, instanceIds);
  const awake = new Set(
    idsOf(statuses.filter(({ InstanceState: state }) => isAwake(instanceState(state?.Name)))),
  );
  const others = instanceIds.filter((id) => !awake.has(id));
  return { statuses, instances: await describe(ec2, others) };
};

/**
 * In the order asked, from two calls while all are awake, or one where all requests are `known`: their codes, by instance id, as they were read right before. One that EC2 does not show has no state and unknown checks; one whose Spot
 * request is not shown has no Spot status: neither is a pass.
 */
export const readSpotHealths = async (
  ec2: EC2Client,
  instanceIds: readonly string[],
  known: ReadonlyMap<string, string> = new Map(),
): Promise<readonly InstanceHealth[]> => {
  if (instanceIds.length === 0) return [];
  const asked = instanceIds.filter((id) => !known.has(id));
  const [{ statuses, instances }, spotStatuses] = await Promise.all([
    show(ec2, instanceIds),
    asked.length === 0 ? [] : readSpotStatuses(ec2, asked),
  ]);
  const codes = new Map([...known, ...spotStatuses]);
  return instanceIds.map((instanceId) => {
    const instance = instances.find(({ InstanceId }) => InstanceId === instanceId);
    const status = statuses.find(({ InstanceId }) => InstanceId === instanceId);
    return withoutUndefined({
      instanceId,
      state: instanceState((instance?.State ?? status?.InstanceState)?.Name),
      stateReason: instance?.StateReason?.Code,
      ...checksOf(status),
      spotStatus: codes.get(instanceId),
    });
  });
};
