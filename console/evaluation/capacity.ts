/** Of a group: its capacity as steps, each from one look to the next, and what they come to in a sentence. */
import type { Schemas } from "../api/types.ts";
import { count, duration } from "../format.ts";
import type { Span } from "./time-line.ts";

type CapacityPoint = Schemas["CapacityPoint"];

/** As long as no later look says otherwise. */
export interface CapacityStep extends Span {
  readonly at: string;
  readonly asked: number;
  readonly desired: number;
  readonly inService: number;
  readonly spot: number;
  readonly onDemand: number;
  /** That look asked the group alone: who serves is what was known before, and no more than are in service. */
  readonly isInferred: boolean;
  /** So many of those that are asked for do not serve. */
  readonly lacking: number;
  readonly lackingByUs: number;
}

interface Serving {
  readonly spot: number;
  readonly onDemand: number;
}

/** Which of the two gives way where fewer are in service than served before. */
export type Leaving = "SPOT" | "ON_DEMAND";

const withinService = ({ spot, onDemand }: Serving, most: number, leaving: Leaving): Serving => {
  const over = Math.max(0, spot + onDemand - most);
  const [first, second] = leaving === "SPOT" ? [spot, onDemand] : [onDemand, spot];
  const rest = Math.max(0, over - first);
  const left = { first: Math.max(0, first - over), second: Math.max(0, second - rest) };
  return leaving === "SPOT"
    ? { spot: left.first, onDemand: left.second }
    : { spot: left.second, onDemand: left.first };
};

const servingAt = (point: CapacityPoint, before: Serving, leaving: Leaving): Serving => {
  const { serving, serving_on_spot: spot = 0, in_service: inService } = point;
  return serving === undefined
    ? withinService(before, inService, leaving)
    : { spot, onDemand: serving - spot };
};

/** @param toMs until when the last look holds, milliseconds since the epoch */
export const capacitySteps = (
  points: readonly CapacityPoint[],
  toMs: number,
  leaving: Leaving,
): readonly CapacityStep[] => {
  let before: Serving = { spot: 0, onDemand: 0 };
  return points.map((point, index) => {
    before = servingAt(point, before, leaving);
    const from = Date.parse(point.at);
    const next = points[index + 1];
    return {
      ...before,
      from,
      to: Math.max(from, next === undefined ? toMs : Date.parse(next.at)),
      at: point.at,
      asked: point.asked,
      desired: point.desired,
      inService: point.in_service,
      isInferred: point.serving === undefined,
      lacking: Math.max(0, point.asked - before.spot - before.onDemand),
      lackingByUs: point.lacking_by_us ?? 0,
    };
  });
};

const askedFor = (steps: readonly CapacityStep[]): string => {
  const asked = steps.map((step) => step.asked);
  const [least, most] = [Math.min(...asked), Math.max(...asked)];
  return least === most ? `the ${count(most)}` : `the ${count(least)} to ${count(most)}`;
};

/** Whether as many served as were asked for, and else by whom not. */
export const capacitySentence = (steps: readonly CapacityStep[]): string => {
  const short = steps.filter(({ lacking }) => lacking > 0);
  const asked = `${askedFor(steps)} that its owner asks for`;
  if (short.length === 0) return `At no look fewer served than ${asked}.`;
  const worst = Math.max(...short.map(({ lacking }) => lacking));
  const byUs = Math.max(...short.map(({ lackingByUs }) => lackingByUs));
  const ms = short.reduce((sum, { from, to }) => sum + to - from, 0);
  const whose =
    byUs === 0 ? "None of them was missing by us." : `${count(byUs)} of them by us: see its steps.`;
  return `For ${duration(ms)} up to ${count(worst)} fewer served than ${asked}. ${whose}`;
};
