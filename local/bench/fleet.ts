/**
 * What it takes to judge a whole fleet at each sweep: calls in customers' accounts by API, time, memory, units of the state table, and
 * what a month costs in our own account.
 */
import type { FunctionName } from "../../lambdas/access/functions.ts";
import { connectCustomer, type LabAccount } from "../lab/account.ts";
import { addFleet, type FleetPlace } from "../lab/fleet.ts";
import type { Workload } from "../lab/subject.ts";
import { recordCalls, type CallRecord } from "../platform/call-recorder.ts";
import { prices } from "./cost.ts";
import { copyOf, openBenchAccount, unitsOf } from "./recorded.ts";

export interface FleetCase {
  readonly targets: number;
  readonly accounts: number;
  readonly regions: readonly string[];
  /** Of calls in customers' accounts, for each target. */
  readonly mostCallsPerTarget: number;
}

export const fleetCases: readonly FleetCase[] = [
  { targets: 50, accounts: 1, regions: ["us-east-1"], mostCallsPerTarget: 30 / 50 },
  { targets: 1_000, accounts: 1, regions: ["us-east-1"], mostCallsPerTarget: 0.1 },
  {
    targets: 10_000,
    accounts: 100,
    regions: ["us-east-1", "eu-central-1"],
    mostCallsPerTarget: 0.35,
  },
];

/** For 1,000 targets and a month of 96 sweeps a day without any action. */
export const fleetAims = { usdPerThousandMonthly: 5, seconds: 15 * 60 } as const;

const sweepsPerMonth = 96 * (730 / 24);
/** As infra sets it for the function that sweeps a place, and for the sweep. */
const placeGb = 1;
const sweepGb = 0.5;

const types = ["m5.large", "c5.xlarge", "r5.large", "m5.xlarge"] as const;

/** Of ten: six in somebody's group, three that are worth no switch, and one that would be switched and is in shadow mode. */
const refusedOf10 = 6;
const stayingOf10 = 3;

const group = { "aws:autoscaling:groupName": "web" };

const workloadOf = (index: number): Workload => ({
  instanceType: types[index % types.length] ?? "m5.large",
  ...(index % 10 < refusedOf10 && { tags: group }),
});

const addMixed = async (account: LabAccount, place: FleetPlace, count: number): Promise<void> => {
  const staying = Math.floor((count * stayingOf10) / 10);
  await addFleet(account, {
    place,
    count: staying,
    workloadOf: (index) => ({ instanceType: types[index % types.length] ?? "m5.large" }),
    target: { policyOverrides: { acceptChangeOf: ["primary-private-ip"], minSavingsPercent: 95 } },
  });
  // Of the seven that are left of ten.
  await addFleet(account, {
    place,
    count: count - staying,
    workloadOf: (index) => workloadOf(Math.floor((index % 7) * (refusedOf10 / 6))),
  });
};

const accountIdOf = (index: number): string => String(500_000_000_000 + index);

const build = async ({ targets, accounts, regions }: FleetCase): Promise<LabAccount> => {
  const account = await openBenchAccount();
  const inEach = targets / accounts / regions.length;
  for (let index = 0; index < accounts; index += 1) {
    const accountId = accountIdOf(index);
    const name = `fleet ${String(index)}`;
    await connectCustomer(account.platform, account.api, { accountId, name, regions });
    for (const region of regions) await addMixed(account, { accountId, region }, inEach);
  }
  return account;
};

interface SweepFigures {
  readonly judged: number;
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
  recorder.clear();
  const invoke = functions.invoke;
  functions.invoke = async (name, payload, arn) => {
    const fromMs = clock.now();
    const answer = await invoke(name, payload, arn);
    if (name !== sweepName) return answer;
    endedMs = Math.max(endedMs, clock.now());
    placeSeconds += (clock.now() - fromMs) / 1000;
    judged += (answer as { readonly judged: number }).judged;
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
  /** In our own account: the market. */
  readonly marketCalls: number;
  readonly readUnits: number;
  readonly writeUnits: number;
  readonly virtualSeconds: number;
  readonly cpuSeconds: number;
  readonly peakMb: number;
  readonly usdPerThousandMonthly: number;
  readonly meets: { readonly calls: boolean; readonly time: boolean; readonly cost: boolean };
}

const isOfCustomer = ({ side, action }: CallRecord["awsCalls"][number]): boolean =>
  side === "customer" || action === "sts:AssumeRole";

const countBy = (actions: readonly string[]): Readonly<Record<string, number>> =>
  Object.fromEntries(
    [...Map.groupBy(actions, (action) => action)]
      .map(([action, same]) => [action, same.length] as const)
      .toSorted(([one], [other]) => (one < other ? -1 : 1)),
  );

const monthlyUsd = (
  { gbSeconds, record }: SweepFigures,
  units: { readonly readUnits: number; readonly writeUnits: number },
): number =>
  sweepsPerMonth *
  (gbSeconds * prices.gbSecond +
    record.invocations.length * prices.invocation +
    units.readUnits * prices.readUnit +
    units.writeUnits * prices.writeUnit);

/** The second sweep of what is as it was at the first: nothing of the fleet has changed, prices have. */
const measureFleet = async (fleet: FleetCase): Promise<FleetFigures> => {
  const account = await build(fleet);
  const recorder = recordCalls(account.platform);
  await measureSweep(account, recorder);
  await account.clock.run({ atMostMs: account.clock.now() + 2 * 3_600_000 });
  const swept = await measureSweep(account, recorder);
  const { record, judged, virtualSeconds, cpuSeconds } = swept;
  const customers = record.awsCalls.filter(isOfCustomer);
  const units = { readUnits: unitsOf(record, false), writeUnits: unitsOf(record, true) };
  const calls = customers.length;
  const callsPerTarget = calls / fleet.targets;
  const usdPerThousandMonthly = (monthlyUsd(swept, units) * 1000) / fleet.targets;
  return {
    targets: fleet.targets,
    places: fleet.accounts * fleet.regions.length,
    judged,
    callsByApi: countBy(customers.map(({ action }) => action)),
    calls,
    callsPerTarget,
    marketCalls: record.awsCalls.filter(
      (call) => call.side === "own" && /^(ec2|pricing):/.test(call.action),
    ).length,
    ...units,
    virtualSeconds,
    cpuSeconds,
    peakMb: process.resourceUsage().maxRSS / 1024,
    usdPerThousandMonthly,
    meets: {
      calls: callsPerTarget <= fleet.mostCallsPerTarget && judged === fleet.targets,
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
