/**
 * What refers to an image: instances and launch templates as they stand, and what a scenario names; and reports on the other accounts that
 * use it. Sources: EC2 API reference, DescribeImageReferences, CreateImageUsageReport; EC2 user guide, "How AMI reference checks work"
 * (version-depth is 10 unless said).
 */
import type {
  CreateImageUsageReportCommandInput,
  CreateImageUsageReportResult,
  DescribeImageReferencesCommandInput,
  DescribeImageReferencesResult,
  DescribeImageUsageReportEntriesCommandInput,
  DescribeImageUsageReportEntriesResult,
  DescribeImageUsageReportsCommandInput,
  DescribeImageUsageReportsResult,
  ImageReference,
  ImageReferenceResourceType,
  ResourceTypeRequest,
} from "@aws-sdk/client-ec2";
import type { Call } from "../contract.ts";
import { findOne, lasting, newId, oncePerToken, type Ec2Context } from "./context.ts";
import { paginate } from "./paging.ts";
import { kinds, refuse, required } from "./refusals.ts";
import { regionOf } from "./regions.ts";
import type { UsageReport } from "./kept-state.ts";
import type { Image, LaunchTemplate, RegionState } from "./state.ts";

const usualDepth = 10;
/** † How long a report takes. */
const reportMs = 60_000;

const kindsOfReferrers: readonly ImageReferenceResourceType[] = [
  "ec2:Instance",
  "ec2:LaunchTemplate",
  "ssm:Parameter",
  "imagebuilder:ImageRecipe",
  "imagebuilder:ContainerRecipe",
];

const optionOf = (
  { ResourceTypeOptions: options = [] }: ResourceTypeRequest,
  name: string,
): readonly string[] | undefined =>
  options.find(({ OptionName }) => OptionName === name)?.OptionValues;

const namesImage = ({ versions }: LaunchTemplate, imageId: string, depth: number): boolean =>
  versions
    .toSorted((one, other) => other.number - one.number)
    .slice(0, depth)
    .some(({ data }) => data.ImageId === imageId);

const instancesOf = (
  { instances }: RegionState,
  imageId: string,
  states: readonly string[] | undefined,
): readonly string[] =>
  [...instances.values()]
    .filter((one) => one.imageId === imageId && (states?.includes(one.state) ?? true))
    .map(({ id }) => `instance/${id}`);

const templatesOf = (
  { templates }: RegionState,
  imageId: string,
  depth: number,
): readonly string[] =>
  [...templates.values()]
    .filter((template) => namesImage(template, imageId, depth))
    .map(({ id }) => `launch-template/${id}`);

const arnsOf = (
  region: RegionState,
  image: Image,
  asked: ResourceTypeRequest,
): readonly string[] => {
  const own = (path: string): string => `arn:aws:ec2:${region.region}:${region.accountId}:${path}`;
  switch (asked.ResourceType) {
    case "ec2:Instance":
      return instancesOf(region, image.id, optionOf(asked, "state-name")).map(own);
    case "ec2:LaunchTemplate": {
      const depth = Number(optionOf(asked, "version-depth")?.[0] ?? usualDepth);
      return templatesOf(region, image.id, depth).map(own);
    }
    default:
      return (image.traits?.references ?? [])
        .filter(({ kind }) => kind === asked.ResourceType)
        .map(({ arn }) => arn);
  }
};

const describeReferences =
  (context: Ec2Context) =>
  (call: Call, input: DescribeImageReferencesCommandInput): DescribeImageReferencesResult => {
    const region = regionOf(context, call);
    const all = kindsOfReferrers.map((ResourceType): ResourceTypeRequest => ({ ResourceType }));
    const asked = input.IncludeAllResourceTypes === true ? all : (input.ResourceTypes ?? []);
    if (asked.length === 0) {
      throw refuse(
        "MissingParameter",
        "The request must contain IncludeAllResourceTypes or ResourceTypes",
      );
    }
    const references = required(input.ImageIds, "ImageIds").flatMap((id) => {
      const image = findOne(context, region.images, { kind: kinds.image, id });
      return asked.flatMap((one): ImageReference[] =>
        arnsOf(region, image, one).map((Arn) => ({
          ImageId: id,
          ResourceType: one.ResourceType,
          Arn,
        })),
      );
    });
    const { items, ...next } = paginate(references, input, {
      min: 1,
      max: 1000,
      pageSize: context.settings.pageSize,
    });
    return { ImageReferences: items, ...next };
  };

const createReport =
  (context: Ec2Context) =>
  (call: Call, input: CreateImageUsageReportCommandInput): CreateImageUsageReportResult => {
    const region = regionOf(context, call);
    const imageId = required(input.ImageId, "ImageId");
    const image = findOne(context, region.images, { kind: kinds.image, id: imageId });
    const request = {
      scope: "CreateImageUsageReport",
      token: input.ClientToken,
      parameters: input,
    };
    const [id] = oncePerToken(region, request, () => {
      const createdAt = context.clock.now();
      const report: UsageReport = {
        id: newId(context, "amiur-"),
        imageId,
        createdAt,
        accountIds: image.traits?.usedBy ?? [],
        state: "pending",
      };
      region.kept.usageReports.set(report.id, report);
      context.timeline.at(createdAt + lasting(context, reportMs), () => {
        report.state = "available";
      });
      return [report.id];
    });
    return { ReportId: id };
  };

const reportsAsked = (
  { kept }: RegionState,
  input: {
    readonly ReportIds?: readonly string[] | undefined;
    readonly ImageIds?: readonly string[] | undefined;
  },
): readonly UsageReport[] =>
  [...kept.usageReports.values()].filter(
    ({ id, imageId }) =>
      (input.ReportIds?.includes(id) ?? true) && (input.ImageIds?.includes(imageId) ?? true),
  );

const describeReports =
  (context: Ec2Context) =>
  (call: Call, input: DescribeImageUsageReportsCommandInput): DescribeImageUsageReportsResult => ({
    ImageUsageReports: reportsAsked(regionOf(context, call), input).map((report) => ({
      ReportId: report.id,
      ImageId: report.imageId,
      State: report.state,
      CreationTime: new Date(report.createdAt),
    })),
  });

const describeEntries =
  (context: Ec2Context) =>
  (
    call: Call,
    input: DescribeImageUsageReportEntriesCommandInput,
  ): DescribeImageUsageReportEntriesResult => {
    const entries = reportsAsked(regionOf(context, call), input)
      .filter(({ state }) => state === "available")
      .flatMap((report) =>
        report.accountIds.map((AccountId) => ({
          ReportId: report.id,
          ImageId: report.imageId,
          AccountId,
          ResourceType: "ec2:Instance",
          UsageCount: 1,
          ReportCreationTime: new Date(report.createdAt),
        })),
      );
    const { items, ...next } = paginate(entries, input, {
      min: 1,
      max: 1000,
      pageSize: context.settings.pageSize,
    });
    return { ImageUsageReportEntries: items, ...next };
  };

export const imageReferenceOperations = (context: Ec2Context) => ({
  DescribeImageReferences: describeReferences(context),
  CreateImageUsageReport: createReport(context),
  DescribeImageUsageReports: describeReports(context),
  DescribeImageUsageReportEntries: describeEntries(context),
});
