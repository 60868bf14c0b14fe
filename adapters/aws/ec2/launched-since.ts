/** Reads which instances with a tag were launched since a time, and live. */
import type { EC2Client } from "@aws-sdk/client-ec2";
import { required } from "../required.ts";
import { describeInstances, tagRecord } from "./describe.ts";

export interface LaunchedSince {
  readonly instanceId: string;
  /** ISO 8601 */
  readonly launchedAt: string;
  readonly tags: Readonly<Record<string, string>>;
}

export const findLaunchedSince = async (
  ec2: EC2Client,
  {
    tag,
    since,
  }: { readonly tag: { readonly key: string; readonly value: string }; readonly since: Date },
): Promise<readonly LaunchedSince[]> => {
  const found = await describeInstances(ec2, [
    { Name: `tag:${tag.key}`, Values: [tag.value] },
    { Name: "instance-state-name", Values: ["pending", "running"] },
  ]);
  return found
    .filter(({ LaunchTime: launched }) => launched !== undefined && launched >= since)
    .map(({ InstanceId, LaunchTime, Tags }) => ({
      instanceId: required(InstanceId, "an instance's id"),
      launchedAt: required(LaunchTime, "an instance's launch time").toISOString(),
      tags: tagRecord(Tags),
    }));
};
