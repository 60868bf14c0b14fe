/** Reads which images and snapshots launch templates name: in bulk in their newest and default versions, one by one in the older ones. */
import {
  DescribeLaunchTemplateVersionsCommand,
  type EC2Client,
  type LaunchTemplateVersion,
} from "@aws-sdk/client-ec2";
import type { LaunchSource } from "../../../core/model/waste/image.ts";
import { orAbsent } from "../or-absent.ts";
import { readAllPages } from "../paging.ts";
import { required } from "../required.ts";
import { callAws } from "../translate-error.ts";
import { withoutUndefined } from "../without-undefined.ts";
import { describeCurrentVersions, largestVersionsPage } from "./launch-template.ts";

const idOf = ({ LaunchTemplateId }: LaunchTemplateVersion): string =>
  required(LaunchTemplateId, "the id of a launch template");

const toSource = (version: LaunchTemplateVersion): LaunchSource => {
  const { LaunchTemplateData: data } = version;
  return withoutUndefined({
    kind: "launch-template" as const,
    id: idOf(version),
    version: version.VersionNumber,
    imageId: data?.ImageId,
    snapshotIds: (data?.BlockDeviceMappings ?? []).flatMap(({ Ebs }) => Ebs?.SnapshotId ?? []),
  });
};

/**
 * EC2 tells several templates at once by these versions only. A version that names its image by a parameter has that name here.
 * @throws what a page throws: nothing of a list that was not read to its end is used
 */
export const readTemplateSources = async (ec2: EC2Client): Promise<readonly LaunchSource[]> =>
  (await describeCurrentVersions(ec2)).map(toSource);

/** Each is a call or more: so many take EC2 less than a minute. */
const mostTemplates = 400;

/** One that was deleted meanwhile names nothing. */
const describeVersionsOf = async (
  ec2: EC2Client,
  templateId: string,
): Promise<readonly LaunchTemplateVersion[]> =>
  (await orAbsent(() =>
    readAllPages({
      fetch: (token) =>
        callAws({ action: "DescribeLaunchTemplateVersions", resource: templateId }, () =>
          ec2.send(
            new DescribeLaunchTemplateVersionsCommand({
              LaunchTemplateId: templateId,
              MaxResults: largestVersionsPage,
              NextToken: token,
            }),
          ),
        ),
      items: (page) => page.LaunchTemplateVersions,
      next: (page) => page.NextToken,
    }),
  )) ?? [];

/** The newest has the highest number: where that is more than are known there are, or were, others. */
const hasOlder = (known: readonly LaunchTemplateVersion[]): boolean => {
  const numbers = new Set(known.map(({ VersionNumber: number = 0 }) => number));
  return Math.max(...numbers) > numbers.size;
};

/**
 * All versions of those templates that have others than their newest and their default one. Undefined: there are more such templates than
 * are read. @throws what a page throws
 */
export const readOlderTemplateSources = async (
  ec2: EC2Client,
): Promise<readonly LaunchSource[] | undefined> => {
  const known = Map.groupBy(await describeCurrentVersions(ec2), idOf);
  const templateIds = [...known].filter(([, versions]) => hasOlder(versions)).map(([id]) => id);
  if (templateIds.length > mostTemplates) return undefined;
  const sources: LaunchSource[] = [];
  for (const templateId of templateIds) {
    sources.push(...(await describeVersionsOf(ec2, templateId)).map(toSource));
  }
  return sources;
};
