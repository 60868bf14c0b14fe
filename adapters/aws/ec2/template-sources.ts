/** Reads which images and snapshots launch templates name in their newest and their default versions. */
import type { EC2Client } from "@aws-sdk/client-ec2";
import type { LaunchSource } from "../../../core/model/waste/image.ts";
import { required } from "../required.ts";
import { withoutUndefined } from "../without-undefined.ts";
import { describeCurrentVersions } from "./launch-template.ts";

/**
 * EC2 tells several templates at once by these versions only: a snapshot that an older one names is not seen. A version that names its image by a
 * parameter has that name here. @throws what a page throws: nothing of a list that was not read to its end is used
 */
export const readTemplateSources = async (ec2: EC2Client): Promise<readonly LaunchSource[]> => {
  const versions = await describeCurrentVersions(ec2);
  return versions.map(({ LaunchTemplateId, LaunchTemplateData: data }) =>
    withoutUndefined({
      kind: "launch-template" as const,
      id: required(LaunchTemplateId, "the id of a launch template"),
      imageId: data?.ImageId,
      snapshotIds: (data?.BlockDeviceMappings ?? []).flatMap(({ Ebs }) => Ebs?.SnapshotId ?? []),
    }),
  );
};
