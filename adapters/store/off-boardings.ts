/** Accounts that are on their way out: one query lists all of them. */
import type { AccountId } from "../../core/model/ids.ts";
import { offBoardingSchema, type OffBoarding } from "../../core/model/off-boarding.ts";
import { offBoardingKey, offBoardingPartition } from "./keys.ts";
import { parseStored } from "./parsed-data.ts";
import { readValue, updateValue, type SingleValue } from "./single-value.ts";
import type { Table } from "./table.ts";
import { removeItem } from "./update-item.ts";

const offBoardingOf = (accountId: AccountId): SingleValue<OffBoarding, undefined> => ({
  key: offBoardingKey(accountId),
  name: `off-boarding of account ${accountId}`,
  schema: offBoardingSchema(),
  none: undefined,
});

/** Undefined for an account that stays. @throws BrokenFacts naming the account */
export const readOffBoarding = (
  table: Table,
  accountId: AccountId,
): Promise<OffBoarding | undefined> => readValue(table, offBoardingOf(accountId));

/** The last decision counts. @throws RetryableContention, BrokenFacts; both name the account */
export const writeOffBoarding = async (table: Table, offBoarding: OffBoarding): Promise<void> => {
  await updateValue(table, offBoardingOf(offBoarding.accountId), () => offBoarding);
};

/** Notes what it waits for. One that has ended meanwhile stays ended. @throws RetryableContention, BrokenFacts */
export const noteOffBoarding = async (
  table: Table,
  accountId: AccountId,
  note: Required<Pick<OffBoarding, "waitsFor" | "workedAt">>,
): Promise<void> => {
  await updateValue(table, offBoardingOf(accountId), (stored) =>
    stored === undefined ? stored : { ...stored, ...note },
  );
};

export const forgetOffBoarding = async (table: Table, accountId: AccountId): Promise<void> => {
  await removeItem(table, offBoardingKey(accountId));
};

/** In order of the accounts. @throws BrokenFacts naming the account */
export const listOffBoardings = async (table: Table): Promise<readonly OffBoarding[]> => {
  const { items } = await table.query({ partition: offBoardingPartition });
  return items.map(({ pk, sk, data }) => parseStored(offBoardingSchema(), data, `${pk}/${sk}`));
};
