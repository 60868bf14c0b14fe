/** Finds instances by their ids or by their tags, as far as a registration looks at them. */
import { DescribeInstancesCommand, type EC2Client, type Instance } from "@aws-sdk/client-ec2";
import { SpotOptimizerError } from "../../../core/errors.ts";
import type { FoundInstance } from "../../../core/model/found-instance.ts";
import { instanceIdSchema, type InstanceId } from "../../../core/model/ids.ts";
import { required } from "../required.ts";
import { callAws } from "../translate-error.ts";
import { describeInstances, instanceState, tagRecord } from "./describe.ts";

const asFound = (instance: Instance): FoundInstance => {
  const instanceId = instanceIdSchema.parse(instance.InstanceId);
  const of = (what: string): string => `${what} of instance ${instanceId}`;
  return {
    instanceId,
    instanceType: required(instance.InstanceType, of("the type")),
    zoneName: required(instance.Placement?.AvailabilityZone, of("the zone")),
    state: required(instanceState(instance.State?.Name), of("the state")),
    tags: tagRecord(instance.Tags),
  };
};

/** What EC2 does not show is left out. */
export const findByIds = async (
  ec2: EC2Client,
  instanceIds: readonly InstanceId[],
): Promise<readonly FoundInstance[]> => {
  const found = await describeInstances(ec2, [{ Name: "instance-id", Values: [...instanceIds] }]);
  return found.map(asFound);
};

/** EC2 takes these for wildcards: `?` stands for any one character, so that what is meant is among what is found. */
const asPattern = (value: string): string => value.replaceAll(/[*?\\]/g, "?");

/** Ended instances are shown for an hour still. */
const liveStates = ["pending", "running", "stopping", "stopped"];

/** @throws BrokenInput naming `cursor`: EC2 refuses with it what it takes without. */
const describePage = async (
  ec2: EC2Client,
  tags: Readonly<Record<string, string>>,
  { limit, cursor }: { readonly limit: number; readonly cursor?: string },
) => {
  try {
    return await callAws({ action: "DescribeInstances" }, () =>
      ec2.send(
        new DescribeInstancesCommand({
          Filters: [
            ...Object.entries(tags).map(([key, value]) => ({
              Name: `tag:${key}`,
              Values: [asPattern(value)],
            })),
            { Name: "instance-state-name", Values: liveStates },
          ],
          MaxResults: limit,
          NextToken: cursor,
        }),
      ),
    );
  } catch (error) {
    const isRefused = error instanceof SpotOptimizerError && error.name === "BrokenRequest";
    if (!isRefused || cursor === undefined) throw error;
    throw new SpotOptimizerError("BrokenInput", "cursor is not one that this list gave out.", {
      resource: "cursor",
      cause: error,
    });
  }
};

/** One page of the instances that have all of these tags, value for value; it may be shorter than its limit. */
export const findByTags = async (
  ec2: EC2Client,
  tags: Readonly<Record<string, string>>,
  paging: { readonly limit: number; readonly cursor?: string },
): Promise<{ readonly items: readonly FoundInstance[]; readonly cursor?: string }> => {
  const { Reservations = [], NextToken = "" } = await describePage(ec2, tags, paging);
  const items = Reservations.flatMap(({ Instances = [] }) => Instances.map(asFound)).filter(
    (found) => Object.entries(tags).every(([key, value]) => found.tags[key] === value),
  );
  return { items, ...(NextToken === "" ? {} : { cursor: NextToken }) };
};
