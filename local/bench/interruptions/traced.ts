/** Instances on a recorded trace: the simulated EC2 takes them back when what was recorded says so, and again, for days; sweeps bring them back to Spot. */
import { listWarned } from "../../../adapters/store/spot-events.ts";
import { accountIdSchema } from "../../../core/model/ids.ts";
import { boots, defaultSettings } from "../../cloud/ec2/settings.ts";
import { seededMarket } from "../../cloud/market/seeded.ts";
import { tracedMarket, type HeldTrace } from "../../cloud/market/traced.ts";
import { forwardEvents, openAccount, type LabAccount } from "../../lab/account.ts";
import { hourMs, keepSchedules } from "../../lab/schedules.ts";
import { provedIn } from "../../lab/service.ts";
import { runStormOn, setUpStorm, type Site } from "../../lab/storm.ts";
import { quantilesOf, type Quantiles } from "./aims.ts";
import { noticeSeconds } from "./interruption-case.ts";

interface NamedTrace extends HeldTrace {
  readonly name: string;
}

export interface TracedInterruptions {
  readonly name: string;
  readonly sites: number;
  readonly hours: number;
  /** Notices that EC2 gave to what served at one of the sites. */
  readonly interruptions: number;
  readonly served: Quantiles;
  /** Of all interruptions: another serves before the end. NaN where there are none. */
  readonly beforeEnd: number;
  /** Of those that serve again: by another Spot Instance at once. NaN where there are none. */
  readonly onSpotAgain: number;
  /** Of all hours of all sites. */
  readonly available: number;
  readonly onSpot: number;
  /** Warnings that EC2 gave, and that we have not stored. */
  readonly eventsLost: number;
  /** Without anybody at their address twenty minutes after the notice. */
  readonly unserved: number;
  readonly cpuSeconds: number;
}

export interface TracedWanted {
  readonly seed: number;
  /** Of the trace, from its beginning, as far as it goes. */
  readonly hours: number;
  /** Default: 8. */
  readonly sites?: number;
}

const startMs = Date.parse("2026-03-02T09:00:00Z");
const secondMs = 1000;

/** Between two looks while nobody is waited for, and while somebody is. */
const idleSeconds = 10;
const longestSeconds = 20 * 60;

interface Notice {
  readonly allocationId: string;
  readonly doomedId: string;
  readonly atMs: number;
  servedAfterSeconds?: number;
  isOnSpot?: boolean;
}

const open = (
  recording: NamedTrace,
  seed: number,
  fromMs: () => number | undefined,
): Promise<LabAccount> =>
  openAccount({
    market: tracedMarket(seededMarket({ seed, outageFactor: 0 }), { trace: recording, fromMs }),
    seed,
    startMs,
    region: "us-east-1",
    version: "bench",
    name: "traced",
    front: "direct",
    settings: {
      answersAfter: boots.usual,
      marketInterruptions: true,
      marketTickMs: recording.gapSeconds * secondMs,
      spotVcpus: { ...defaultSettings.spotVcpus, Standard: 1000 },
    },
  });

const workloads = [{ instanceType: "m5.large", elasticIp: true, rootGib: 30 }];

const registration = {
  isShadowMode: false,
  policyOverrides: { consistency: "stateless", accept_change_of: ["primary-private-ip"] },
};

/** Notices as EC2 gives them to what stands at one of the sites' addresses. */
const heard = ({ platform, accountId, clock }: LabAccount, sites: readonly Site[]): Notice[] => {
  const notices: Notice[] = [];
  const { control } = platform.ec2;
  control.onEvent((event) => {
    if (event["detail-type"] !== "EC2 Spot Instance Interruption Warning") return;
    const doomedId = event.detail["instance-id"] ?? "";
    for (const {
      allocationIds: [allocationId = ""],
    } of sites) {
      if (control.holderOf(accountId, allocationId) !== doomedId) continue;
      notices.push({ allocationId, doomedId, atMs: clock.now() });
    }
  });
  return notices;
};

const isOpen = ({ servedAfterSeconds, atMs }: Notice, nowMs: number): boolean =>
  servedAfterSeconds === undefined && nowMs - atMs <= longestSeconds * secondMs;

/** Site-seconds of each kind. */
interface Passed {
  all: number;
  served: number;
  onSpot: number;
}

const look = (
  { platform, accountId, clock }: LabAccount,
  { sites, notices }: { readonly sites: readonly Site[]; readonly notices: readonly Notice[] },
  { passed, seconds }: { readonly passed: Passed; readonly seconds: number },
): void => {
  const { control } = platform.ec2;
  const proved = provedIn({ platform, accountId });
  const servingAt = (allocationId: string): string | undefined => {
    const holder = control.holderOf(accountId, allocationId);
    return holder !== undefined && proved.has(holder) ? holder : undefined;
  };
  const isSpot = (id: string): boolean => control.find(id)?.lifecycle === "spot";
  for (const {
    allocationIds: [allocationId = ""],
  } of sites) {
    const serving = servingAt(allocationId);
    passed.all += seconds;
    if (serving === undefined) continue;
    passed.served += seconds;
    if (isSpot(serving)) passed.onSpot += seconds;
  }
  for (const notice of notices) {
    if (!isOpen(notice, clock.now())) continue;
    const serving = servingAt(notice.allocationId);
    if (serving === undefined || serving === notice.doomedId) continue;
    notice.servedAfterSeconds = (clock.now() - notice.atMs) / secondMs;
    notice.isOnSpot = isSpot(serving);
  }
};

const watch = async (
  account: LabAccount,
  sites: readonly Site[],
  untilMs: number,
): Promise<{ readonly notices: readonly Notice[]; readonly passed: Passed }> => {
  const { clock } = account;
  const notices = heard(account, sites);
  const passed: Passed = { all: 0, served: 0, onSpot: 0 };
  while (clock.now() < untilMs) {
    const isWaiting = notices.some((notice) => isOpen(notice, clock.now()));
    const seconds = isWaiting ? 1 : idleSeconds;
    await clock.run({ atMostMs: clock.now() + seconds * secondMs });
    look(account, { sites, notices }, { passed, seconds });
  }
  return { notices, passed };
};

const warnedSince = async (
  { table, accountId, region }: LabAccount,
  sinceMs: number,
): Promise<number> => {
  const place = { accountId: accountIdSchema.parse(accountId), region };
  return (await listWarned(table, place, new Date(sinceMs).toISOString())).size;
};

const shareOf = (count: number, all: number): number => (all === 0 ? NaN : count / all);

type Answers = Pick<
  TracedInterruptions,
  "interruptions" | "served" | "beforeEnd" | "onSpotAgain" | "unserved"
>;

/** Of those that had the time to be answered before the end of the measurement. */
const answersTo = (notices: readonly Notice[], untilMs: number): Answers => {
  const told = notices.filter(({ atMs }) => untilMs - atMs > longestSeconds * secondMs);
  const seconds = told.map(({ servedAfterSeconds = Infinity }) => servedAfterSeconds);
  const served = told.filter(({ servedAfterSeconds }) => servedAfterSeconds !== undefined);
  return {
    interruptions: told.length,
    served: quantilesOf(seconds),
    beforeEnd: shareOf(seconds.filter((each) => each < noticeSeconds).length, told.length),
    onSpotAgain: shareOf(served.filter(({ isOnSpot }) => isOnSpot).length, served.length),
    unserved: told.length - served.length,
  };
};

/** All stand on Spot, and templates are kept for them; then the trace begins. */
export const measureTraced = async (
  recording: NamedTrace,
  { seed, hours, sites: count = 8 }: TracedWanted,
): Promise<TracedInterruptions> => {
  const since = process.cpuUsage();
  const trace: { fromMs?: number } = {};
  const account = await open(recording, seed, () => trace.fromMs);
  const { clock } = account;
  const sites = await setUpStorm(account, { targets: count, workloads, registration });
  await runStormOn(account, sites);
  await forwardEvents(account);
  const schedules = keepSchedules(account);
  await clock.run({ atMostMs: clock.now() + hourMs });
  const gapMs = recording.gapSeconds * secondMs;
  const beganMs = Math.ceil(clock.now() / gapMs) * gapMs;
  trace.fromMs = beganMs;
  const untilMs = beganMs + Math.min(hours * hourMs, recording.ticks * gapMs);
  const { notices, passed } = await watch(account, sites, untilMs);
  schedules.stop();
  const told = await warnedSince(account, beganMs);
  const { user, system } = process.cpuUsage(since);
  return {
    name: recording.name,
    sites: count,
    hours: (untilMs - beganMs) / hourMs,
    ...answersTo(notices, untilMs),
    available: passed.served / passed.all,
    onSpot: passed.onSpot / passed.all,
    eventsLost: Math.max(0, notices.length - told),
    cpuSeconds: (user + system) / 1_000_000,
  };
};

/** Nothing is aimed at: how often a recorded market takes all at once nobody here decides. */
export const holdsOnTrace = ({ eventsLost, unserved }: TracedInterruptions): boolean =>
  eventsLost === 0 && unserved === 0;
