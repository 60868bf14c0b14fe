/** The bounds of what is asked for, and which of them a later plan is outside of. */
import type { ApprovalBounds, ApprovalKind, TargetApproval } from "../model/approval.ts";
import type { Compared } from "./question.ts";

export interface PlannedPool {
  readonly key: string;
  /** Of one instance. Absent: not known. */
  readonly hourlyUsd?: number;
  /** Of what is paid where it stands. Absent: not known. */
  readonly savingsPercent?: number;
}

/** Which of those that bore its name a subject is. Neither: nobody knows. */
export type Incarnation = Pick<ApprovalBounds, "launchedAt" | "groupArn">;

/** What is to be done, as judged now. */
export interface Plan extends Incarnation {
  readonly kind: ApprovalKind;
  readonly subject: string;
  /** In the order in which they are tried. */
  readonly pools: readonly PlannedPool[];
  /** Where it goes as planned. Absent: nothing is to be saved. */
  readonly savingsPercent?: number;
  readonly downtimeSeconds: number;
  readonly changes: readonly string[];
}

/** So much dearer than now it may be when it is carried out: prices move by some percent within a day. */
const headroom = 1.05;
const savingsStep = 5;

/** A hair less, so that what is a whole number of cents but for the last bit of a double stays so. */
const upTo = (value: number, step: number): number => Math.ceil(value / step - 1e-9) * step;

/** USD, with the headroom, up to the cent. */
const centsUp = (hourlyUsd: number): number =>
  Math.round(upTo(hourlyUsd * headroom, 0.01) * 100) / 100;

/** What is saved where all becomes dearer by the headroom, down to a multiple of five. */
const savingsDown = (percent: number): number =>
  Math.floor((100 - (100 - percent) * headroom) / savingsStep + 1e-9) * savingsStep;

const pricesOf = ({ pools }: Pick<Plan, "pools">): readonly number[] =>
  pools.flatMap(({ hourlyUsd }) => hourlyUsd ?? []);

const incarnationOf = ({ launchedAt, groupArn }: Incarnation): Incarnation => ({
  ...(launchedAt !== undefined && { launchedAt }),
  ...(groupArn !== undefined && { groupArn }),
});

const told = ({ launchedAt, groupArn }: Incarnation): string =>
  [...(launchedAt === undefined ? [] : [`launched ${launchedAt}`]), groupArn ?? []]
    .flat()
    .join(", ") || "unknown";

/** The same for plans between which prices have jittered, where those lie within the bounds of an earlier one: see `outsideOf`. */
export const boundsOf = (plan: Plan): ApprovalBounds => {
  const prices = pricesOf(plan);
  return {
    subject: plan.subject,
    ...incarnationOf(plan),
    poolKeys: plan.pools.map(({ key }) => key).toSorted(),
    ...(prices.length > 0 && { maxHourlyUsd: centsUp(Math.max(...prices)) }),
    ...(plan.savingsPercent !== undefined && {
      minSavingsPercent: savingsDown(plan.savingsPercent),
    }),
    maxDowntimeMinutes: Math.ceil(plan.downtimeSeconds / 60),
    changes: [...plan.changes].toSorted(),
  };
};

/** An unknown price is not inside. */
const isCheapEnough = ({ hourlyUsd }: PlannedPool, { maxHourlyUsd }: ApprovalBounds): boolean =>
  maxHourlyUsd === undefined || (hourlyUsd !== undefined && hourlyUsd <= maxHourlyUsd);

/** Those of a plan that may be taken, in its order. */
export const poolsWithin = ({ pools }: Plan, bounds: ApprovalBounds): readonly PlannedPool[] =>
  pools.filter((pool) => bounds.poolKeys.includes(pool.key) && isCheapEnough(pool, bounds));

interface Outside {
  readonly bound: keyof ApprovalBounds;
  readonly sentence: string;
}

const usd = (value: number | undefined): string =>
  value === undefined ? "an unknown price" : `$${String(value)} an hour`;

const outsideSubject = (plan: Plan, bounds: ApprovalBounds): Outside | undefined => {
  const { subject, launchedAt, groupArn } = bounds;
  if (plan.subject !== subject) {
    return { bound: "subject", sentence: `it is ${plan.subject} by now, and was ${subject}.` };
  }
  if (plan.launchedAt === launchedAt && plan.groupArn === groupArn) return undefined;
  return {
    bound: groupArn === undefined ? "launchedAt" : "groupArn",
    sentence: `${subject} is another by now (${told(plan)}) than the one that was asked about (${told(bounds)}).`,
  };
};

const outsidePools = (plan: Plan, bounds: ApprovalBounds): Outside | undefined => {
  if (poolsWithin(plan, bounds).length > 0 || plan.pools.length === 0) return undefined;
  const named = plan.pools.filter(({ key }) => bounds.poolKeys.includes(key));
  if (named.length === 0) {
    const now = plan.pools.map(({ key }) => key).join(", ");
    return { bound: "poolKeys", sentence: `none of the pools of now (${now}) is among them.` };
  }
  const prices = pricesOf({ pools: named });
  const least = prices.length === 0 ? undefined : Math.min(...prices);
  return {
    bound: "maxHourlyUsd",
    sentence: `the cheapest of its pools costs ${usd(least)} by now, and at most ${usd(bounds.maxHourlyUsd)} was agreed to.`,
  };
};

/** Where the first pool that may be taken is not the one that was planned with, what is known of that. */
const savingsWithin = (plan: Plan, bounds: ApprovalBounds): number | undefined => {
  const [first] = poolsWithin(plan, bounds);
  return first === undefined || first === plan.pools[0]
    ? plan.savingsPercent
    : first.savingsPercent;
};

const outsideSavings = (plan: Plan, bounds: ApprovalBounds): Outside | undefined => {
  const { minSavingsPercent } = bounds;
  if (minSavingsPercent === undefined) return undefined;
  const savingsPercent = savingsWithin(plan, bounds);
  if (savingsPercent !== undefined && savingsPercent >= minSavingsPercent) return undefined;
  const now = savingsPercent === undefined ? "an unknown share" : `${savingsPercent.toFixed(1)} %`;
  return {
    bound: "minSavingsPercent",
    sentence: `it saves ${now} by now, and at least ${String(minSavingsPercent)} % was agreed to.`,
  };
};

const outsideRest = (plan: Plan, bounds: ApprovalBounds): Outside | undefined => {
  if (plan.downtimeSeconds > bounds.maxDowntimeMinutes * 60) {
    return {
      bound: "maxDowntimeMinutes",
      sentence: `a downtime of ${String(Math.ceil(plan.downtimeSeconds / 60))} min is expected by now, and at most ${String(bounds.maxDowntimeMinutes)} min was agreed to.`,
    };
  }
  const added = plan.changes.filter((change) => !bounds.changes.includes(change));
  if (added.length === 0) return undefined;
  return { bound: "changes", sentence: `more is to be another by now: ${added.join("; ")}.` };
};

/** The first bound that the plan is outside of, with what is there now; undefined: it is inside. */
export const outsideOf = (plan: Plan, bounds: ApprovalBounds): Outside | undefined =>
  outsideSubject(plan, bounds) ??
  outsidePools(plan, bounds) ??
  outsideSavings(plan, bounds) ??
  outsideRest(plan, bounds);

/** The very question: it lies inside, and where it would go first is among the pools. */
export const isSameQuestion = (plan: Plan, bounds: ApprovalBounds): boolean => {
  const [first] = plan.pools;
  return (
    outsideOf(plan, bounds) === undefined &&
    (first === undefined || poolsWithin({ ...plan, pools: [first] }, bounds).length > 0)
  );
};

/** Whatever it costs or saves: what was rejected is the move of this subject to these pools. */
export const isRejectedPlan = (plan: Plan, bounds: ApprovalBounds): boolean => {
  const [first] = plan.pools;
  return (
    outsideSubject(plan, bounds) === undefined &&
    (first === undefined || bounds.poolKeys.includes(first.key))
  );
};

/** A plan as it is held against what was asked of its target before. */
export const compared = (plan: Plan): Compared<TargetApproval> => ({
  kind: plan.kind,
  outsideOf: ({ bounds }) => outsideOf(plan, bounds)?.sentence,
  isSame: ({ bounds }) => isSameQuestion(plan, bounds),
  isRejected: ({ bounds }) => isRejectedPlan(plan, bounds),
});
