/** Settings of a table itself: read whole, and set one at a time, as a table that was restored needs it. */
import {
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  ListTagsOfResourceCommand,
  TagResourceCommand,
  UpdateContinuousBackupsCommand,
  UpdateTableCommand,
  UpdateTimeToLiveCommand,
  waitUntilTableExists,
  type DynamoDBClient,
  type TableDescription,
  type Tag,
  type UpdateTableCommandInput,
} from "@aws-sdk/client-dynamodb";
import { readAllPages } from "../aws/paging.ts";
import { required } from "../aws/required.ts";
import { callAws } from "../aws/translate-error.ts";

export interface TableSettings {
  readonly arn: string;
  /** As AWS spells it: `ACTIVE`, `CREATING` (also while it is restored), `UPDATING` … */
  readonly status: string;
  /** Name of the table from which it was restored, where AWS tells it. */
  readonly restoredFrom: string | undefined;
  /** `gsi1 (gsi1pk, gsi1sk) KEYS_ONLY`, in the order of their names. */
  readonly indexes: readonly string[];
  readonly billingMode: string;
  /** `KMS`, or `AWS_OWNED`. */
  readonly encryption: string;
  /** Undefined: nothing expires. */
  readonly timeToLiveAttribute: string | undefined;
  readonly pointInTimeRecovery: boolean;
  readonly deletionProtection: boolean;
  /** What its stream shows: `NEW_AND_OLD_IMAGES` … Undefined: it has none. */
  readonly stream: string | undefined;
  /** Without those of AWS's own, which nobody else can set. */
  readonly tags: Readonly<Record<string, string>>;
}

interface Named {
  readonly client: DynamoDBClient;
  readonly tableName: string;
}

const about = (action: string, { tableName }: Named) => ({
  action,
  resource: tableName,
  role: "own" as const,
});

const describeTable = async (named: Named): Promise<TableDescription> => {
  const command = new DescribeTableCommand({ TableName: named.tableName });
  const { Table } = await callAws(about("DescribeTable", named), () => named.client.send(command));
  return required(Table, `the table ${named.tableName}`);
};

/** A table whose last change is still going on (ENABLING) counts as set: AWS has taken it, and takes no other within the hour. */
const readTimeToLive = async (named: Named): Promise<string | undefined> => {
  const command = new DescribeTimeToLiveCommand({ TableName: named.tableName });
  const { TimeToLiveDescription: told } = await callAws(about("DescribeTimeToLive", named), () =>
    named.client.send(command),
  );
  const isOn = told?.TimeToLiveStatus === "ENABLED" || told?.TimeToLiveStatus === "ENABLING";
  return isOn ? told.AttributeName : undefined;
};

const readPointInTimeRecovery = async (named: Named): Promise<boolean> => {
  const command = new DescribeContinuousBackupsCommand({ TableName: named.tableName });
  const { ContinuousBackupsDescription: told } = await callAws(
    about("DescribeContinuousBackups", named),
    () => named.client.send(command),
  );
  return told?.PointInTimeRecoveryDescription?.PointInTimeRecoveryStatus === "ENABLED";
};

const readTags = async (named: Named, arn: string): Promise<Readonly<Record<string, string>>> => {
  const tags = await readAllPages({
    fetch: (token) => {
      const command = new ListTagsOfResourceCommand({ ResourceArn: arn, NextToken: token });
      return callAws(about("ListTagsOfResource", named), () => named.client.send(command));
    },
    items: ({ Tags }) => Tags,
    next: ({ NextToken }) => NextToken,
  });
  return Object.fromEntries(
    tags
      .map(({ Key = "", Value = "" }: Tag) => [Key, Value] as const)
      .filter(([key]) => !key.startsWith("aws:")),
  );
};

const indexesOf = ({ GlobalSecondaryIndexes = [] }: TableDescription): readonly string[] =>
  GlobalSecondaryIndexes.map(({ IndexName = "", KeySchema = [], Projection }) => {
    const keys = KeySchema.map(({ AttributeName }) => AttributeName).join(", ");
    return `${IndexName} (${keys}) ${Projection?.ProjectionType ?? "?"}`;
  }).toSorted();

/** `arn:aws:dynamodb:…:table/NAME` → `NAME` */
const tableOf = (arn: string | undefined): string | undefined => arn?.split(":table/").at(1);

/** @throws BrokenNotFound for a table that is not there */
export const readTableSettings = async (named: Named): Promise<TableSettings> => {
  const table = await describeTable(named);
  const arn = required(table.TableArn, `the ARN of table ${named.tableName}`);
  const { SSEDescription: key, StreamSpecification: stream } = table;
  return {
    arn,
    status: required(table.TableStatus, `the status of table ${named.tableName}`),
    restoredFrom: tableOf(table.RestoreSummary?.SourceTableArn),
    indexes: indexesOf(table),
    billingMode: table.BillingModeSummary?.BillingMode ?? "PROVISIONED",
    encryption: key?.Status === "ENABLED" ? (key.SSEType ?? "?") : "AWS_OWNED",
    timeToLiveAttribute: await readTimeToLive(named),
    pointInTimeRecovery: await readPointInTimeRecovery(named),
    deletionProtection: table.DeletionProtectionEnabled === true,
    stream: stream?.StreamEnabled === true ? stream.StreamViewType : undefined,
    tags: await readTags(named, arn),
  };
};

/** AWS takes the next change of a table once this one is done. */
const longestChangeSeconds = 600;

const untilActive = async (named: Named): Promise<void> => {
  const { client, tableName } = named;
  await callAws(about("DescribeTable", named), () =>
    waitUntilTableExists(
      { client, minDelay: 1, maxDelay: 10, maxWaitTime: longestChangeSeconds },
      { TableName: tableName },
    ),
  );
};

/** Waits until it is done. @throws what UpdateTable answers */
export const updateTable = async (
  named: Named,
  change: Omit<UpdateTableCommandInput, "TableName">,
): Promise<void> => {
  await untilActive(named);
  const command = new UpdateTableCommand({ ...change, TableName: named.tableName });
  await callAws(about("UpdateTable", named), () => named.client.send(command));
  await untilActive(named);
};

export const expireBy = async (named: Named, attribute: string): Promise<void> => {
  const command = new UpdateTimeToLiveCommand({
    TableName: named.tableName,
    TimeToLiveSpecification: { Enabled: true, AttributeName: attribute },
  });
  await callAws(about("UpdateTimeToLive", named), () => named.client.send(command));
};

export const recoverToAnyPoint = async (named: Named): Promise<void> => {
  const command = new UpdateContinuousBackupsCommand({
    TableName: named.tableName,
    PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
  });
  await callAws(about("UpdateContinuousBackups", named), () => named.client.send(command));
};

/** Adds them, or changes their values; others stay. */
export const tagTable = async (
  named: Named & { readonly arn: string },
  tags: Readonly<Record<string, string>>,
): Promise<void> => {
  const command = new TagResourceCommand({
    ResourceArn: named.arn,
    Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
  });
  await callAws(about("TagResource", named), () => named.client.send(command));
};
