/** What the groups of a place would launch: the versions that they name, from one list where there are many. */
import type { AutoScalingGroup } from "@aws-sdk/client-auto-scaling";
import type { EC2Client, LaunchTemplateVersion } from "@aws-sdk/client-ec2";
import type { TemplateReference } from "../../../core/model/group-template.ts";
import { templateReference } from "../autoscaling/group-settings.ts";
import {
  describeCurrentVersions,
  readVersion,
  resolveVersion,
  type ResolvedVersion,
} from "../ec2/launch-template.ts";

/** Spelled out, so that several groups of one template ask once. */
const spell = ({ templateId, name, version = "$Default" }: TemplateReference): string =>
  `${templateId ?? name ?? "?"} ${version}`;

/** A list of all templates of the region is worth it from here on: it takes a call for each 100 to 200 templates, used ones or not. */
const worthTheList = 3;

const isOf = (
  { LaunchTemplateId: id, LaunchTemplateName: own }: LaunchTemplateVersion,
  { templateId, name }: TemplateReference,
): boolean => (templateId === undefined ? own === name : id === templateId);

/** Undefined: it is neither the latest nor the default. */
const versionIn = (
  listed: readonly LaunchTemplateVersion[],
  reference: TemplateReference,
): LaunchTemplateVersion | undefined => {
  const { version = "$Default" } = reference;
  const own = listed.filter((one) => isOf(one, reference));
  if (version === "$Default") return own.find(({ DefaultVersion }) => DefaultVersion === true);
  if (version !== "$Latest") return own.find((one) => String(one.VersionNumber) === version);
  return own.toSorted((one, other) => (other.VersionNumber ?? 0) - (one.VersionNumber ?? 0))[0];
};

export type VersionOf = (group: AutoScalingGroup) => ResolvedVersion | undefined;

/** An older version that a group names, and an image that is named by a parameter, take a call each. */
export const readVersionsOf = async (
  ec2: EC2Client,
  groups: readonly AutoScalingGroup[],
): Promise<{ readonly versions: readonly ResolvedVersion[]; readonly versionOf: VersionOf }> => {
  const references = new Map(
    groups.flatMap(({ LaunchTemplate }) => {
      const reference = templateReference(LaunchTemplate);
      return reference === undefined ? [] : [[spell(reference), reference] as const];
    }),
  );
  const listed = references.size < worthTheList ? [] : await describeCurrentVersions(ec2);
  const versions = new Map<string, ResolvedVersion>();
  for (const [key, reference] of references) {
    const stated = versionIn(listed, reference);
    const version =
      stated === undefined ? await readVersion(ec2, reference) : await resolveVersion(ec2, stated);
    if (version !== undefined) versions.set(key, version);
  }
  return {
    versions: [...versions.values()],
    versionOf: ({ LaunchTemplate }) => {
      const reference = templateReference(LaunchTemplate);
      return reference && versions.get(spell(reference));
    },
  };
};
