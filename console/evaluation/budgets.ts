/** Of nodes: the budgets of their pods as steps, each from one look to the next, and what holds pods where they are. */
import type { Schemas } from "../api/types.ts";
import { count, duration } from "../format.ts";
import type { EvaluationRecord } from "./story.ts";
import type { Span } from "./time-line.ts";

type BudgetPoint = Schemas["BudgetPoint"];
type Blocker = Schemas["Blocker"];

/** As long as no later look says otherwise. */
export interface BudgetStep extends Span {
  readonly at: string;
  readonly name: string;
  readonly allowed: number;
  readonly healthy: number;
  readonly needed: number;
}

export interface BudgetSeries {
  readonly name: string;
  /** It holds pods now. */
  readonly isBlocking: boolean;
  /** For so long it allowed no eviction. */
  readonly closedMs: number;
  readonly steps: readonly BudgetStep[];
}

const stepsOf = (points: readonly BudgetPoint[], toMs: number): readonly BudgetStep[] =>
  points.map((point, index) => {
    const from = Date.parse(point.at);
    const next = points[index + 1];
    return { ...point, from, to: Math.max(from, next === undefined ? toMs : Date.parse(next.at)) };
  });

const closed = (steps: readonly BudgetStep[]): number =>
  steps.filter(({ allowed }) => allowed === 0).reduce((sum, { from, to }) => sum + to - from, 0);

/**
 * Those that hold pods now first, then those that were closed for longest.
 * @param toMs until when the last look holds, milliseconds since the epoch
 */
export const budgetSeries = (
  points: readonly BudgetPoint[],
  blockers: readonly Pick<Blocker, "budget">[],
  toMs: number,
): readonly BudgetSeries[] => {
  // The end is the API's clock, and a point may be younger than its last answer.
  const end = Math.max(toMs, ...points.map(({ at }) => Date.parse(at)));
  const blocking = new Set(blockers.flatMap(({ budget }) => budget ?? []));
  return [...Map.groupBy(points, ({ name }) => name)]
    .map(([name, series]) => {
      const steps = stepsOf(series, end);
      return { name, isBlocking: blocking.has(name), closedMs: closed(steps), steps };
    })
    .toSorted(
      (one, other) =>
        Number(other.isBlocking) - Number(one.isBlocking) ||
        other.closedMs - one.closedMs ||
        (one.name < other.name ? -1 : 1),
    );
};

/** Whether a budget stood in the way, and for how long. */
export const budgetsSentence = (series: readonly BudgetSeries[]): string => {
  const held = series.filter(({ closedMs }) => closedMs > 0);
  const [longest] = held.toSorted((one, other) => other.closedMs - one.closedMs);
  if (longest === undefined) {
    return series.length === 1
      ? "Its budget allowed evictions at every look."
      : `All ${count(series.length)} budgets allowed evictions at every look.`;
  }
  const others = held.length - 1;
  const rest = others === 0 ? "" : `, and ${count(others)} more for less`;
  return `${longest.name} allowed no eviction for ${duration(longest.closedMs)}${rest}.`;
};

/** `4 of 6 pods evicted`. Undefined: no drain has begun. */
export const drainedText = ({ progress }: EvaluationRecord): string | undefined => {
  if (progress.mode !== "KUBERNETES" || progress.drain === undefined) return undefined;
  const { evicted, left } = progress.drain;
  return `${count(evicted)} of ${count(evicted + left)} pods evicted`;
};

/** What is shown of a name in a chart: its end tells more than its beginning. @param most letters */
export const shortened = (name: string, most: number): string =>
  name.length <= most ? name : `…${name.slice(name.length - Math.max(1, most - 1))}`;
