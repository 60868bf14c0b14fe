/**
 * What it takes to judge a whole fleet at each sweep: calls in customers' accounts by API, time, memory, units of the state table, and
 * what a month costs in our own account.
 */
import type { FunctionName } from "../../lambdas/access/functions.ts";
import type { LabAccount } from "../lab/account.ts";
import { recordCalls, type CallRecord } from "../platform/call-recorder.ts";
import { prices } from "./cost.ts";
import { buildFleet, fleetCases, type FleetCase } from "./fleet-cases.ts";
import { copyOf, unitsOf } from "./recorded.ts";

/** For 1,000 targets and a month of 96 sweeps a day without any action. */
export const fleetAims = { usdPerThousandMonthly: 5, seconds: 15 * 60 } as const;

const daysPerMonth = 730 / 24;
const sweepsPerMonth = 96 * daysPerMonth;
/** Two attributes and a dry run. */
export const mostCallsPerLook = 3;
/** As infra sets it for the function that sweeps a place, and for the sweep. */
const placeGb = 1;
const sweepGb = 0.5;

interface SweepFigures {
  readonly judged: number;
  /** Each alone. */
  readonly looked: number;
  /** By the virtual clock, from the begin of the sweep to the end of its last place. */
  readonly virtualSeconds: number;
  /** Of the processor: what the simulated cloud takes of it included. */
  readonly cpuSeconds: number;
  /** Of Lambda. */
  readonly gbSeconds: number;
  readonly record: CallRecord;
}

const sweepName: FunctionName = "schedule-sweep-place";
const quarterMs = 15 * 60_000;

/** One sweep, and the quarter of an hour until the next. */
const measureSweep = async (
  account: LabAccount,
  recorder: ReturnType<typeof recordCalls>,
): Promise<SweepFigures> => {
  const { platform, clock } = account;
  const { functions } = platform;
  const beganMs = clock.now();
  let endedMs = beganMs;
  let placeSeconds = 0;
  let judged = 0;
  let looked = 0;
  recorder.clear();
  const invoke = functions.invoke;
  functions.invoke = async (name, payload, arn) => {
    const fromMs = clock.now();
    const answer = await invoke(name, payload, arn);
    if (name !== sweepName) return answer;
    endedMs = Math.max(endedMs, clock.now());
    placeSeconds += (clock.now() - fromMs) / 1000;
    const counts = answer as { readonly judged: number; readonly looked: number };
    judged += counts.judged;
    looked += counts.looked;
    return answer;
  };
  const cpu = process.cpuUsage();
  await functions.invoke("schedule-sweep", {});
  const sweepSeconds = (clock.now() - beganMs) / 1000;
  await clock.run({ atMostMs: beganMs + quarterMs });
  functions.invoke = invoke;
  const { user, system } = process.cpuUsage(cpu);
  const cpuSeconds = (user + system) / 1_000_000;
  return {
    judged,
    looked,
    virtualSeconds: (endedMs - beganMs) / 1000,
    cpuSeconds,
    // Virtual time knows calls alone; the judging itself takes the processor.
    gbSeconds: (placeSeconds + cpuSeconds) * placeGb + sweepSeconds * sweepGb,
    record: copyOf(recorder),
  };
};

export interface FleetFigures {
  readonly targets: number;
  readonly places: number;
  readonly judged: number;
  /** In customers' accounts, by API; STS, which is called for them, among them. */
  readonly callsByApi: Readonly<Record<string, number>>;
  readonly calls: number;
  readonly callsPerTarget: number;
  /** Of a day, beside what its sweeps take: what is known of what would be switched is read once a day. */
  readonly looks: LookFigures;
  /** In our own account: the market. */
  readonly marketCalls: number;
  readonly readUnits: number;
  readonly writeUnits: number;
  readonly virtualSeconds: number;
  readonly cpuSeconds: number;
  readonly peakMb: number;
  readonly usdPerThousandMonthly: number;
  readonly meets: {
    readonly calls: boolean;
    readonly looks: boolean;
    readonly time: boolean;
    readonly cost: boolean;
  };
}

interface LookFigures {
  /** Instances, groups and node groups. */
  readonly subjects: number;
  /** Attributes and dry runs: of each instance. */
  readonly own: number;
  /** Of what several have in common, and of groups and nodes. */
  readonly shared: number;
}

const isOfCustomer = ({ side, action }: CallRecord["awsCalls"][number]): boolean =>
  side === "customer" || action === "sts:AssumeRole";

const countBy = (actions: readonly string[]): Readonly<Record<string, number>> =>
  Object.fromEntries(
    [...Map.groupBy(actions, (action) => action)]
      .map(([action, same]) => [action, same.length] as const)
      .toSorted(([one], [other]) => (one < other ? -1 : 1)),
  );

const usdOf = ({ gbSeconds, record }: SweepFigures): number =>
  gbSeconds * prices.gbSecond +
  record.invocations.length * prices.invocation +
  unitsOf(record, false) * prices.readUnit +
  unitsOf(record, true) * prices.writeUnit;

/** The sweeps that looked, as far as they cost more than one that did not. */
const monthlyUsd = (plain: SweepFigures, looking: readonly SweepFigures[]): number => {
  const more = looking.reduce((sum, swept) => sum + usdOf(swept) - usdOf(plain), 0);
  return sweepsPerMonth * usdOf(plain) + daysPerMonth * Math.max(0, more);
};

const ofLook: ReadonlySet<string> = new Set(["ec2:DescribeInstanceAttribute", "ec2:RunInstances"]);

const actionsOf = ({ record }: SweepFigures): readonly string[] =>
  record.awsCalls.filter(isOfCustomer).map(({ action }) => action);

const looksOf = (plain: SweepFigures, looking: readonly SweepFigures[]): LookFigures => {
  const actions = looking.flatMap(actionsOf);
  const own = actions.filter((action) => ofLook.has(action)).length;
  return {
    subjects: looking.reduce((sum, { looked }) => sum + looked, 0),
    own,
    shared: actions.length - own - looking.length * actionsOf(plain).length,
  };
};

/** Until all that would be switched was looked at; then what is as it was at the sweep before, prices being new. */
const sweepUntilPlain = async (
  account: LabAccount,
  recorder: ReturnType<typeof recordCalls>,
): Promise<{ readonly plain: SweepFigures; readonly looking: readonly SweepFigures[] }> => {
  const looking: SweepFigures[] = [];
  for (;;) {
    const swept = await measureSweep(account, recorder);
    if (looking.length > 0 && swept.looked === 0) return { plain: swept, looking };
    looking.push(swept);
    await account.clock.run({ atMostMs: account.clock.now() + 2 * 3_600_000 });
  }
};

const measureFleet = async (fleet: FleetCase): Promise<FleetFigures> => {
  const account = await buildFleet(fleet);
  const recorder = recordCalls(account.platform);
  const { plain, looking } = await sweepUntilPlain(account, recorder);
  const { record, judged, virtualSeconds, cpuSeconds } = plain;
  const actions = actionsOf(plain);
  const calls = actions.length;
  const callsPerTarget = calls / fleet.targets;
  const looks = looksOf(plain, looking);
  const usdPerThousandMonthly = (monthlyUsd(plain, looking) * 1000) / fleet.targets;
  return {
    targets: fleet.targets,
    places: fleet.accounts * fleet.regions.length,
    judged,
    callsByApi: countBy(actions),
    calls,
    callsPerTarget,
    looks,
    marketCalls: record.awsCalls.filter(
      (call) => call.side === "own" && /^(ec2|pricing):/.test(call.action),
    ).length,
    readUnits: unitsOf(record, false),
    writeUnits: unitsOf(record, true),
    virtualSeconds,
    cpuSeconds,
    peakMb: process.resourceUsage().maxRSS / 1024,
    usdPerThousandMonthly,
    meets: {
      calls: callsPerTarget <= fleet.mostCallsPerTarget && judged === fleet.targets,
      looks: looks.own <= mostCallsPerLook * looks.subjects,
      time: virtualSeconds <= fleetAims.seconds,
      cost: usdPerThousandMonthly <= fleetAims.usdPerThousandMonthly,
    },
  };
};

export const measureFleets = async (
  cases: readonly FleetCase[] = fleetCases,
): Promise<readonly FleetFigures[]> => {
  const figures: FleetFigures[] = [];
  for (const fleet of cases) figures.push(await measureFleet(fleet));
  return figures;
};
