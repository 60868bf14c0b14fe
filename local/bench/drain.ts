/**
 * A full node of a real control plane, drained by kubectl and by us in turn: what else runs on the machine disturbs both. Requests are
 * counted by the server.
 */
import type { Binaries } from "../kube/binaries.ts";
import { measureDrain, type Drainer, type DrainFigures } from "../kube/drain-measure.ts";
import { drainScenarios, type DrainScenario } from "../kube/drain-scenario.ts";
import { drainers, inWords, kubectl, product } from "../kube/drainers.ts";
import { median } from "./median.ts";

interface Shares {
  readonly seconds: number;
  readonly requests: number;
}

/** Of what kubectl takes, at most. */
const drainAims = {
  fast: { seconds: 0.6, requests: 0.3 },
  slow: { seconds: 0.85, requests: 0.3 },
} as const satisfies Readonly<Record<keyof typeof drainScenarios, Shares>>;

/** Medians of so many runs; pods that were left and healthy ones of the worst of them. */
export interface DrainedBy extends DrainFigures {
  readonly by: string;
}

export interface MeasuredDrain {
  readonly pods: string;
  /** Evictions of a budget can't follow each other faster than its pods are Ready again, and the last one must end. */
  readonly leastSeconds: number;
  readonly figures: readonly DrainedBy[];
  /** Ours ÷ kubectl's. */
  readonly shares: Shares;
  readonly aims: Shares;
  readonly meets: Readonly<Record<keyof Shares, boolean>>;
}

/** An odd number, so that the median is a measurement. */
export const drainRuns = 3;

const together = (by: string, runs: readonly DrainFigures[]): DrainedBy => {
  const of = (figure: keyof DrainFigures): readonly number[] => runs.map((run) => run[figure]);
  return {
    by,
    seconds: median(of("seconds")),
    requests: median(of("requests")),
    refused: median(of("refused")),
    left: Math.max(...of("left")),
    leastHealthy: Math.min(...of("leastHealthy")),
  };
};

/** Of pods that go one at a time: a new one is asked for with the eviction, not with the end of the old one. */
const leastSecondsOf = ({ podsPerBudget, pace }: DrainScenario): number =>
  ((podsPerBudget - 1) * pace.readyMs + pace.endMs) / 1000;

const compare = (
  scenario: DrainScenario,
  figures: readonly DrainedBy[],
  aims: Shares,
): MeasuredDrain => {
  const of = (name: string): DrainedBy => {
    const found = figures.find(({ by }) => by === name);
    if (found === undefined) throw new Error(`There are no figures of ${name}.`);
    return found;
  };
  const [ours, theirs] = [of(product.by), of(kubectl.by)];
  const shares = {
    seconds: ours.seconds / theirs.seconds,
    requests: ours.requests / theirs.requests,
  };
  return {
    pods: inWords(scenario.pace),
    leastSeconds: leastSecondsOf(scenario),
    figures,
    shares,
    aims,
    meets: {
      seconds: shares.seconds <= aims.seconds,
      requests: shares.requests <= aims.requests,
    },
  };
};

interface DrainBench {
  readonly measure: (scenario: DrainScenario, drain: Drainer) => Promise<DrainFigures>;
  readonly progress: (text: string) => void;
}

const measureScenario = async (
  name: keyof typeof drainScenarios,
  { measure, progress }: DrainBench,
): Promise<MeasuredDrain> => {
  const scenario = drainScenarios[name];
  const runs = new Map<string, DrainFigures[]>(drainers.map(({ by }) => [by, []]));
  for (let run = 1; run <= drainRuns; run += 1) {
    for (const { by, drainer } of drainers) {
      progress(`${by}, run ${String(run)} of ${String(drainRuns)}: pods ${inWords(scenario.pace)}`);
      runs.get(by)?.push(await measure(scenario, drainer));
    }
  }
  const figures = [...runs].map(([by, measured]) => together(by, measured));
  return compare(scenario, figures, drainAims[name]);
};

export const onControlPlane =
  (binaries: Binaries): DrainBench["measure"] =>
  (scenario, drain) =>
    measureDrain(binaries, scenario, drain);

/** About half an hour on a control plane. */
export const measureDrains = async (bench: DrainBench): Promise<readonly MeasuredDrain[]> => [
  await measureScenario("fast", bench),
  await measureScenario("slow", bench),
];
