/** What a restored table must have to stand in the place of the one that it was restored from: each setting, and how it is set. */
import type { DynamoDBClient, StreamViewType } from "@aws-sdk/client-dynamodb";
import { stateTableSchema } from "../../adapters/store/schema.ts";
import {
  expireBy,
  recoverToAnyPoint,
  tagTable,
  updateTable,
  type TableSettings,
} from "../../adapters/store/table-settings.ts";

/** Those that our code decides, and, from the table before, those that its owner has added. */
export type WantedSettings = Omit<TableSettings, "arn" | "status" | "restoredFrom">;

/** @param before its tags and its stream; undefined where it is gone, and nobody can know them */
export const wantedSettings = (
  before: Pick<TableSettings, "stream" | "tags"> | undefined,
): WantedSettings => ({
  indexes: stateTableSchema.indexes.map(
    ({ name, partitionKey, sortKey }) =>
      `${name} (${partitionKey}, ${sortKey}) ${stateTableSchema.projection}`,
  ),
  billingMode: stateTableSchema.billingMode,
  encryption: stateTableSchema.encryption,
  timeToLiveAttribute: stateTableSchema.timeToLiveAttribute,
  pointInTimeRecovery: stateTableSchema.pointInTimeRecovery,
  deletionProtection: stateTableSchema.deletionProtection,
  stream: before?.stream,
  tags: before?.tags ?? {},
});

interface Change {
  readonly client: DynamoDBClient;
  readonly tableName: string;
  readonly arn: string;
}

interface Setting {
  readonly name: string;
  readonly wanted: (wanted: WantedSettings) => string;
  readonly found: (found: TableSettings, wanted: WantedSettings) => string;
  /** Absent: it is given to a table as it is restored, and can't be given afterwards. */
  readonly set?: (change: Change, wanted: WantedSettings) => Promise<void>;
}

const onOrOff = (isOn: boolean): string => (isOn ? "on" : "off");

const spelledTags = (tags: Readonly<Record<string, string>>): string =>
  Object.entries(tags)
    .map(([key, value]) => `${key}=${value}`)
    .toSorted()
    .join(", ");

/** Of those that are wanted: one that somebody has added to the restored table stays. */
const wantedTags = (found: TableSettings, { tags }: WantedSettings): Record<string, string> =>
  Object.fromEntries(Object.entries(found.tags).filter(([key]) => Object.hasOwn(tags, key)));

const same =
  (spell: (settings: WantedSettings) => string): Setting["found"] =>
  (found) =>
    spell(found);

const spelledIndexes = ({ indexes }: WantedSettings): string => indexes.join(", ");
const billingMode = (settings: WantedSettings): string => settings.billingMode;
const encryption = (settings: WantedSettings): string => settings.encryption;
const timeToLive = (settings: WantedSettings): string => settings.timeToLiveAttribute ?? "off";
const recovery = (settings: WantedSettings): string => onOrOff(settings.pointInTimeRecovery);
const protection = (settings: WantedSettings): string => onOrOff(settings.deletionProtection);
const stream = (settings: WantedSettings): string => settings.stream ?? "none";

/**
 * In this order they are set: the table is protected first, and its items begin to expire last. Source: RestoreTableToPointInTime,
 * DynamoDB API reference: auto scaling, IAM policies, alarms, tags, streams, time to live and point-in-time recovery are not restored.
 */
const settings: readonly Setting[] = [
  { name: "indexes", wanted: spelledIndexes, found: same(spelledIndexes) },
  {
    name: "deletion protection",
    wanted: protection,
    found: same(protection),
    set: (change, { deletionProtection }) =>
      updateTable(change, { DeletionProtectionEnabled: deletionProtection }),
  },
  {
    name: "point-in-time recovery",
    wanted: recovery,
    found: same(recovery),
    set: recoverToAnyPoint,
  },
  {
    name: "billing mode",
    wanted: billingMode,
    found: same(billingMode),
    set: (change) => updateTable(change, { BillingMode: stateTableSchema.billingMode }),
  },
  {
    name: "encryption",
    wanted: encryption,
    found: same(encryption),
    set: (change) =>
      updateTable(change, {
        SSESpecification: { Enabled: true, SSEType: stateTableSchema.encryption },
      }),
  },
  {
    name: "stream",
    wanted: stream,
    // One that nobody had before harms nobody.
    found: (found, wanted) => (wanted.stream === undefined ? "none" : stream(found)),
    set: (change, wanted) =>
      updateTable(change, {
        StreamSpecification: {
          StreamEnabled: true,
          // As DescribeTable spelled it.
          StreamViewType: wanted.stream as StreamViewType,
        },
      }),
  },
  {
    name: "tags",
    wanted: ({ tags }) => spelledTags(tags),
    found: (found, wanted) => spelledTags(wantedTags(found, wanted)),
    set: (change, { tags }) => tagTable(change, tags),
  },
  {
    name: "time to live",
    wanted: timeToLive,
    found: same(timeToLive),
    set: (change) => expireBy(change, stateTableSchema.timeToLiveAttribute),
  },
];

export interface ComparedSetting {
  readonly name: string;
  readonly wanted: string;
  readonly found: string;
  readonly isRight: boolean;
  readonly set: Setting["set"];
}

export const compareSettings = (
  wanted: WantedSettings,
  found: TableSettings,
): readonly ComparedSetting[] =>
  settings.map((setting) => {
    const spelled = { wanted: setting.wanted(wanted), found: setting.found(found, wanted) };
    const isRight = spelled.wanted === spelled.found;
    return { name: setting.name, ...spelled, isRight, set: setting.set };
  });
