/** Volumes of several instances at once, and under which key each is encrypted. */
import { DescribeVolumesCommand, type EC2Client } from "@aws-sdk/client-ec2";
import { readAllPages } from "../paging.ts";
import { callAws } from "../translate-error.ts";
import { describeInstances, largestPage } from "./describe.ts";

export interface VolumeKey {
  readonly volumeId: string;
  readonly isRoot: boolean;
  /** ARN. Absent: it is not encrypted. */
  readonly keyId?: string;
}

/** EC2 takes so many values of a filter. Source: EC2 API reference, "Filter". */
export const mostInstances = 200;

/** Of at most `mostInstances` instances; one that is gone has none. */
export const readVolumeKeys = async (
  ec2: EC2Client,
  instanceIds: readonly string[],
): Promise<readonly VolumeKey[]> => {
  if (instanceIds.length === 0) return [];
  const Values = [...instanceIds];
  const instances = await describeInstances(ec2, [{ Name: "instance-id", Values }]);
  const roots = new Set(
    instances.flatMap(({ RootDeviceName, BlockDeviceMappings = [] }) =>
      BlockDeviceMappings.filter(({ DeviceName }) => DeviceName === RootDeviceName).map(
        ({ Ebs }) => Ebs?.VolumeId,
      ),
    ),
  );
  const volumes = await readAllPages({
    fetch: (token) =>
      callAws({ action: "DescribeVolumes", resource: "volumes of targets" }, () =>
        ec2.send(
          new DescribeVolumesCommand({
            Filters: [{ Name: "attachment.instance-id", Values }],
            MaxResults: largestPage,
            NextToken: token,
          }),
        ),
      ),
    items: (page) => page.Volumes,
    next: (page) => page.NextToken,
  });
  return volumes.flatMap(({ VolumeId: volumeId, Encrypted, KmsKeyId: keyId }) => {
    if (volumeId === undefined || (Encrypted === true && keyId === undefined)) return [];
    const isRoot = roots.has(volumeId);
    return [{ volumeId, isRoot, ...(keyId === undefined ? {} : { keyId }) }];
  });
};
