/**
 * A pool that takes many instances at once is lost once. Of 2,635 interruptions that were watched, 92 % of those that fell together lay
 * within three minutes (arXiv 2604.16457): what a customer with two hundred instances loses in one stroke weighs no more than one instance of
 * another customer's.
 */
import type { Environment } from "../model/account.ts";
import type { AccountId } from "../model/ids.ts";
import type { PoolLoss } from "../model/market.ts";

/** A loss as it is remembered. Whose it was is told to nobody: it is not part of what is judged, nor of any record. */
export interface ToldLoss extends PoolLoss {
  /** Absent: it was not noted. */
  readonly accountId?: AccountId;
  /** Of that account. Absent: it was not noted, and counts as PROD's. */
  readonly environment?: Environment;
}

const togetherMs = 3 * 60_000;

/**
 * The least that any of them left: for as many the pool has capacity still. Absent where one of them was another target's, which speaks
 * against the pool however many are wanted.
 */
const heldAfter = (one: PoolLoss, other: PoolLoss): Pick<PoolLoss, "held"> =>
  one.held === undefined || other.held === undefined
    ? {}
    : { held: Math.min(one.held, other.held) };

/** Where several accounts lost at once it is noted of none of them. */
const joined = (first: ToldLoss, next: ToldLoss): ToldLoss => {
  const { held: _, accountId, environment: __, ...others } = first;
  const isOneAccounts = accountId !== undefined && accountId === next.accountId;
  return { ...others, ...heldAfter(first, next), ...(isOneAccounts && { accountId }) };
};

/** One for each pool and three minutes, counted from the first of them. */
const oncePerTaking = (losses: readonly ToldLoss[]): readonly ToldLoss[] => {
  const counted: ToldLoss[] = [];
  const lastOf = new Map<string, number>();
  const inOrder = losses.toSorted((one, other) => Date.parse(one.at) - Date.parse(other.at));
  for (const loss of inOrder) {
    const pool = `${loss.zoneId}#${loss.instanceType}`;
    const index = lastOf.get(pool);
    const last = index === undefined ? undefined : counted[index];
    if (
      index !== undefined &&
      last !== undefined &&
      Date.parse(loss.at) - Date.parse(last.at) < togetherMs
    ) {
      counted[index] = joined(last, loss);
    } else {
      lastOf.set(pool, counted.length);
      counted.push(loss);
    }
  }
  return counted;
};

/**
 * Of another account so many count of a pool within a day: two weigh as much as one that is a half-life younger, so that no account by itself
 * raises a pool by more than one half-life a day for all others. For itself each of its own losses counts.
 */
const mostOfOneAccount = 2;
const dayMs = 86_400_000;

const withoutExcess = (
  losses: readonly ToldLoss[],
  own: AccountId | undefined,
): readonly ToldLoss[] => {
  const timesOf = new Map<string, readonly number[]>();
  return losses.filter(({ accountId, zoneId, instanceType, at }) => {
    if (accountId === undefined || accountId === own) return true;
    const name = `${accountId}#${zoneId}#${instanceType}`;
    const atMs = Date.parse(at);
    const ofDay = (timesOf.get(name) ?? []).filter((time) => atMs - time < dayMs);
    if (ofDay.length >= mostOfOneAccount) return false;
    timesOf.set(name, [...ofDay, atMs]);
    return true;
  });
};

/** What LAB accounts lose, they lose by their experiments: it counts for themselves alone. */
const countsFor =
  (own: AccountId | undefined) =>
  ({ accountId, environment }: ToldLoss): boolean =>
    environment !== "LAB" || (own !== undefined && accountId === own);

/** What LAB accounts have lost, each taking once: told beside those that count, so that nobody takes them for forgotten. */
export const lossesOfLab = (losses: readonly ToldLoss[]): readonly PoolLoss[] =>
  oncePerTaking(losses.filter(({ environment }) => environment === "LAB")).map(
    ({ accountId: _, environment: __, ...loss }) => loss,
  );

/**
 * Those that count, oldest first, without whose they were.
 * @param own account for which it is judged; undefined: for one that has lost nothing itself
 */
export const distinctLosses = (
  losses: readonly ToldLoss[],
  own: AccountId | undefined,
): readonly PoolLoss[] =>
  withoutExcess(oncePerTaking(losses.filter(countsFor(own))), own).map(
    ({ accountId: _, environment: __, ...loss }) => loss,
  );
