/** Who serves: read from the simulated cloud at each call and at each tick of the clock, never from our own record. */
import type { InstanceStatus } from "@aws-sdk/client-ec2";
import type { InstanceSummary } from "../cloud/ec2/control-reads.ts";
import type { LabAccount } from "./account.ts";

export interface Span {
  /** Milliseconds since the epoch. */
  readonly fromMs: number;
  readonly toMs: number;
}

export interface ServiceRecord {
  /** How long the address had no healthy holder: what clients noticed. */
  readonly unservedSeconds: number;
  /** How often that began. */
  readonly outages: number;
  /** Fewest healthy holders of the address at any instant outside of the planned downtime. */
  readonly fewestHolders: number;
}

export interface ServiceWatch {
  readonly look: () => void;
  /** Takes the last reading. */
  readonly stop: () => void;
  /** @param planned the downtime that belongs to the switch; undefined: there was to be none */
  readonly record: (planned: Span | undefined) => ServiceRecord;
}

type Place = Pick<LabAccount, "accountId" | "platform">;

/** Straight from the simulated cloud: neither the journal that is judged nor what EC2 has not caught up with shows. */
const statusesIn = ({ accountId, platform }: Place): readonly InstanceStatus[] =>
  platform.ec2.control.statuses(accountId);

const checksOf = (found: InstanceStatus): readonly (string | undefined)[] =>
  [found.SystemStatus, found.InstanceStatus, found.AttachedEbsStatus].map((check) => check?.Status);

const idsOf = (statuses: readonly InstanceStatus[]): ReadonlySet<string> =>
  new Set(statuses.map(({ InstanceId: id }) => id ?? ""));

const impairedIn = (account: LabAccount): ReadonlySet<string> =>
  idsOf(statusesIn(account).filter((found) => checksOf(found).includes("impaired")));

/** Running instances that have passed all of their checks: one that has just booted has not. */
export const provedIn = ({ accountId, platform }: Place): ReadonlySet<string> =>
  new Set(platform.ec2.control.proved(accountId));

/** The running instance that holds the address and fails no check; an address is at one instance at most. */
export const healthyHolder = (
  account: LabAccount,
  allocationId: string,
): InstanceSummary | undefined => {
  const { control } = account.platform.ec2;
  const holder = control.holderOf(account.accountId, allocationId);
  if (holder === undefined || impairedIn(account).has(holder)) return undefined;
  return control.find(holder);
};

/** Those of the addresses that no running instance without a failed check holds. */
export const unservedAmong = (
  account: LabAccount,
  allocationIds: readonly string[],
): readonly string[] => {
  const impaired = impairedIn(account);
  const held = account.platform.ec2.control
    .running(account.accountId)
    .filter(({ instanceId }) => !impaired.has(instanceId))
    .flatMap((instance) => instance.allocationIds);
  const served = new Set(held);
  return allocationIds.filter((id) => !served.has(id));
};

interface Reading extends Span {
  readonly holders: number;
}

const spansOf = (
  changes: readonly { readonly atMs: number; readonly holders: number }[],
  endMs: number,
): readonly Reading[] =>
  changes.map(({ atMs, holders }, index) => ({
    fromMs: atMs,
    toMs: changes[index + 1]?.atMs ?? endMs,
    holders,
  }));

const isWithin = (reading: Reading, planned: Span | undefined): boolean =>
  planned !== undefined && reading.fromMs >= planned.fromMs && reading.toMs <= planned.toMs;

export const watchService = (account: LabAccount, allocationId: string): ServiceWatch => {
  const changes: { atMs: number; holders: number }[] = [];
  let endMs = account.clock.now();
  const look = (): void => {
    const holders = healthyHolder(account, allocationId) === undefined ? 0 : 1;
    if (changes.at(-1)?.holders === holders) return;
    changes.push({ atMs: account.clock.now(), holders });
  };
  const release = account.platform.cloud.faults.after(look);
  look();
  return {
    look,
    stop: () => {
      look();
      release();
      endMs = account.clock.now();
    },
    record: (planned) => {
      const readings = spansOf(changes, endMs);
      const unserved = readings.filter((reading) => reading.holders === 0);
      const judged = readings.filter((reading) => !isWithin(reading, planned));
      return {
        unservedSeconds: unserved.reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0) / 1000,
        outages: unserved.length,
        fewestHolders: Math.min(...judged.map((reading) => reading.holders)),
      };
    },
  };
};
