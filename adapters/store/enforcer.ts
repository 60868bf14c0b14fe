/** What the enforcer was told, what it has flagged in customers' accounts, and where it stands in each account and region. */
import {
  enforcerPlaceSchema,
  enforcerSettingsSchema,
  findingSchema,
  type EnforcerPlace,
  type EnforcerSettings,
  type Finding,
} from "../../core/model/enforcer.ts";
import type { AccountId, InstanceId } from "../../core/model/ids.ts";
import { placeKey, type Place } from "../../core/model/place.ts";
import {
  enforcerPlaceKey,
  enforcerPlacesPartition,
  enforcerSettingsKey,
  findingKey,
  findingsPartition,
  governanceOfPartition,
  governancePartition,
} from "./governance-keys.ts";
import { parseStored, parseToStore, sortableInstant } from "./parsed-data.ts";
import { readValue, updateValue, type SingleValue } from "./single-value.ts";
import type { Item, Table, WriteResult } from "./table.ts";
import { removeItem, updateItem } from "./update-item.ts";

const settingsOf = (accountId: AccountId): SingleValue<EnforcerSettings, undefined> => ({
  key: enforcerSettingsKey(accountId),
  name: `the enforcer's settings of account ${accountId}`,
  schema: enforcerSettingsSchema(),
  none: undefined,
});

/** Undefined: it is off. @throws BrokenFacts naming the account if what is stored does not parse */
export const readEnforcerSettings = (
  table: Table,
  accountId: AccountId,
): Promise<EnforcerSettings | undefined> => readValue(table, settingsOf(accountId));

/** What is stored then. @throws RetryableContention, BrokenFacts; both name the account */
export const updateEnforcerSettings = async (
  table: Table,
  accountId: AccountId,
  change: (stored: EnforcerSettings | undefined) => EnforcerSettings,
): Promise<void> => {
  await updateValue(table, settingsOf(accountId), change);
};

/** Whoever connects the account again turns it on again. */
export const forgetEnforcerSettings = async (table: Table, accountId: AccountId): Promise<void> => {
  await removeItem(table, enforcerSettingsKey(accountId));
};

const placeOf = (place: Place): SingleValue<EnforcerPlace, undefined> => ({
  key: enforcerPlaceKey(place),
  name: `the enforcer's standing in ${placeKey(place)}`,
  schema: enforcerPlaceSchema(),
  none: undefined,
});

export const readEnforcerPlace = (table: Table, place: Place): Promise<EnforcerPlace | undefined> =>
  readValue(table, placeOf(place));

/** A change that returns its argument itself writes nothing. @throws RetryableContention, BrokenFacts; both name the place */
export const updateEnforcerPlace = (
  table: Table,
  place: Place,
  change: (stored: EnforcerPlace | undefined) => EnforcerPlace | undefined,
): Promise<EnforcerPlace | undefined> =>
  updateValue(
    table,
    placeOf(place),
    change as (stored: EnforcerPlace | undefined) => EnforcerPlace,
  );

export const listEnforcerPlaces = async (table: Table): Promise<readonly EnforcerPlace[]> =>
  (await table.query({ partition: enforcerPlacesPartition })).items.map((item) =>
    parseStored(enforcerPlaceSchema(), item.data, `${item.pk}/${item.sk}`),
  );

const nameOf = ({ instanceId }: Pick<Finding, "instanceId">): string => `finding ${instanceId}`;

export const readFinding = ({ pk, sk, data }: Item): Finding =>
  parseStored(findingSchema(), data, `${pk}/${sk}`);

const toItem = (finding: Finding, version: number): Item => {
  const { accountId, region, instanceId, flaggedAt } = finding;
  const order = `${sortableInstant(flaggedAt, "flaggedAt")}#${accountId}#${region}#${instanceId}`;
  return {
    ...findingKey(finding, instanceId),
    version,
    gsi1pk: governancePartition,
    gsi1sk: order,
    gsi2pk: governanceOfPartition(accountId),
    gsi2sk: order,
    data: parseToStore(findingSchema(), finding, nameOf(finding)),
  };
};

/** A finding as it was read: it is written and forgotten under that version. */
export interface StoredFinding {
  readonly finding: Finding;
  readonly version: number;
}

/** All of one account and region, read consistently. */
export const readFindingsIn = async (
  table: Table,
  place: Place,
): Promise<readonly StoredFinding[]> => {
  const { items } = await table.query({ partition: findingsPartition(place) });
  return items.map((item) => ({ finding: readFinding(item), version: item.version }));
};

/** `version`: of the finding that was read; undefined where there was none. CONFLICT if another has written it since. */
export const writeFinding = (
  table: Table,
  finding: Finding,
  version: number | undefined,
): Promise<WriteResult> =>
  version === undefined
    ? table.put(toItem(finding, 1), { ifAbsent: true })
    : table.put(toItem(finding, version + 1), { ifVersion: version });

/** A change that returns its argument itself writes nothing. @throws BrokenNotFound, BrokenFacts, RetryableContention; all name it */
export const updateFinding = (
  table: Table,
  place: Place,
  {
    instanceId,
    change,
  }: {
    readonly instanceId: InstanceId;
    readonly change: (finding: Finding) => Finding;
  },
): Promise<Finding> =>
  updateItem(table, findingKey(place, instanceId), {
    name: nameOf({ instanceId }),
    read: readFinding,
    change,
    toItem,
  });

/** Nothing where another has written it since: the next reading judges what stands there. */
export const forgetFinding = async (
  table: Table,
  { finding, version }: StoredFinding,
): Promise<void> => {
  await table.delete(findingKey(finding, finding.instanceId), { ifVersion: version });
};

/** Of a place that is no longer connected, or where the enforcer is off. */
export const forgetEnforcerIn = async (table: Table, place: Place): Promise<void> => {
  for (const stored of await readFindingsIn(table, place)) await forgetFinding(table, stored);
  await removeItem(table, enforcerPlaceKey(place));
};
