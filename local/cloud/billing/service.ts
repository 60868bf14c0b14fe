/**
 * The simulated AWS's own bill: what ran, from when to when, at which price, by the cloud alone. It is asked for before the time that it is
 * to tell of; else nothing is kept, and nothing costs time.
 *
 * Not on it: data transfer (the simulated network counts no bytes between zones), requests, load balancers, NAT gateways, CloudWatch.
 */
import type { Metered } from "../ec2/metered.ts";
import { afterCommitments, type SavingsPlan } from "./commitments.ts";
import { instanceLines } from "./instance-lines.ts";
import { addressLines, reservationLines, volumeLines } from "./lasting-lines.ts";
import type { BillLine } from "./line.ts";
import { startMeter } from "./meter.ts";
import { pricesOf } from "./prices.ts";
import { fastRestoreLines, snapshotLines } from "./snapshot-lines.ts";

export interface Bill {
  /**
   * In order of their times. Reserved Instances and Savings Plans are set against what they cover.
   * @param asked ISO 8601 in UTC, whole hours: from the one to before the other, up to now at most
   */
  lines(asked: { readonly from: string; readonly to: string }): readonly BillLine[];
}

export interface Billing {
  /**
   * From now on it is kept. What is there is taken for as old as it says it is.
   * @param plans committed to all the time
   */
  start(plans?: readonly SavingsPlan[]): Bill;
}

const inOrder = (one: BillLine, other: BillLine): number =>
  one.startAt.localeCompare(other.startAt) ||
  one.resourceId.localeCompare(other.resourceId) ||
  one.usageType.localeCompare(other.usageType);

const secondAt = (text: string): number => Math.floor(Date.parse(text) / 1000);

export const createBilling = (metered: Metered): Billing => ({
  start: (plans = []) => {
    const prices = pricesOf(metered.market);
    const readRecords = startMeter(metered);
    return {
      lines: ({ from, to }) => {
        const now = Math.floor(metered.now() / 1000);
        const within = { from: secondAt(from), to: Math.min(secondAt(to), now) };
        const records = readRecords();
        const usage = [
          ...records.instances.flatMap((each) => instanceLines(prices, each, within)),
          ...records.volumes.flatMap((each) => volumeLines(prices, each, within)),
          ...records.addresses.flatMap((each) => addressLines(prices, each, within)),
          ...records.reservations.flatMap((each) => reservationLines(prices, each, within)),
          ...snapshotLines(prices, records.snapshots, within),
          ...records.fastRestores.flatMap((each) => fastRestoreLines(prices, each, within)),
        ].sort(inOrder);
        return afterCommitments(usage, { plans, regions: metered.regions() }, within);
      },
    };
  },
});
