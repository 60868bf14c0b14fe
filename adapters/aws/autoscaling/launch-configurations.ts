/** Reads which images and snapshots launch configurations name, also those of no group: nothing else tells of them. */
import {
  DescribeLaunchConfigurationsCommand,
  type AutoScalingClient,
} from "@aws-sdk/client-auto-scaling";
import type { LaunchSource } from "../../../core/model/waste/image.ts";
import { readAllPages } from "../paging.ts";
import { required } from "../required.ts";
import { callAws } from "../translate-error.ts";
import { withoutUndefined } from "../without-undefined.ts";

/** API reference, DescribeLaunchConfigurations: MaxRecords. */
const largestPage = 100;

/** All of the region. @throws what a page throws: nothing of a list that was not read to its end is used */
export const readLaunchConfigurations = async (
  autoScaling: AutoScalingClient,
): Promise<readonly LaunchSource[]> => {
  const found = await readAllPages({
    fetch: (token) =>
      callAws({ action: "DescribeLaunchConfigurations" }, () =>
        autoScaling.send(
          new DescribeLaunchConfigurationsCommand({ MaxRecords: largestPage, NextToken: token }),
        ),
      ),
    items: (page) => page.LaunchConfigurations,
    next: (page) => page.NextToken,
  });
  return found.map(({ LaunchConfigurationName, ImageId, BlockDeviceMappings: devices = [] }) =>
    withoutUndefined({
      kind: "launch-configuration" as const,
      id: required(LaunchConfigurationName, "the name of a launch configuration"),
      imageId: ImageId,
      snapshotIds: devices.flatMap(({ Ebs }) => Ebs?.SnapshotId ?? []),
    }),
  );
};
