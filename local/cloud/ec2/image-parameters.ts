/**
 * Resolves images that are named by a parameter of Systems Manager: `resolve:ssm:/golden/ami`, or `resolve:ssm:/golden/ami:3` for one of its versions.
 * Sources: EC2 user guide, "Reference AMIs using Systems Manager parameters"; EC2 Auto Scaling user guide, "Use AWS Systems Manager parameters instead of AMI
 * IDs in launch templates"; EC2 API reference, DescribeLaunchTemplateVersions, `ResolveAlias`. What EC2 answers for want of the parameter is not documented: †.
 */
import type { ResponseLaunchTemplateData } from "@aws-sdk/client-ec2";
import { asked } from "../iam/asked.ts";
import type { Asked } from "../iam/policy.ts";
import type { Ec2Context } from "./context.ts";
import type { ParameterSource } from "./parameter-source.ts";
import { refuse } from "./refusals.ts";

type Place = Parameters<ParameterSource["find"]>[0];

const prefix = "resolve:ssm:";

const referenceIn = (imageId: string | undefined): string | undefined =>
  imageId?.startsWith(prefix) === true ? imageId.slice(prefix.length) : undefined;

/** Source of code and second sentence: aws/aws-cdk #26712. */
const invalid = (sentence: string) => refuse("SsmInvalidParameter", sentence);

/** The image that a parameter names now; any other id as it is. @throws CloudError SsmInvalidParameter */
export const resolvedImage = (
  { parameters: { source } }: Ec2Context,
  place: Place,
  imageId: string | undefined,
): string | undefined => {
  const reference = referenceIn(imageId);
  if (reference === undefined) return imageId;
  const found = source?.find(place, reference);
  if (found === undefined) throw invalid(`The parameter ${reference} was not found.`);
  if (found.dataType !== "aws:ec2:image") {
    throw invalid(
      "Unsupported data type. The following parameter data types are supported: aws:ec2:image",
    );
  }
  return found.value;
};

/** With the image's id in place of its parameter. */
export const withResolvedImage = <Data extends Pick<ResponseLaunchTemplateData, "ImageId">>(
  context: Ec2Context,
  place: Place,
  data: Data,
): Data => {
  const imageId = resolvedImage(context, place, data.ImageId);
  return imageId === data.ImageId ? data : { ...data, ImageId: imageId };
};

/** Whoever has a parameter resolved needs the permission to read it. */
export const readsParameters = (
  { parameters: { source } }: Ec2Context,
  place: Place,
  imageIds: readonly (string | undefined)[],
): readonly Asked[] => {
  const found = imageIds
    .flatMap((imageId) => referenceIn(imageId) ?? [])
    .flatMap((reference) => source?.find(place, reference) ?? []);
  return found.length === 0
    ? []
    : [
        asked(
          "ssm:GetParameters",
          found.map(({ arn, tags }) => ({ arn, type: "parameter", tags })),
        ),
      ];
};
