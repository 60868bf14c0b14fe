/** The launch template version that a group would launch from now: its blueprint for a launch, and the facts that are judged and stored. */
import {
  DescribeLaunchTemplateVersionsCommand,
  type EC2Client,
  type Image,
  type LaunchTemplateVersion,
  type ResponseLaunchTemplateData,
} from "@aws-sdk/client-ec2";
import type { GroupTemplate, TemplateReference } from "../../../core/model/group-template.ts";
import { bareCode, isDenial } from "../error-codes.ts";
import { orAbsent } from "../or-absent.ts";
import { readAllPages } from "../paging.ts";
import { required } from "../required.ts";
import { callAws, expectRefusal } from "../translate-error.ts";
import { withoutUndefined } from "../without-undefined.ts";
import type { LaunchBlueprint } from "./blueprint.ts";
import { blueprintOfTemplate } from "./blueprint-of-template.ts";
import { describeImage } from "./describe.ts";
import { bootSignsIn } from "./user-data.ts";

/** EC2 API reference, DescribeLaunchTemplateVersions, MaxResults. */
export const largestVersionsPage = 200;

/** A template may name its image by a parameter: `resolve:ssm:/golden/ami`. */
const parameterPrefix = "resolve:ssm:";

/** It is not there, or names no image. † Which codes there are: this one is AWS's for a parameter of another type (aws/aws-cdk #26712). */
const isParameterRefusal = (code: string): boolean => /^SsmInvalidParameter/.test(bareCode(code));

/**
 * `$Latest`, `$Default` or a number; with the parameter of an image resolved (`ResolveAlias`), as EC2 would at a launch. Undefined when
 * EC2 does not show it.
 */
const describeVersion = async (
  ec2: EC2Client,
  { templateId, name, version = "$Default" }: TemplateReference,
  resolveAlias: boolean,
): Promise<LaunchTemplateVersion | undefined> =>
  orAbsent(async () => {
    const named =
      templateId === undefined ? { LaunchTemplateName: name } : { LaunchTemplateId: templateId };
    const answer = await callAws(
      {
        action: "DescribeLaunchTemplateVersions",
        resource: `${templateId ?? name ?? "?"} ${version}`,
      },
      () =>
        ec2.send(
          new DescribeLaunchTemplateVersionsCommand({
            ...named,
            Versions: [version],
            ...(resolveAlias ? { ResolveAlias: true } : {}),
          }),
        ),
    );
    return answer.LaunchTemplateVersions?.[0];
  });

/** The latest and the default version of every template of the region, as EC2 describes several templates at once. */
export const describeCurrentVersions = (
  ec2: EC2Client,
): Promise<readonly LaunchTemplateVersion[]> =>
  readAllPages({
    fetch: (token) =>
      callAws({ action: "DescribeLaunchTemplateVersions" }, () =>
        ec2.send(
          new DescribeLaunchTemplateVersionsCommand({
            Versions: ["$Latest", "$Default"],
            MaxResults: largestVersionsPage,
            NextToken: token,
          }),
        ),
      ),
    items: (page) => page.LaunchTemplateVersions,
    next: (page) => page.NextToken,
  });

/** A template, as it would be launched from now. */
export interface TemplateReading {
  readonly facts: GroupTemplate;
  /** Absent with the image. */
  readonly launch?: { readonly blueprint: LaunchBlueprint; readonly image: Image };
}

const tagKeysOf = ({ TagSpecifications = [] }: ResponseLaunchTemplateData): readonly string[] =>
  TagSpecifications.filter(({ ResourceType }) => ResourceType === "instance").flatMap(
    ({ Tags = [] }) => Tags.flatMap(({ Key }) => Key ?? []),
  );

/** What is read of the template alone. */
const ofTemplate = (data: ResponseLaunchTemplateData) =>
  withoutUndefined({
    instanceType: data.InstanceType,
    hasInstanceRequirements: data.InstanceRequirements !== undefined,
    marketType: data.InstanceMarketOptions?.MarketType,
    keyName: data.KeyName,
    tagKeys: tagKeysOf(data),
    bootSigns: bootSignsIn(data.UserData),
  });

const ofImage = (image: Image) =>
  withoutUndefined({
    architecture: image.Architecture,
    platformDetails: image.PlatformDetails,
    productCodes: (image.ProductCodes ?? []).flatMap(({ ProductCodeId }) => ProductCodeId ?? []),
    needsTpm: image.TpmSupport !== undefined,
    enaSupport: image.EnaSupport,
  });

/** What stands there until an image says otherwise: such a template is refused for it. */
const withoutImage = {
  productCodes: [],
  deviceNames: [],
  interfaces: 1,
  ipv6PerInterface: 0,
  needsTpm: false,
  notCarried: [],
} as const satisfies Partial<GroupTemplate>;

/** InstanceMarketOptions is judged by itself: whoever asks for Spot there has it already. */
const judgedApart = (member: string): boolean =>
  /^InstanceMarketOptions|^InstanceRequirements/.test(member);

const withImage = (
  data: ResponseLaunchTemplateData,
  named: { readonly templateId: string; readonly version: number },
  image: Image,
): TemplateReading["launch"] & { readonly facts: Partial<GroupTemplate> } => {
  const { blueprint, notCarried } = blueprintOfTemplate(data, { ...named, image });
  return {
    blueprint,
    image,
    facts: withoutUndefined({
      ...ofImage(image),
      deviceNames: blueprint.devices
        .filter(({ virtualName }) => virtualName === undefined)
        .map(({ deviceName }) => deviceName),
      interfaces: blueprint.interfaces.length,
      ipv6PerInterface: Math.max(0, ...blueprint.interfaces.map(({ ipv6Count }) => ipv6Count)),
      cpuOptions: blueprint.cpuOptions,
      notCarried: notCarried.filter((member) => !judgedApart(member)),
    }),
  };
};

/** What a version says, with its number and the image that its parameter names now. */
export interface ResolvedVersion {
  readonly templateId: string;
  readonly version: number;
  readonly data: ResponseLaunchTemplateData;
  readonly imageParameter?: string;
  readonly isParameterClosed?: true;
}

/**
 * The image that a parameter names now. Undefined: it names none. DENIED: of our two readings of the version this one alone asks for the permission to
 * read the parameter.
 */
const resolveImage = async (
  ec2: EC2Client,
  reference: TemplateReference,
): Promise<LaunchTemplateVersion | "DENIED" | undefined> => {
  try {
    return await describeVersion(ec2, reference, true);
  } catch (error) {
    const { code } = expectRefusal(error, (one) => isParameterRefusal(one) || isDenial(one));
    return isDenial(code) ? "DENIED" : undefined;
  }
};

/** One call where it names its image by a parameter, else none. */
export const resolveVersion = async (
  ec2: EC2Client,
  stated: LaunchTemplateVersion,
): Promise<ResolvedVersion> => {
  const templateId = required(stated.LaunchTemplateId, "the id of a launch template");
  const version = required(stated.VersionNumber, `the number of a version of ${templateId}`);
  const says = required(stated.LaunchTemplateData, `what ${templateId} says`);
  if (says.ImageId?.startsWith(parameterPrefix) !== true) {
    return { templateId, version, data: says };
  }
  const imageParameter = says.ImageId;
  // By number: `$Latest` may be another by now.
  const resolved = await resolveImage(ec2, { templateId, version: String(version) });
  if (resolved === "DENIED") {
    return { templateId, version, data: says, imageParameter, isParameterClosed: true };
  }
  // As the template has it, where EC2 resolves it to nothing: there is no such image.
  const data = resolved?.LaunchTemplateData ?? says;
  return { templateId, version, data, imageParameter };
};

/** Absent where it names none, or none that EC2 resolves. */
export const imageNamedBy = ({
  data: { ImageId: id = "" },
}: ResolvedVersion): string | undefined =>
  id === "" || id.startsWith(parameterPrefix) ? undefined : id;

/** @param image the one that it names, if EC2 shows it */
export const templateReading = (
  { data, ...named }: ResolvedVersion,
  image: Image | undefined,
): TemplateReading => {
  const read = image && withImage(data, named, image);
  return withoutUndefined({
    facts: {
      ...named,
      imageId: data.ImageId ?? "",
      imageExists: image?.State === "available",
      ...withoutImage,
      ...ofTemplate(data),
      ...read?.facts,
    },
    launch: read && { blueprint: read.blueprint, image: read.image },
  });
};

/** Two calls at most. Undefined when EC2 shows no such template or version. */
export const readVersion = async (
  ec2: EC2Client,
  reference: TemplateReference,
): Promise<ResolvedVersion | undefined> => {
  const stated = await describeVersion(ec2, reference, false);
  return stated && resolveVersion(ec2, stated);
};

/** Three calls at most. Undefined when EC2 shows no such template or version. */
export const readTemplate = async (
  ec2: EC2Client,
  reference: TemplateReference,
): Promise<TemplateReading | undefined> => {
  const version = await readVersion(ec2, reference);
  if (version === undefined) return undefined;
  const imageId = imageNamedBy(version);
  return templateReading(
    version,
    imageId === undefined ? undefined : await describeImage(ec2, imageId),
  );
};
