/** Images of the account, as it is judged whether one is waste, and what refers to them. */
import {
  DescribeImageReferencesCommand,
  DescribeImagesCommand,
  type EC2Client,
  type Image,
  type ImageReference as ReferenceView,
  type ResourceTypeRequest,
} from "@aws-sdk/client-ec2";
import { SpotOptimizerError } from "../../../core/errors.ts";
import type { ImageReference, OwnImage } from "../../../core/model/waste/image.ts";
import { readAllPages } from "../paging.ts";
import { required } from "../required.ts";
import { callAws } from "../translate-error.ts";
import { withoutUndefined } from "../without-undefined.ts";
import { largestPage, tagRecord } from "./describe.ts";

/** @throws BrokenFacts for what is not a time */
const isoOf = (text: string): string => {
  const time = new Date(text);
  if (!Number.isNaN(time.getTime())) return time.toISOString();
  throw new SpotOptimizerError("BrokenFacts", `EC2 gave ${text} as a time.`);
};

/** `disabled`, `enabled`, `enabled-with-cooldown`: the last still protects for a day. (EC2 user guide, "Protect an AMI from deregistration".) */
const isProtected = ({ DeregistrationProtection: protection }: Image): boolean =>
  protection !== undefined && protection !== "" && protection !== "disabled";

const toImage = (image: Image): OwnImage => {
  const imageId = required(image.ImageId, "an image's id");
  const { LastLaunchedTime: launched } = image;
  return withoutUndefined({
    imageId,
    name: image.Name ?? "",
    state: required(image.State, `the state of ${imageId}`),
    createdAt: isoOf(required(image.CreationDate, `when ${imageId} was made`)),
    lastLaunchedAt: launched === undefined ? undefined : isoOf(launched),
    isPublic: image.Public === true,
    isDeregistrationProtected: isProtected(image),
    sourceImageId: image.SourceImageId,
    sourceRegion: image.SourceImageRegion,
    sourceInstanceId: image.SourceInstanceId,
    productCodes: (image.ProductCodes ?? []).flatMap(({ ProductCodeId }) => ProductCodeId ?? []),
    ownerAlias: image.ImageOwnerAlias,
    snapshotIds: (image.BlockDeviceMappings ?? []).flatMap(({ Ebs }) => Ebs?.SnapshotId ?? []),
    tags: tagRecord(image.Tags),
  });
};

/**
 * All of the account's own in the region, disabled and deprecated ones too, or those of the ids that EC2 shows. A page has up to 1,000.
 * @throws what a page throws: nothing of a list that was not read to its end is used
 */
export const readOwnImages = async (
  ec2: EC2Client,
  imageIds?: readonly string[],
): Promise<readonly OwnImage[]> => {
  const found = await readAllPages({
    fetch: (token) =>
      callAws({ action: "DescribeImages" }, () =>
        ec2.send(
          new DescribeImagesCommand({
            Owners: ["self"],
            ...(imageIds && { Filters: [{ Name: "image-id", Values: [...imageIds] }] }),
            IncludeDeprecated: true,
            IncludeDisabled: true,
            MaxResults: largestPage,
            NextToken: token,
          }),
        ),
      ),
    items: (page) => page.Images,
    next: (page) => page.NextToken,
  });
  return found.map(toImage);
};

/** What can be asked for; of templates all versions, by EC2's greatest depth: without it, the newest ten. */
const referrers: ResourceTypeRequest[] = [
  {
    ResourceType: "ec2:Instance",
    ResourceTypeOptions: [
      {
        OptionName: "state-name",
        OptionValues: ["pending", "running", "shutting-down", "stopping", "stopped"],
      },
    ],
  },
  {
    ResourceType: "ec2:LaunchTemplate",
    ResourceTypeOptions: [{ OptionName: "version-depth", OptionValues: ["10000"] }],
  },
  { ResourceType: "ssm:Parameter" },
  { ResourceType: "imagebuilder:ImageRecipe" },
  { ResourceType: "imagebuilder:ContainerRecipe" },
];

const toReference = (reference: ReferenceView): ImageReference => {
  const imageId = required(reference.ImageId, "the image of a reference");
  return {
    imageId,
    kind: required(reference.ResourceType, `what refers to ${imageId}`),
    arn: required(reference.Arn, `the ARN of what refers to ${imageId}`),
  };
};

/**
 * What refers to the images in their account, by one call for a candidate. Launch configurations are not among it
 * (`readLaunchConfigurations`), and neither is what Batch, EMR, Elastic Beanstalk or a plain string names.
 */
export const readImageReferences = async (
  ec2: EC2Client,
  imageIds: readonly string[],
): Promise<readonly ImageReference[]> => {
  const found = await readAllPages({
    fetch: (token) =>
      callAws({ action: "DescribeImageReferences", resource: imageIds.join(" ") }, () =>
        ec2.send(
          new DescribeImageReferencesCommand({
            ImageIds: [...imageIds],
            ResourceTypes: referrers,
            NextToken: token,
          }),
        ),
      ),
    items: (page) => page.ImageReferences,
    next: (page) => page.NextToken,
  });
  return found.map(toReference);
};
