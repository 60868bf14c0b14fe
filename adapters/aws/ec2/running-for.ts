/** Finds the instances that were launched for targets, by the tag that each carries. */
import type { EC2Client } from "@aws-sdk/client-ec2";
import { targetTag } from "../../../core/model/tags.ts";
import { required } from "../required.ts";
import { describeInstances, tagRecord } from "./describe.ts";

/** Ids of those that run, or begin to, by target. A filter takes 200 values at most (EC2 API reference, Filter). */
export const findRunningFor = async (
  ec2: EC2Client,
  targetIds: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> => {
  const found = await describeInstances(ec2, [
    { Name: `tag:${targetTag}`, Values: [...targetIds] },
    { Name: "instance-state-name", Values: ["pending", "running"] },
  ]);
  const byTarget = new Map<string, string[]>();
  for (const { InstanceId, Tags } of found) {
    const targetId = tagRecord(Tags)[targetTag] ?? "";
    const ids = byTarget.get(targetId) ?? [];
    byTarget.set(targetId, [...ids, required(InstanceId, "an instance's id")]);
  }
  return byTarget;
};
