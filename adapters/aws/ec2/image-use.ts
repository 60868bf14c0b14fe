/** Reads what EC2 tells of the use that is made of an image. It does not tell which launch configurations name it. */
import {
  DescribeImageAttributeCommand,
  DescribeLaunchTemplateVersionsCommand,
  DescribeSnapshotAttributeCommand,
  type CreateVolumePermission,
  type EC2Client,
  type LaunchPermission,
} from "@aws-sdk/client-ec2";
import type { ImageUse } from "../../../core/model/image-use.ts";
import { hasEnded } from "../../../core/model/instance.ts";
import { readAllPages } from "../paging.ts";
import { required } from "../required.ts";
import { callAws } from "../translate-error.ts";
import { describeInstances, instanceState } from "./describe.ts";

const sharer = ({
  UserId,
  Group,
  ...organisation
}: LaunchPermission & CreateVolumePermission): string =>
  UserId ??
  Group ??
  organisation.OrganizationArn ??
  organisation.OrganizationalUnitArn ??
  "somebody that EC2 does not name";

/** Who may launch from it besides its account. */
export const imageSharers = async (ec2: EC2Client, imageId: string): Promise<readonly string[]> => {
  const answer = await callAws({ action: "DescribeImageAttribute", resource: imageId }, () =>
    ec2.send(
      new DescribeImageAttributeCommand({ ImageId: imageId, Attribute: "launchPermission" }),
    ),
  );
  return (answer.LaunchPermissions ?? []).map(sharer);
};

const snapshotSharers = async (ec2: EC2Client, snapshotId: string): Promise<readonly string[]> => {
  const about = { action: "DescribeSnapshotAttribute", resource: snapshotId };
  const answer = await callAws(about, () =>
    ec2.send(
      new DescribeSnapshotAttributeCommand({
        SnapshotId: snapshotId,
        Attribute: "createVolumePermission",
      }),
    ),
  );
  return (answer.CreateVolumePermissions ?? []).map(sharer);
};

const instancesOf = async (ec2: EC2Client, imageId: string): Promise<readonly string[]> =>
  (await describeInstances(ec2, [{ Name: "image-id", Values: [imageId] }]))
    .filter(({ State }) => !hasEnded(instanceState(State?.Name)))
    .map(({ InstanceId }) => required(InstanceId, "an instance's id"));

/** EC2 asks all templates at once for their newest and their default versions only. */
const templatesOf = async (ec2: EC2Client, imageId: string): Promise<readonly string[]> => {
  const versions = await readAllPages({
    fetch: (token) =>
      callAws({ action: "DescribeLaunchTemplateVersions", resource: imageId }, () =>
        ec2.send(
          new DescribeLaunchTemplateVersionsCommand({
            Versions: ["$Latest", "$Default"],
            Filters: [{ Name: "image-id", Values: [imageId] }],
            MaxResults: 200,
            NextToken: token,
          }),
        ),
      ),
    items: (page) => page.LaunchTemplateVersions,
    next: (page) => page.NextToken,
  });
  return [...new Set(versions.flatMap(({ LaunchTemplateId }) => LaunchTemplateId ?? []))];
};

/** Of the snapshots alone, where the image is gone. */
export const readSnapshotUse = async (
  ec2: EC2Client,
  snapshotIds: readonly string[],
): Promise<ImageUse> => ({
  sharedWith: (await Promise.all(snapshotIds.map((id) => snapshotSharers(ec2, id)))).flat(),
  instanceIds: [],
  templateIds: [],
});

export const readImageUse = async (
  ec2: EC2Client,
  image: { readonly imageId: string; readonly snapshotIds: readonly string[] },
): Promise<ImageUse> => {
  const { imageId, snapshotIds } = image;
  const [ofImage, ofSnapshots, instanceIds, templateIds] = await Promise.all([
    imageSharers(ec2, imageId),
    readSnapshotUse(ec2, snapshotIds),
    instancesOf(ec2, imageId),
    templatesOf(ec2, imageId),
  ]);
  return {
    sharedWith: [...new Set([...ofImage, ...ofSnapshots.sharedWith])],
    instanceIds,
    templateIds,
  };
};
