/** Registers an image of a root volume that no instance has any longer. */
import {
  RegisterImageCommand,
  type BlockDeviceMapping,
  type EC2Client,
  type Image,
} from "@aws-sdk/client-ec2";
import { SpotOptimizerError } from "../../../core/errors.ts";
import { acted, doneBefore, type Acted } from "../acted.ts";
import { required } from "../required.ts";
import { callAws, expectRefusal } from "../translate-error.ts";
import { withoutUndefined } from "../without-undefined.ts";
import { describeImage, tagList } from "./describe.ts";
import { nameTaken, ownOfName } from "./images.ts";

/** Of one image, what another one of the same system must say too. */
const traitsOf = (image: Image) =>
  withoutUndefined({
    Architecture: image.Architecture,
    VirtualizationType: image.VirtualizationType,
    BootMode: image.BootMode,
    EnaSupport: image.EnaSupport,
    SriovNetSupport: image.SriovNetSupport,
    TpmSupport: image.TpmSupport,
    ImdsSupport: image.ImdsSupport,
    RootDeviceName: required(image.RootDeviceName, "the image's root device"),
  });

/** Of the root, as the image has it; its encryption follows the snapshot's, and can't be named. */
const rootMappingOf = (image: Image, snapshotId: string): BlockDeviceMapping => {
  const { Ebs } =
    image.BlockDeviceMappings?.find(({ DeviceName }) => DeviceName === image.RootDeviceName) ?? {};
  return {
    DeviceName: image.RootDeviceName,
    Ebs: withoutUndefined({
      SnapshotId: snapshotId,
      VolumeType: Ebs?.VolumeType,
      Iops: Ebs?.VolumeType === "gp2" ? undefined : Ebs?.Iops,
      Throughput: Ebs?.Throughput,
      DeleteOnTermination: true,
    }),
  };
};

/**
 * Registers an image of a root volume's snapshot, like another image of the same system. It takes no client token either: the name
 * stands in for it. Source: EC2 API reference, RegisterImage.
 * @throws BrokenNotFound when the other image is gone; RetryableNotVisible when the name is taken by one that EC2 does not show yet
 */
export const registerImage = async (
  ec2: EC2Client,
  input: {
    readonly name: string;
    readonly snapshotId: string;
    readonly likeImageId: string;
    readonly tags: Readonly<Record<string, string>>;
  },
): Promise<Acted & { readonly imageId: string }> => {
  const { name, snapshotId, likeImageId } = input;
  const like = await describeImage(ec2, likeImageId);
  if (like === undefined) {
    throw new SpotOptimizerError("BrokenNotFound", `EC2 does not show ${likeImageId}.`, {
      resource: likeImageId,
    });
  }
  try {
    const answer = await callAws(
      // The snapshot was read a moment ago: EC2 may know it by one way of asking, and not yet by another.
      { action: "RegisterImage", resource: snapshotId, notFoundMeans: "not-visible" },
      () =>
        ec2.send(
          new RegisterImageCommand({
            Name: name,
            ...traitsOf(like),
            BlockDeviceMappings: [rootMappingOf(like, snapshotId)],
            TagSpecifications: [{ ResourceType: "image", Tags: tagList(input.tags) }],
          }),
        ),
    );
    return { ...acted(answer), imageId: required(answer.ImageId, `the image of ${snapshotId}`) };
  } catch (error) {
    const refused = expectRefusal(error, nameTaken);
    const { imageId } = await ownOfName(ec2, name, error);
    return { ...doneBefore(refused), imageId };
  }
};
