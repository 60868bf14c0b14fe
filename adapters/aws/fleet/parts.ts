/** Reads the parts of many instances as EC2 shows them, by few calls: what a launch of each one's clone is made of. */
import type { EC2Client } from "@aws-sdk/client-ec2";
import { describeInstances, findInterfaces, findVolumes } from "../ec2/describe.ts";
import type { InstanceParts } from "../ec2/instances.ts";
import { required } from "../required.ts";

/** EC2 API reference, Filter: at most 200 values. */
const mostFilterValues = 200;

/** Of those of the instances that EC2 shows, by id; three calls for each 200. */
export const readPartsOfMany = async (
  ec2: EC2Client,
  instanceIds: readonly string[],
): Promise<ReadonlyMap<string, InstanceParts>> => {
  const found = new Map<string, InstanceParts>();
  for (let first = 0; first < instanceIds.length; first += mostFilterValues) {
    const some = instanceIds.slice(first, first + mostFilterValues);
    const instances = await describeInstances(ec2, [{ Name: "instance-id", Values: some }]);
    const attached = [{ Name: "attachment.instance-id", Values: some }];
    const [volumes, interfaces] = await Promise.all([
      findVolumes(ec2, { filters: attached }),
      findInterfaces(ec2, { filters: attached }),
    ]);
    for (const instance of instances) {
      const id = required(instance.InstanceId, "an instance's id");
      found.set(id, {
        instance,
        volumes: volumes.filter(({ Attachments = [] }) =>
          Attachments.some(({ InstanceId }) => InstanceId === id),
        ),
        interfaces: interfaces.filter(({ Attachment }) => Attachment?.InstanceId === id),
      });
    }
  }
  return found;
};
