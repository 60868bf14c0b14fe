/**
 * Keys of what looks like waste, and of what runs without an owner; all others stand in keys.ts.
 *
 * | Item        | pk                    | sk                            | gsi1                 | gsi2                        |
 * |-------------|-----------------------|-------------------------------|----------------------|-----------------------------|
 * | enforcer's settings | ACCOUNT#id    | ENFORCER                      |                      |                             |
 * | enforcer's standing | ENFORCER_PLACES | account#region              |                      |                             |
 * | finding of the enforcer | ENFORCER#account#region | INSTANCE#id     | GOVERNANCE, flagged  | GOVERNANCE_OF#account, flagged |
 * | waste       | WASTE#account#region  | FINDING#kind#resource         | WASTE_ID#id          | WASTE_DUE, next look        |
 * | waste scan  | WASTE#account#region  | SCAN                          |                      |                             |
 * | waste settings | ACCOUNT#id         | WASTE                         |                      |                             |
 */
import type { Place } from "../../core/model/place.ts";
import { accountKey } from "./keys.ts";
import type { Key } from "./table.ts";

/** What looks like waste in one account and region, and when it is read next. */
export const wastePartition = ({ accountId, region }: Place): string =>
  `WASTE#${accountId}#${region}`;

export const wasteFindingPrefix = "FINDING#";

export const wasteFindingKey = (
  place: Place,
  { kind, resourceId }: { readonly kind: string; readonly resourceId: string },
): Key => ({ pk: wastePartition(place), sk: `${wasteFindingPrefix}${kind}#${resourceId}` });

/** A partition of its own: it never changes, and costs one write. */
export const wasteIdPartition = (findingId: string): string => `WASTE_ID#${findingId}`;

/** Findings whose deletion is to be looked at, by when. */
export const wasteDuePartition = "WASTE_DUE";

export const wasteScanKey = (place: Place): Key => ({ pk: wastePartition(place), sk: "SCAN" });

/** Beside the account: what is noted there is no part of it. */
export const enforcerSettingsKey = (accountId: string): Key => ({
  pk: accountKey(accountId).pk,
  sk: "ENFORCER",
});

/** All places in which the enforcer reads. */
export const enforcerPlacesPartition = "ENFORCER_PLACES";

export const enforcerPlaceKey = ({ accountId, region }: Place): Key => ({
  pk: enforcerPlacesPartition,
  sk: `${accountId}#${region}`,
});

export const governancePartition = "GOVERNANCE";
export const governanceOfPartition = (accountId: string): string => `GOVERNANCE_OF#${accountId}`;

export const findingsPrefix = "ENFORCER#";

/** What the enforcer has flagged in one account and region. */
export const findingsPartition = ({ accountId, region }: Place): string =>
  `${findingsPrefix}${accountId}#${region}`;

export const findingKey = (place: Place, instanceId: string): Key => ({
  pk: findingsPartition(place),
  sk: `INSTANCE#${instanceId}`,
});

/** Beside the account: what is noted there is no part of it. */
export const wasteSettingsKey = (accountId: string): Key => ({
  pk: accountKey(accountId).pk,
  sk: "WASTE",
});
