/** Launch templates and their versions. */
import type {
  CreateLaunchTemplateCommandInput,
  CreateLaunchTemplateResult,
  CreateLaunchTemplateVersionCommandInput,
  CreateLaunchTemplateVersionResult,
  DeleteLaunchTemplateCommandInput,
  DeleteLaunchTemplateResult,
  DeleteLaunchTemplateVersionsCommandInput,
  DeleteLaunchTemplateVersionsResult,
  DescribeLaunchTemplatesCommandInput,
  DescribeLaunchTemplatesResult,
  DescribeLaunchTemplateVersionsCommandInput,
  DescribeLaunchTemplateVersionsResult,
  GetLaunchTemplateDataCommandInput,
  GetLaunchTemplateDataResult,
  LaunchTemplate as TemplateView,
  LaunchTemplateVersion,
  ModifyLaunchTemplateCommandInput,
  ModifyLaunchTemplateResult,
} from "@aws-sdk/client-ec2";
import type { Call } from "../contract.ts";
import {
  findOne,
  newId,
  oncePerToken,
  selectVisible,
  tagList,
  tagsFor,
  type Ec2Context,
} from "./context.ts";
import { applyFilters, tagFields } from "./filters.ts";
import {
  dataOfInstance,
  findTemplate,
  findVersion,
  storedData,
  versionsAsked,
} from "./launch-template-data.ts";
import { resolvedImage, withResolvedImage } from "./image-parameters.ts";
import { paginate } from "./paging.ts";
import { kinds, refuse, required } from "./refusals.ts";
import { regionOf } from "./regions.ts";
import type { LaunchTemplate, RegionState } from "./state.ts";
import { visibleFrom } from "./visibility.ts";

const latestOf = (template: LaunchTemplate): number =>
  template.versions.reduce((most, each) => Math.max(most, each.number), 0);

const viewTemplate = (region: RegionState, template: LaunchTemplate): TemplateView => ({
  LaunchTemplateId: template.id,
  LaunchTemplateName: template.name,
  CreateTime: new Date(template.createdAt),
  CreatedBy: `arn:aws:iam::${region.accountId}:root`,
  DefaultVersionNumber: template.defaultVersion,
  LatestVersionNumber: latestOf(template),
  Tags: tagList(template.tags),
});

const viewVersion = (
  region: RegionState,
  template: LaunchTemplate,
  version: LaunchTemplate["versions"][number],
): LaunchTemplateVersion => ({
  LaunchTemplateId: template.id,
  LaunchTemplateName: template.name,
  VersionNumber: version.number,
  VersionDescription: version.description,
  CreateTime: new Date(version.createdAt),
  CreatedBy: `arn:aws:iam::${region.accountId}:root`,
  DefaultVersion: version.number === template.defaultVersion,
  LaunchTemplateData: version.data,
});

const templateNamed = (region: RegionState, name: string): LaunchTemplate | undefined =>
  [...region.templates.values()].find((template) => template.name === name);

/** An image's parameter is checked when it is named. Source: EC2 Auto Scaling user guide, "Use AWS Systems Manager parameters instead of AMI IDs". */
const checkedData = (
  context: Ec2Context,
  region: RegionState,
  data: CreateLaunchTemplateCommandInput["LaunchTemplateData"],
): LaunchTemplate["versions"][number]["data"] => {
  resolvedImage(context, region, data?.ImageId);
  return storedData(data);
};

const createTemplate = (
  context: Ec2Context,
  region: RegionState,
  input: CreateLaunchTemplateCommandInput,
): readonly string[] => {
  const name = required(input.LaunchTemplateName, "LaunchTemplateName");
  if (templateNamed(region, name) !== undefined) {
    throw refuse(
      "InvalidLaunchTemplateName.AlreadyExistsException",
      "Launch template name already in use.",
    );
  }
  const now = context.clock.now();
  const template: LaunchTemplate = {
    id: newId(context, "lt-"),
    createdAt: now,
    visibleAt: visibleFrom(context, now),
    tags: tagsFor(input.TagSpecifications, "launch-template"),
    name,
    defaultVersion: 1,
    lastVersion: 1,
    versions: [
      {
        number: 1,
        createdAt: now,
        description: input.VersionDescription ?? "",
        data: checkedData(context, region, input.LaunchTemplateData),
      },
    ],
  };
  region.templates.set(template.id, template);
  return [template.id];
};

const addVersion = (
  context: Ec2Context,
  { region, template }: { readonly region: RegionState; readonly template: LaunchTemplate },
  input: CreateLaunchTemplateVersionCommandInput,
): number => {
  const source =
    input.SourceVersion === undefined ? {} : findVersion(template, input.SourceVersion).data;
  template.lastVersion += 1;
  const number = template.lastVersion;
  template.versions.push({
    number,
    createdAt: context.clock.now(),
    description: input.VersionDescription ?? "",
    data: { ...source, ...checkedData(context, region, input.LaunchTemplateData) },
  });
  return number;
};

const templatesOf = (
  context: Ec2Context,
  region: RegionState,
  input: DescribeLaunchTemplatesCommandInput,
): readonly LaunchTemplate[] =>
  input.LaunchTemplateNames === undefined
    ? selectVisible(context, region.templates, {
        kind: kinds.template,
        ids: input.LaunchTemplateIds,
      })
    : input.LaunchTemplateNames.map((LaunchTemplateName) =>
        findTemplate(context, region, { LaunchTemplateName }),
      );

const createLaunchTemplate =
  (context: Ec2Context) =>
  (call: Call, input: CreateLaunchTemplateCommandInput): CreateLaunchTemplateResult => {
    const region = regionOf(context, call);
    const [id = ""] = oncePerToken(
      region,
      { scope: "CreateLaunchTemplate", token: input.ClientToken, parameters: input },
      () => createTemplate(context, region, input),
    );
    const template = region.templates.get(id);
    return template === undefined ? {} : { LaunchTemplate: viewTemplate(region, template) };
  };

const createLaunchTemplateVersion =
  (context: Ec2Context) =>
  (
    call: Call,
    input: CreateLaunchTemplateVersionCommandInput,
  ): CreateLaunchTemplateVersionResult => {
    const region = regionOf(context, call);
    const template = findTemplate(context, region, input);
    const [number = ""] = oncePerToken(
      region,
      { scope: "CreateLaunchTemplateVersion", token: input.ClientToken, parameters: input },
      () => [String(addVersion(context, { region, template }, input))],
    );
    return {
      LaunchTemplateVersion: viewVersion(region, template, findVersion(template, number)),
    };
  };

const describeLaunchTemplates =
  (context: Ec2Context) =>
  (call: Call, input: DescribeLaunchTemplatesCommandInput): DescribeLaunchTemplatesResult => {
    const region = regionOf(context, call);
    const templates = applyFilters(templatesOf(context, region, input), input.Filters, {
      ...tagFields<LaunchTemplate>(),
      "launch-template-name": (template) => template.name,
    });
    const { items, ...next } = paginate(templates, input, {
      min: 1,
      max: 200,
      pageSize: context.settings.pageSize,
    });
    return { LaunchTemplates: items.map((template) => viewTemplate(region, template)), ...next };
  };

const describeLaunchTemplateVersions =
  (context: Ec2Context) =>
  (
    call: Call,
    input: DescribeLaunchTemplateVersionsCommandInput,
  ): DescribeLaunchTemplateVersionsResult => {
    const region = regionOf(context, call);
    const versions = versionsAsked(context, region, input).map(({ template, version }) =>
      viewVersion(
        region,
        template,
        input.ResolveAlias === true
          ? { ...version, data: withResolvedImage(context, region, version.data) }
          : version,
      ),
    );
    const wanted = applyFilters(versions, input.Filters, {
      "image-id": (version) => version.LaunchTemplateData?.ImageId,
    });
    const { items, ...next } = paginate(wanted, input, {
      min: 1,
      max: 200,
      pageSize: context.settings.pageSize,
    });
    return { LaunchTemplateVersions: items, ...next };
  };

const deleteLaunchTemplate =
  (context: Ec2Context) =>
  (call: Call, input: DeleteLaunchTemplateCommandInput): DeleteLaunchTemplateResult => {
    const region = regionOf(context, call);
    const template = findTemplate(context, region, input);
    region.templates.delete(template.id);
    return { LaunchTemplate: viewTemplate(region, template) };
  };

/** "You can't … the default version must be one that is there." (EC2 API reference, ModifyLaunchTemplate.) */
const modifyLaunchTemplate =
  (context: Ec2Context) =>
  (call: Call, input: ModifyLaunchTemplateCommandInput): ModifyLaunchTemplateResult => {
    const region = regionOf(context, call);
    const template = findTemplate(context, region, input);
    template.defaultVersion = findVersion(template, input.DefaultVersion).number;
    return { LaunchTemplate: viewTemplate(region, template) };
  };

type Outcome = NonNullable<
  DeleteLaunchTemplateVersionsResult["UnsuccessfullyDeletedLaunchTemplateVersions"]
>[number];

/** The default version stays: "You can't delete the default version." (EC2 API reference, DeleteLaunchTemplateVersions.) */
const whyKept = (template: LaunchTemplate, number: number): Outcome["ResponseError"] => {
  if (!template.versions.some((each) => each.number === number)) {
    return {
      Code: "launchTemplateVersionDoesNotExist",
      Message: `The launch template version ${String(number)} does not exist.`,
    };
  }
  if (number !== template.defaultVersion) return undefined;
  return {
    Code: "unexpectedError",
    Message: "The default version of a launch template cannot be deleted.",
  };
};

const deleteLaunchTemplateVersions =
  (context: Ec2Context) =>
  (
    call: Call,
    input: DeleteLaunchTemplateVersionsCommandInput,
  ): DeleteLaunchTemplateVersionsResult => {
    const template = findTemplate(context, regionOf(context, call), input);
    const named = { LaunchTemplateId: template.id, LaunchTemplateName: template.name };
    const asked = required(input.Versions, "Versions").map((version) => ({
      ...named,
      VersionNumber: Number(version),
      ResponseError: whyKept(template, Number(version)),
    }));
    const deleted = asked.filter(({ ResponseError: error }) => error === undefined);
    const gone = new Set(deleted.map(({ VersionNumber: number }) => number));
    template.versions = template.versions.filter(({ number }) => !gone.has(number));
    return {
      SuccessfullyDeletedLaunchTemplateVersions: deleted.map(
        ({ ResponseError: _, ...each }) => each,
      ),
      UnsuccessfullyDeletedLaunchTemplateVersions: asked.filter(
        ({ ResponseError: error }) => error !== undefined,
      ),
    };
  };

const getLaunchTemplateData =
  (context: Ec2Context) =>
  (call: Call, input: GetLaunchTemplateDataCommandInput): GetLaunchTemplateDataResult => {
    const region = regionOf(context, call);
    const id = required(input.InstanceId, "InstanceId");
    const instance = findOne(context, region.instances, { kind: kinds.instance, id });
    return { LaunchTemplateData: dataOfInstance(region, instance) };
  };

export const launchTemplateOperations = (context: Ec2Context) => ({
  CreateLaunchTemplate: createLaunchTemplate(context),
  CreateLaunchTemplateVersion: createLaunchTemplateVersion(context),
  DescribeLaunchTemplates: describeLaunchTemplates(context),
  DescribeLaunchTemplateVersions: describeLaunchTemplateVersions(context),
  ModifyLaunchTemplate: modifyLaunchTemplate(context),
  DeleteLaunchTemplate: deleteLaunchTemplate(context),
  DeleteLaunchTemplateVersions: deleteLaunchTemplateVersions(context),
  GetLaunchTemplateData: getLaunchTemplateData(context),
});
