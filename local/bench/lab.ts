/** What the laboratory can do: whole cases a second on one core, and storms of evaluations in virtual time. */
import type { EvaluationStatus } from "../../core/model/evaluation.ts";
import { complaintsAbout } from "../lab/judge.ts";
import { createLab } from "../lab/lab.ts";
import { rich } from "../lab/scenarios.ts";
import { runStorm, type Storm, type StormFigures } from "../lab/storm.ts";
import type { Workload } from "../lab/subject.ts";
import { openBenchAccount } from "./recorded.ts";

export const casesPerSecondAim = 20;

interface CaseFigures {
  readonly cases: number;
  /** Of the processor, for one case. */
  readonly cpuMs: number;
  readonly casesPerSecond: number;
  readonly meetsAim: boolean;
}

/** A whole case: an account, connected as the first of the process was, an instance with everything switched by stop and image, watched and judged. */
const runCase = async (seed: number): Promise<void> => {
  const lab = await createLab({ ...rich["stop-and-image"], seed });
  const complaints = await complaintsAbout(lab, await lab.run());
  if (complaints.length > 0) throw new Error(`Case ${String(seed)}: ${complaints.join("; ")}`);
};

const batch = 20;

/** Milliseconds of the processor for a case of the batch that begins with that seed. */
const measureBatch = async (firstSeed: number): Promise<number> => {
  const since = process.cpuUsage();
  for (let seed = firstSeed; seed < firstSeed + batch; seed += 1) await runCase(seed);
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1000 / batch;
};

/**
 * Time of the processor and not of the clock on the wall, of the batch that was disturbed least: what else runs on a
 * machine takes the caches and half of each core.
 */
const measureCases = async (batches: number): Promise<CaseFigures> => {
  const measured: number[] = [];
  for (let count = 0; count < batches; count += 1) {
    measured.push(await measureBatch(1 + count * batch));
  }
  const cpuMs = Math.min(...measured);
  const casesPerSecond = 1000 / cpuMs;
  return {
    cases: batches * batch,
    cpuMs,
    casesPerSecond,
    meetsAim: casesPerSecond >= casesPerSecondAim,
  };
};

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

/** A storm, and how each of its evaluations is to end: throttled or not, none gives up for that. */
interface AimedStorm extends Storm {
  readonly aim: EvaluationStatus;
}

const storms = {
  "switches at once": {
    aim: "SWITCHED",
    targets: 200,
    workloads,
    registration: { isShadowMode: false, policyOverrides: accepts },
  },
  "shadow evaluations at once": {
    aim: "SHADOWED",
    targets: 1000,
    workloads,
    registration: { isShadowMode: true, policyOverrides: accepts },
  },
} as const satisfies Readonly<Record<string, AimedStorm>>;

export interface MeasuredStorm extends StormFigures {
  readonly name: string;
  readonly cpuSeconds: number;
  readonly meetsAim: boolean;
}

/** All ended as wanted, in time and served, and there was throttling to survive. */
const survives = (
  { targets, endings, timeOuts, throttled, unserved }: StormFigures,
  aim: EvaluationStatus,
): boolean => endings[aim] === targets && timeOuts === 0 && unserved === 0 && throttled > 0;

const measureStorm = async (name: string, storm: AimedStorm): Promise<MeasuredStorm> => {
  const since = process.cpuUsage();
  const figures = await runStorm(await openBenchAccount(), storm);
  const { user, system } = process.cpuUsage(since);
  return {
    name,
    ...figures,
    cpuSeconds: (user + system) / 1_000_000,
    meetsAim: survives(figures, storm.aim),
  };
};

export interface LabFigures {
  readonly cases: CaseFigures;
  readonly storms: readonly MeasuredStorm[];
}

export const measureLab = async (): Promise<LabFigures> => {
  const cases = await measureCases(6);
  const measured: MeasuredStorm[] = [];
  for (const [name, storm] of Object.entries(storms))
    measured.push(await measureStorm(name, storm));
  return { cases, storms: measured };
};
