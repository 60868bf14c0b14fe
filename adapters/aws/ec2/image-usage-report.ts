/** Has EC2 report which other accounts use an image, and reads the report. */
import {
  CreateImageUsageReportCommand,
  DescribeImageUsageReportEntriesCommand,
  DescribeImageUsageReportsCommand,
  type EC2Client,
  type ImageUsageReport,
} from "@aws-sdk/client-ec2";
import type { ImageUsage } from "../../../core/model/waste/image.ts";
import { acted, type Acted } from "../acted.ts";
import { readAllPages } from "../paging.ts";
import { required } from "../required.ts";
import { callAws } from "../translate-error.ts";

/** All that a report can have; of templates all versions, by EC2's greatest depth. */
const users = [
  { ResourceType: "ec2:Instance" },
  {
    ResourceType: "ec2:LaunchTemplate",
    ResourceTypeOptions: [{ OptionName: "version-depth", OptionValues: ["10000"] }],
  },
  { ResourceType: "imagebuilder:ImageRecipe" },
  { ResourceType: "imagebuilder:ContainerRecipe" },
];

/** Begins a report on all accounts. The token makes a repetition return the same report. EC2 deletes it after 30 days. */
export const startUsageReport = async (
  ec2: EC2Client,
  { imageId, clientToken }: { readonly imageId: string; readonly clientToken: string },
): Promise<Acted & { readonly reportId: string }> => {
  const answer = await callAws({ action: "CreateImageUsageReport", resource: imageId }, () =>
    ec2.send(
      new CreateImageUsageReportCommand({
        ImageId: imageId,
        ResourceTypes: users,
        ClientToken: clientToken,
      }),
    ),
  );
  return { ...acted(answer), reportId: required(answer.ReportId, `the report on ${imageId}`) };
};

const timeOf = ({ CreationTime: created }: ImageUsageReport): number => created?.getTime() ?? 0;

const newestReport = async (
  ec2: EC2Client,
  imageId: string,
): Promise<ImageUsageReport | undefined> => {
  const reports = await readAllPages({
    fetch: (token) =>
      callAws({ action: "DescribeImageUsageReports", resource: imageId }, () =>
        ec2.send(new DescribeImageUsageReportsCommand({ ImageIds: [imageId], NextToken: token })),
      ),
    items: (page) => page.ImageUsageReports,
    next: (page) => page.NextToken,
  });
  return reports.sort((one, other) => timeOf(other) - timeOf(one))[0];
};

/** Accounts besides the owner's that use the image. */
const accountsIn = async (ec2: EC2Client, reportId: string): Promise<readonly string[]> => {
  const entries = await readAllPages({
    fetch: (token) =>
      callAws({ action: "DescribeImageUsageReportEntries", resource: reportId }, () =>
        ec2.send(
          new DescribeImageUsageReportEntriesCommand({ ReportIds: [reportId], NextToken: token }),
        ),
      ),
    items: (page) => page.ImageUsageReportEntries,
    next: (page) => page.NextToken,
  });
  const accounts = entries
    .filter(({ UsageCount: count = 1 }) => count > 0)
    .map(({ AccountId }) => required(AccountId, `an account in ${reportId}`));
  return [...new Set(accounts)].sort();
};

/** What the newest report on the image says; undefined: there is none. Two calls. */
export const readImageUsage = async (
  ec2: EC2Client,
  imageId: string,
): Promise<ImageUsage | undefined> => {
  const report = await newestReport(ec2, imageId);
  if (report === undefined) return undefined;
  const reportId = required(report.ReportId, `the id of a report on ${imageId}`);
  const { State: state, StateReason: reason, CreationTime: created } = report;
  if (state === "pending") return { kind: "PENDING", reportId };
  if (state !== "available") {
    return { kind: "FAILED", reportId, ...(reason === undefined ? {} : { reason }) };
  }
  const asOf = required(created, `when ${reportId} was made`).toISOString();
  const accountIds = await accountsIn(ec2, reportId);
  return accountIds.length === 0
    ? { kind: "UNUSED", reportId, asOf }
    : { kind: "USED", reportId, asOf, accountIds };
};
