/** Measures seeded interruptions of each mode, and sets what came of them beside the aims. */
import { messageOf } from "../../terminal/terminal.ts";
import { quantile } from "../quantile.ts";
import { interruptMember } from "./cluster.ts";
import { noticeSeconds, type Answered, type InterruptionCase } from "./interruption-case.ts";
import { interruptNode, type AnsweredNode } from "./kubernetes.ts";
import { bootNames, loads, type BootName, type Load } from "./names.ts";
import {
  interruptStateless,
  interruptWithData,
  milestones,
  type AnsweredInstance,
} from "./linear.ts";

type AnsweredAny = Answered & Partial<AnsweredInstance> & Partial<AnsweredNode>;

const runs = {
  stateless: interruptStateless,
  data: interruptWithData,
  cluster: interruptMember,
  kubernetes: interruptNode,
} as const satisfies Readonly<Record<Load, (one: InterruptionCase) => Promise<AnsweredAny>>>;

/** A load with data can only be served once EC2 has ended the old one: only its usual boot is measured, and no share is aimed at. */
const mayServeBeforeEnd = (load: Load): boolean => load !== "data";

/** From the notice until the event is here and the first call is made: what a boot has of the notice is the rest. */
export const untilFirstCallSeconds = 10;
/** Of all cases: served before the end are so many less at most than have a boot that fits. */
export const shareAim = 0.02;

interface Quantiles {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

/** A broken promise, by the seed that repeats it. */
interface Broken {
  readonly seed: number;
  readonly complaints: readonly string[];
}

export interface InterruptionFigures {
  readonly load: Load;
  readonly boot: BootName;
  readonly cases: number;
  /** Seconds from the notice until the replacement serves; Infinity where it never does. */
  readonly served: Quantiles;
  readonly beforeEnd?: {
    readonly share: number;
    /** Of the boots that were drawn. */
    readonly fits: number;
    readonly aim: number;
    readonly isMet: boolean;
  };
  /** Seconds; LINEAR. */
  readonly down?: Quantiles;
  /** Without data, and served before the end of the old one: seconds down at most; the aim is none. */
  readonly downThoughServed?: number;
  /** Medians of the seconds from one to the next, of a load with data: what its downtime is made of. */
  readonly steps?: Readonly<Record<string, number>>;
  /** Pods that ran on the node, and that left by an eviction. */
  readonly pods?: { readonly all: number; readonly evicted: number };
  readonly writesLost: number;
  readonly duplicates: number;
  readonly broken: readonly Broken[];
  /** Of the processor. */
  readonly cpuSeconds: number;
}

const quantilesOf = (values: readonly number[]): Quantiles => ({
  p50: quantile(values, 0.5),
  p95: quantile(values, 0.95),
  p99: quantile(values, 0.99),
});

const shareOf = <Value>(values: readonly Value[], isOne: (value: Value) => boolean): number =>
  values.filter(isOne).length / values.length;

const isServedInTime = ({ servedAfterSeconds: seconds }: Answered): boolean =>
  seconds !== undefined && seconds < noticeSeconds;

const fits = ({ bootSeconds: seconds }: Answered): boolean =>
  seconds !== undefined && seconds <= noticeSeconds - untilFirstCallSeconds;

const beforeEndOf = (
  answered: readonly Answered[],
): NonNullable<InterruptionFigures["beforeEnd"]> => {
  const share = shareOf(answered, isServedInTime);
  const fitting = shareOf(answered, fits);
  const aim = Math.max(0, fitting - shareAim);
  return { share, fits: fitting, aim, isMet: share >= aim };
};

/** What passes while nobody serves begins with the announced end. */
const stepsOf = (answered: readonly AnsweredAny[]): Readonly<Record<string, number>> => {
  const [host, ...passing] = milestones;
  const median = (values: readonly number[]): number => quantile(values, 0.5);
  const secondsTo = (name: (typeof milestones)[number]): readonly number[] =>
    answered.flatMap(({ reached }) => {
      const to = reached?.[name];
      const index = milestones.indexOf(name);
      const from = index === 1 ? noticeSeconds : reached?.[milestones[index - 1] ?? name];
      return to === undefined || from === undefined ? [] : [to - from];
    });
  return {
    [host]: median(answered.flatMap(({ reached }) => reached?.host ?? [])),
    ...Object.fromEntries(passing.map((name) => [name, median(secondsTo(name))])),
  };
};

const downOf = (
  load: Load,
  answered: readonly AnsweredAny[],
): Pick<InterruptionFigures, "down" | "downThoughServed" | "steps"> => {
  if (load !== "stateless" && load !== "data") return {};
  const seconds = ({ downSeconds = Infinity }: AnsweredAny): number => downSeconds;
  const down = quantilesOf(answered.map(seconds));
  return load === "data"
    ? { down, steps: stepsOf(answered) }
    : {
        down,
        downThoughServed: Math.max(0, ...answered.filter(isServedInTime).map(seconds)),
      };
};

const sum = (values: readonly (number | undefined)[]): number =>
  values.reduce<number>((total, value) => total + (value ?? 0), 0);

export const figuresOf = (
  { load, boot }: Pick<InterruptionFigures, "load" | "boot">,
  answered: readonly AnsweredAny[],
): Omit<InterruptionFigures, "cpuSeconds"> => ({
  load,
  boot,
  cases: answered.length,
  served: quantilesOf(answered.map(({ servedAfterSeconds = Infinity }) => servedAfterSeconds)),
  ...(mayServeBeforeEnd(load) && { beforeEnd: beforeEndOf(answered) }),
  ...downOf(load, answered),
  ...(load === "kubernetes" && {
    pods: {
      all: sum(answered.map(({ pods }) => pods)),
      evicted: sum(answered.map(({ evicted }) => evicted)),
    },
  }),
  writesLost: sum(answered.map(({ writesLost }) => writesLost)),
  duplicates: sum(answered.map(({ duplicates }) => duplicates)),
  broken: answered.flatMap(({ seed, complaints }) =>
    complaints.length === 0 ? [] : [{ seed, complaints }],
  ),
});

/** Each aim that there is. */
export const meetsAims = (figures: Omit<InterruptionFigures, "cpuSeconds">): boolean =>
  (figures.beforeEnd?.isMet ?? true) &&
  (figures.downThoughServed ?? 0) === 0 &&
  figures.writesLost === 0 &&
  figures.duplicates === 0 &&
  figures.broken.length === 0;

/** What could not be tried to its end is a broken promise, too. */
const attempt = async (load: Load, one: InterruptionCase): Promise<AnsweredAny> => {
  try {
    return await runs[load](one);
  } catch (error) {
    return {
      seed: one.seed,
      bootSeconds: undefined,
      servedAfterSeconds: undefined,
      duplicates: 0,
      complaints: [messageOf(error)],
    };
  }
};

export interface InterruptionsWanted {
  readonly cases: number;
  /** Of the first case; each next one has the next. */
  readonly seed: number;
  readonly only?: Load | undefined;
  /** Default: each. */
  readonly boot?: BootName | undefined;
}

export const measureLoad = async (
  which: Pick<InterruptionFigures, "load" | "boot">,
  { cases, seed }: Pick<InterruptionsWanted, "cases" | "seed">,
): Promise<InterruptionFigures> => {
  const since = process.cpuUsage();
  const answered: AnsweredAny[] = [];
  for (let count = 0; count < cases; count += 1) {
    answered.push(await attempt(which.load, { seed: seed + count, boot: which.boot }));
  }
  const { user, system } = process.cpuUsage(since);
  return { ...figuresOf(which, answered), cpuSeconds: (user + system) / 1_000_000 };
};

export const measureInterruptions = async (
  { only, boot, ...wanted }: InterruptionsWanted,
  progress: (text: string) => void,
): Promise<readonly InterruptionFigures[]> => {
  const measured: InterruptionFigures[] = [];
  for (const load of loads.filter((name) => only === undefined || name === only)) {
    const all = mayServeBeforeEnd(load) ? bootNames : (["usual"] as const);
    for (const name of all.filter((each) => boot === undefined || each === boot)) {
      progress(`${load}, ${name} boot`);
      measured.push(await measureLoad({ load, boot: name }, wanted));
    }
  }
  progress("");
  return measured;
};
