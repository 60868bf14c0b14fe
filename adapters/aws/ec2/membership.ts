/** Reads which group an instance is in, by the tags that AWS puts on it. */
import type { EC2Client } from "@aws-sdk/client-ec2";
import type { InstanceState } from "../../../core/model/instance.ts";
import { memberTags } from "../../../core/model/tags.ts";
import { withoutUndefined } from "../without-undefined.ts";
import { describeInstance, instanceState, tagRecord } from "./describe.ts";

export interface Membership {
  readonly state?: InstanceState;
  readonly instanceType?: string;
  readonly zoneName?: string;
  /** Of the Auto Scaling group; absent: the instance carries no such tag, and so for the others. */
  readonly asgName?: string;
  readonly clusterName?: string;
  readonly nodeGroup?: string;
}

/** Undefined when EC2 does not show the instance (not yet, or no longer). */
export const readMembership = async (
  ec2: EC2Client,
  instanceId: string,
): Promise<Membership | undefined> => {
  const instance = await describeInstance(ec2, instanceId);
  if (instance === undefined) return undefined;
  const tags = tagRecord(instance.Tags);
  return withoutUndefined({
    state: instanceState(instance.State?.Name),
    instanceType: instance.InstanceType,
    zoneName: instance.Placement?.AvailabilityZone,
    asgName: tags[memberTags.asgName],
    clusterName: tags[memberTags.clusterName],
    nodeGroup: tags[memberTags.nodeGroup],
  });
};
