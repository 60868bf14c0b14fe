/** A storm: EC2 takes two hundred single instances of an account and region back at once, and their pools have room for nobody. */
import { listWarned } from "../../../adapters/store/spot-events.ts";
import { accountIdSchema } from "../../../core/model/ids.ts";
import { seededMarket } from "../../cloud/market/seeded.ts";
import { boots, defaultSettings } from "../../cloud/ec2/settings.ts";
import { openAccount, type LabAccount } from "../../lab/account.ts";
import { hourMs, keepSchedules } from "../../lab/schedules.ts";
import { provedIn } from "../../lab/service.ts";
import { watchTable } from "../../lab/harm.ts";
import { createMemoryTable } from "../../platform/memory-table.ts";
import type { Table } from "../../../adapters/store/table.ts";
import { beginBadDay } from "./bad-day.ts";
import { runStormOn, setUpStorm, type Site } from "../../lab/storm.ts";
import { quantilesOf, shareServed, type Quantiles, type ShareServed } from "./aims.ts";
import { prepareFor, secondsUntil, type Answered } from "./interruption-case.ts";

const stormSize = 200;
/** Of all, served before the end: what EC2's request limits let 200 launches come to by CreateFleet, by arithmetic. */
export const stormShare = 0.81;

export interface StormInterrupted {
  readonly targets: number;
  /** Much else goes wrong as well: nothing is lost or launched twice, and no share is aimed at. */
  readonly isBadDay: boolean;
  readonly served: Quantiles;
  readonly beforeEnd: ShareServed;
  /** Warnings that EC2 gave, and that we have not stored. */
  readonly eventsLost: number;
  /** Launched by us, beyond one for each. */
  readonly duplicates: number;
  /** Without anybody at their address after twenty minutes. */
  readonly unserved: number;
  /** Calls that ask EC2 for something. */
  readonly readings: number;
  /** Calls that EC2 refused because they were too many. */
  readonly throttled: number;
  /** Functions that were killed. */
  readonly deaths: number;
  /** Of the processor, the switches before it included. */
  readonly cpuSeconds: number;
}

/** Of all: a few may find no offer that is worth it, and are not part of the storm. */
const leastOnSpot = 0.95;

const startMs = Date.parse("2026-03-02T09:00:00Z");

/** The owner of so many has asked EC2 for a quota that holds the old ones and the new ones. */
const spotVcpus = { ...defaultSettings.spotVcpus, Standard: 5000 };

const open = (seed: number, table: Table): Promise<LabAccount> =>
  openAccount({
    table,
    market: seededMarket({ seed }),
    seed,
    startMs,
    region: "us-east-1",
    version: "bench",
    name: "storm",
    front: "direct",
    settings: { answersAfter: boots.usual, spotVcpus },
  });

/** Several types, so that one kind of pool does not have to take all. */
const workloads = ["m5.large", "c5.xlarge", "r5.large", "m5.xlarge"].map((instanceType) => ({
  instanceType,
  elasticIp: true,
  rootGib: 30,
}));

const registration = {
  isShadowMode: false,
  policyOverrides: { consistency: "stateless", accept_change_of: ["primary-private-ip"] },
};

interface Doomed {
  readonly allocationId: string;
  readonly instanceId: string;
}

/** Those that the switches before have brought to Spot. */
const doomedAt = (
  { platform, accountId }: LabAccount,
  sites: readonly Site[],
): readonly Doomed[] => {
  const { control } = platform.ec2;
  return sites.flatMap(({ allocationIds: [allocationId = ""] }) => {
    const instanceId = control.holderOf(accountId, allocationId);
    const isSpot = instanceId !== undefined && control.find(instanceId)?.lifecycle === "spot";
    return isSpot ? [{ allocationId, instanceId }] : [];
  });
};

const takeAll = ({ platform }: LabAccount, doomed: readonly Doomed[]): void => {
  const { control } = platform.ec2;
  for (const { instanceId } of doomed) {
    const { zoneId, instanceType } = control.find(instanceId) ?? {};
    if (zoneId === undefined || instanceType === undefined) continue;
    control.setCapacity({ zoneId, instanceType, purchase: "spot" }, 0);
  }
  for (const { instanceId } of doomed) control.interrupt(instanceId);
};

/** When each is served by another, in seconds, looked at each second. */
const watchServed = async (
  account: LabAccount,
  doomed: readonly Doomed[],
): Promise<ReadonlyMap<string, number>> => {
  const { platform, accountId, clock } = account;
  const beganMs = clock.now();
  const served = new Map<string, number>();
  await secondsUntil(account, {
    all: () => {
      const proved = provedIn(account);
      for (const { allocationId, instanceId } of doomed) {
        if (served.has(instanceId)) continue;
        const holder = platform.ec2.control.holderOf(accountId, allocationId) ?? instanceId;
        if (holder === instanceId || !proved.has(holder)) continue;
        served.set(instanceId, (clock.now() - beganMs) / 1000);
      }
      return served.size === doomed.length;
    },
  });
  return served;
};

/** Warnings that were stored. AWS tells the time of an event in whole seconds. */
const warnedSince = async (
  { table, accountId, region }: LabAccount,
  sinceMs: number,
): Promise<number> => {
  const place = { accountId: accountIdSchema.parse(accountId), region };
  const since = new Date(Math.floor(sinceMs / 1000) * 1000).toISOString();
  return (await listWarned(table, place, since)).size;
};

const callsSince = (
  { platform, accountId }: LabAccount,
  first: number,
): Pick<StormInterrupted, "readings" | "throttled"> => {
  const calls = platform.cloud.journal
    .slice(first)
    .filter((call) => call.accountId === accountId && call.service === "ec2");
  return {
    readings: calls.filter(({ mutating }) => !mutating).length,
    throttled: calls.filter(({ errorCode }) => errorCode === "RequestLimitExceeded").length,
  };
};

/** Whose boot was whose is told by its place at the address. */
const answeredOf = (
  account: LabAccount,
  doomed: readonly Doomed[],
  seen: {
    readonly served: ReadonlyMap<string, number>;
    readonly launched: Awaited<ReturnType<typeof prepareFor>>;
  },
): readonly Pick<Answered, "bootSeconds" | "servedAfterSeconds">[] =>
  doomed.map(({ allocationId, instanceId }) => {
    const holder = account.platform.ec2.control.holderOf(account.accountId, allocationId);
    const launch = seen.launched.find((each) => each.instanceId === holder);
    return {
      bootSeconds: launch?.bootSeconds,
      servedAfterSeconds: seen.served.get(instanceId),
    };
  });

const holdsPromises = (storm: StormInterrupted): boolean =>
  storm.eventsLost === 0 && storm.duplicates === 0 && storm.unserved === 0;

export const meetsStormAims = (storm: StormInterrupted): boolean =>
  (storm.isBadDay || storm.beforeEnd.share >= stormShare) && holdsPromises(storm);

interface StormWanted {
  /** Default: 200. */
  readonly targets?: number;
  readonly seed?: number;
  /** Default: nothing else goes wrong. */
  readonly isBadDay?: boolean;
}

/** @throws Error where a switch before it was not made */
export const measureStorm = async ({
  targets = stormSize,
  seed = 1,
  isBadDay = false,
}: StormWanted = {}): Promise<StormInterrupted> => {
  const since = process.cpuUsage();
  const table = watchTable(createMemoryTable());
  const account = await open(seed, table);
  const { clock, platform } = account;
  const sites = await setUpStorm(account, { targets, workloads, registration });
  await runStormOn(account, sites);
  // It keeps ready from what they are launched anew.
  const schedules = keepSchedules(account, { who: ["schedule-janitor"] });
  await clock.run({ atMostMs: clock.now() + hourMs });
  schedules.stop();
  const doomed = doomedAt(account, sites);
  if (doomed.length < targets * leastOnSpot) {
    throw new Error(`${String(doomed.length)} of ${String(targets)} stand on Spot.`);
  }
  const launched = await prepareFor(account, { seed, boot: "usual" });
  const first = platform.cloud.journal.length;
  const beganMs = clock.now();
  const badDay = isBadDay ? beginBadDay(account, table) : undefined;
  takeAll(account, doomed);
  const served = await watchServed(account, doomed);
  const told = await warnedSince(account, beganMs);
  const answered = answeredOf(account, doomed, { served, launched });
  const { user, system } = process.cpuUsage(since);
  return {
    targets: doomed.length,
    isBadDay,
    served: quantilesOf(answered.map(({ servedAfterSeconds = Infinity }) => servedAfterSeconds)),
    beforeEnd: shareServed(answered),
    eventsLost: doomed.length - told,
    duplicates: Math.max(0, launched.filter(({ isOurs }) => isOurs).length - doomed.length),
    unserved: doomed.length - served.size,
    ...callsSince(account, first),
    deaths: badDay?.deaths() ?? 0,
    cpuSeconds: (user + system) / 1_000_000,
  };
};
