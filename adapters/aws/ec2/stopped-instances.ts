/** Reads the instances of a region that are stopped, with what goes on being charged. */
import { DescribeInstancesCommand, type EC2Client, type Instance } from "@aws-sdk/client-ec2";
import type { StoppedInstance } from "../../../core/model/waste/stopped.ts";
import { readAllPages } from "../paging.ts";
import { required } from "../required.ts";
import { callAws } from "../translate-error.ts";
import { withoutUndefined } from "../without-undefined.ts";
import { largestPage, stopOf, tagRecord } from "./describe.ts";

const isReservationTarget = ({ CapacityReservationSpecification: chosen }: Instance): boolean =>
  chosen?.CapacityReservationTarget !== undefined;

const toStopped = (instance: Instance): StoppedInstance => {
  const instanceId = required(instance.InstanceId, "an instance's id");
  return withoutUndefined({
    instanceId,
    instanceType: required(instance.InstanceType, `the type of ${instanceId}`),
    stoppedAt: stopOf(instance)?.at,
    volumeIds: (instance.BlockDeviceMappings ?? []).flatMap(({ Ebs }) => Ebs?.VolumeId ?? []),
    isOperatorManaged: instance.Operator?.Managed === true,
    canHibernate: instance.HibernationOptions?.Configured === true,
    isReservationTarget: isReservationTarget(instance),
    tags: tagRecord(instance.Tags),
  });
};

/** With what EC2 hides because a service manages it. @throws what a page throws: nothing of a list that was not read to its end is used */
export const readStoppedInstances = async (ec2: EC2Client): Promise<readonly StoppedInstance[]> => {
  const reservations = await readAllPages({
    fetch: (token) =>
      callAws({ action: "DescribeInstances" }, () =>
        ec2.send(
          new DescribeInstancesCommand({
            Filters: [{ Name: "instance-state-name", Values: ["stopped"] }],
            IncludeManagedResources: true,
            MaxResults: largestPage,
            NextToken: token,
          }),
        ),
      ),
    items: (page) => page.Reservations,
    next: (page) => page.NextToken,
  });
  return reservations.flatMap(({ Instances }) => Instances ?? []).map(toStopped);
};
