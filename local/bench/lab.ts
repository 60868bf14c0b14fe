/** What the laboratory can do: whole cases a second on one core, and storms of evaluations in virtual time. */
import { seededMarket } from "../cloud/market/seeded.ts";
import { openAccount, type LabAccount } from "../lab/account.ts";
import { complaintsAbout } from "../lab/judge.ts";
import { createLab } from "../lab/lab.ts";
import { rich } from "../lab/scenarios.ts";
import { runStorm, type Storm, type StormFigures } from "../lab/storm.ts";
import type { Workload } from "../lab/subject.ts";

export const casesPerSecondAim = 20;

interface CaseFigures {
  readonly cases: number;
  /** Of the processor, for one case. */
  readonly cpuMs: number;
  readonly casesPerSecond: number;
  readonly meetsAim: boolean;
}

/** A whole case: an account connected, an instance with everything switched by stop and image, watched and judged. */
const runCase = async (seed: number): Promise<void> => {
  const lab = await createLab({ ...rich["stop-and-image"], seed });
  const complaints = await complaintsAbout(lab, await lab.run());
  if (complaints.length > 0) throw new Error(`Case ${String(seed)}: ${complaints.join("; ")}`);
};

/** Time of the processor and not of the clock on the wall, so that a busy machine tells the same. */
const measureCases = async (cases: number): Promise<CaseFigures> => {
  const warmUp = 10;
  for (let seed = 1; seed <= warmUp; seed += 1) await runCase(seed);
  const since = process.cpuUsage();
  for (let seed = 1; seed <= cases; seed += 1) await runCase(warmUp + seed);
  const { user, system } = process.cpuUsage(since);
  const cpuMs = (user + system) / 1000 / cases;
  const casesPerSecond = 1000 / cpuMs;
  return { cases, cpuMs, casesPerSecond, meetsAim: casesPerSecond >= casesPerSecondAim };
};

const startMs = Date.parse("2026-03-02T09:00:00Z");

const openSeeded = (): Promise<LabAccount> =>
  openAccount({
    market: seededMarket({ seed: 1 }),
    seed: 1,
    startMs,
    region: "us-east-1",
    version: "bench",
    name: "bench",
    front: "direct",
  });

/** Several types, so that one kind of pool does not have to take all. */
const workloads: readonly Workload[] = ["m5.large", "c5.xlarge", "r5.large", "m5.xlarge"].map(
  (instanceType) => ({
    instanceType,
    elasticIp: true,
    rootGib: 30,
    dataVolumes: [{ sizeGib: 100 }],
  }),
);

const accepts = { accept_change_of: ["primary-private-ip"] } as const;

const storms = {
  "switches at once": {
    targets: 200,
    workloads,
    registration: { isShadowMode: false, policyOverrides: accepts },
  },
  "shadow evaluations at once": {
    targets: 1000,
    workloads,
    registration: { isShadowMode: true, policyOverrides: accepts },
  },
} as const satisfies Readonly<Record<string, Storm>>;

export interface MeasuredStorm extends StormFigures {
  readonly name: string;
  readonly cpuSeconds: number;
}

const measureStorm = async (name: string, storm: Storm): Promise<MeasuredStorm> => {
  const since = process.cpuUsage();
  const figures = await runStorm(await openSeeded(), storm);
  const { user, system } = process.cpuUsage(since);
  return { name, ...figures, cpuSeconds: (user + system) / 1_000_000 };
};

export interface LabFigures {
  readonly cases: CaseFigures;
  readonly storms: readonly MeasuredStorm[];
}

export const measureLab = async (): Promise<LabFigures> => {
  const cases = await measureCases(60);
  const measured: MeasuredStorm[] = [];
  for (const [name, storm] of Object.entries(storms))
    measured.push(await measureStorm(name, storm));
  return { cases, storms: measured };
};
