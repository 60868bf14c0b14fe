/** Measures seeded interruptions of each mode, and sets what came of them beside the aims. */
import { messageOf } from "../../terminal/terminal.ts";
import { quantile } from "../quantile.ts";
import {
  isServedInTime,
  quantilesOf,
  shareServed,
  type Quantiles,
  type ShareServed,
} from "./aims.ts";
import { interruptMember } from "./cluster.ts";
import { noticeSeconds, type Answered, type InterruptionCase } from "./interruption-case.ts";
import { interruptNode, type AnsweredNode } from "./kubernetes.ts";
import { bootNames, loads, type BootName, type Load, type Measurable } from "./names.ts";
import { measureStorm, meetsStormAims, type StormInterrupted } from "./storm.ts";
import { keepsGroups, measureStormOfGroups, type GroupsInterrupted } from "./storm-of-groups.ts";
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

/** A broken promise, by the seed that repeats it. */
interface Broken {
  readonly seed: number;
  readonly complaints: readonly string[];
}

export interface PodFigures {
  /** That ran on the node at the notice. */
  readonly all: number;
  /** Of these, left by an eviction, and not by the end of the node. */
  readonly evicted: number;
}

export interface InterruptionFigures {
  readonly load: Load;
  readonly boot: BootName;
  readonly cases: number;
  /** Seconds from the notice until the replacement serves; Infinity where it never does. */
  readonly served: Quantiles;
  readonly beforeEnd?: ShareServed;
  /** Seconds; LINEAR. */
  readonly down?: Quantiles;
  /** Without data, and served before the end of the old one: seconds down. The aim is none at the 95th percentile. */
  readonly downThoughServed?: { readonly p95: number; readonly most: number };
  /** Medians of the seconds from one to the next, of a load with data: what its downtime is made of. */
  readonly steps?: Readonly<Record<string, number>>;
  /** Where the other nodes have room for all of them, and where they have to wait for the new one. */
  readonly pods?: { readonly withRoom: PodFigures; readonly without: PodFigures };
  readonly writesLost: number;
  readonly duplicates: number;
  readonly broken: readonly Broken[];
  /** Of the processor. */
  readonly cpuSeconds: number;
}

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

const downAmong = (seconds: readonly number[]) => ({
  p95: seconds.length === 0 ? 0 : quantile(seconds, 0.95),
  most: Math.max(0, ...seconds),
});

const downOf = (
  load: Load,
  answered: readonly AnsweredAny[],
): Pick<InterruptionFigures, "down" | "downThoughServed" | "steps"> => {
  if (load !== "stateless" && load !== "data") return {};
  const seconds = ({ downSeconds = Infinity }: AnsweredAny): number => downSeconds;
  const down = quantilesOf(answered.map(seconds));
  return load === "data"
    ? { down, steps: stepsOf(answered) }
    : { down, downThoughServed: downAmong(answered.filter(isServedInTime).map(seconds)) };
};

const sum = (values: readonly (number | undefined)[]): number =>
  values.reduce<number>((total, value) => total + (value ?? 0), 0);

const podsOf = (answered: readonly AnsweredAny[]): PodFigures => ({
  all: sum(answered.map(({ pods }) => pods)),
  evicted: sum(answered.map(({ evicted }) => evicted)),
});

export const figuresOf = (
  { load, boot }: Pick<InterruptionFigures, "load" | "boot">,
  answered: readonly AnsweredAny[],
): Omit<InterruptionFigures, "cpuSeconds"> => ({
  load,
  boot,
  cases: answered.length,
  served: quantilesOf(answered.map(({ servedAfterSeconds = Infinity }) => servedAfterSeconds)),
  ...(mayServeBeforeEnd(load) && { beforeEnd: shareServed(answered) }),
  ...downOf(load, answered),
  ...(load === "kubernetes" && {
    pods: {
      withRoom: podsOf(answered.filter(({ hasRoom }) => hasRoom === true)),
      without: podsOf(answered.filter(({ hasRoom }) => hasRoom === false)),
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
  (figures.downThoughServed?.p95 ?? 0) === 0 &&
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
  /** Of the first case; each next one has the next. Of the storm. */
  readonly seed: number;
  readonly only?: Measurable | undefined;
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

export interface MeasuredInterruptions {
  readonly interruptions: readonly InterruptionFigures[];
  /** On a usual day, and on a bad one; none where it was not asked for. */
  readonly storms: readonly StormInterrupted[];
  /** Of groups; none where it was not asked for. */
  readonly groupStorms: readonly GroupsInterrupted[];
}

export const measureInterruptions = async (
  { only, boot, ...wanted }: InterruptionsWanted,
  progress: (text: string) => void,
): Promise<MeasuredInterruptions> => {
  const isWanted = (name: Measurable): boolean => only === undefined || name === only;
  const interruptions: InterruptionFigures[] = [];
  for (const load of loads.filter(isWanted)) {
    const all = mayServeBeforeEnd(load) ? bootNames : (["usual"] as const);
    for (const name of all.filter((each) => boot === undefined || each === boot)) {
      progress(`${load}, ${name} boot`);
      interruptions.push(await measureLoad({ load, boot: name }, wanted));
    }
  }
  const storms: StormInterrupted[] = [];
  for (const isBadDay of isWanted("storm") ? [false, true] : []) {
    progress(isBadDay ? "storm on a bad day" : "storm");
    storms.push(await measureStorm({ seed: wanted.seed, isBadDay }));
  }
  const groupStorms: GroupsInterrupted[] = [];
  if (isWanted("storm")) {
    progress("storm of groups");
    groupStorms.push(await measureStormOfGroups({ seed: wanted.seed }));
  }
  progress("");
  return { interruptions, storms, groupStorms };
};

export const allAimsMet = ({
  interruptions,
  storms,
  groupStorms,
}: MeasuredInterruptions): boolean =>
  interruptions.every(meetsAims) && storms.every(meetsStormAims) && groupStorms.every(keepsGroups);
