/**
 * Adds to the course of an evaluation what a step has seen: a point only where something differs from the last one of the same series. It is bounded, so that
 * a conversion of many hours does not grow without end: beyond the bound the points that held for the shortest time are left out.
 */
import type { BudgetPoint, CapacityPoint, Course, Sight } from "../../model/course.ts";

/** A batch of ten has some twenty points. As JSON a point has 90 to 130 bytes, packed a tenth of that: 120 of them are 1.5 KB. */
export const mostCapacityPoints = 120;

/** Of all budgets together. */
export const mostBudgetPoints = 160;

/** Pods of one node have as many budgets at the most, but for rare ones. */
export const mostBudgets = 16;

interface Point {
  readonly at: string;
}

interface SeriesOf<Kind extends Point> {
  readonly most: number;
  /** Points with the same name are of one series. */
  readonly nameOf: (point: Kind) => string;
  /** Says something new after the last point of its series. */
  readonly isNews: (last: Kind, point: Kind) => boolean;
  /** What a reader looks for: left out last. */
  readonly isTelling: (point: Kind) => boolean;
}

const capacitySeries: SeriesOf<CapacityPoint> = {
  most: mostCapacityPoints,
  nameOf: () => "",
  isNews: (last, point) =>
    last.asked !== point.asked ||
    last.desired !== point.desired ||
    last.inService !== point.inService ||
    (point.serving !== undefined &&
      (last.serving !== point.serving ||
        last.servingOnSpot !== point.servingOnSpot ||
        last.lackingByUs !== point.lackingByUs)),
  isTelling: ({ asked, serving = asked }) => serving < asked,
};

const budgetSeries: SeriesOf<BudgetPoint> = {
  most: mostBudgetPoints,
  nameOf: ({ name }) => name,
  isNews: (last, point) =>
    last.allowed !== point.allowed ||
    last.healthy !== point.healthy ||
    last.needed !== point.needed,
  isTelling: ({ allowed }) => allowed === 0,
};

/** Of an execution that was thought dead: what it saw is older than what is known. */
const isLate = (last: Point, point: Point): boolean => point.at < last.at;

const withPoint = <Kind extends Point>(
  points: readonly Kind[],
  point: Kind,
  { nameOf, isNews }: SeriesOf<Kind>,
): readonly Kind[] => {
  const last = points.findLast((one) => nameOf(one) === nameOf(point));
  const isNew = last === undefined || (!isLate(last, point) && isNews(last, point));
  return isNew ? [...points, point] : points;
};

interface Held<Kind> {
  readonly point: Kind;
  readonly milliseconds: number;
}

/** For how long each held that is neither the first nor the last of its series. */
const heldBetween = <Kind extends Point>(
  points: readonly Kind[],
  { nameOf }: SeriesOf<Kind>,
): readonly Held<Kind>[] =>
  [...Map.groupBy(points, nameOf).values()].flatMap((series) =>
    series.slice(1, -1).map((point, index) => ({
      point,
      milliseconds: Date.parse(series[index + 2]?.at ?? point.at) - Date.parse(point.at),
    })),
  );

const withinBound = <Kind extends Point>(
  points: readonly Kind[],
  series: SeriesOf<Kind>,
): readonly Kind[] => {
  if (points.length <= series.most) return points;
  const held = heldBetween(points, series);
  const plain = held.filter(({ point }) => !series.isTelling(point));
  const [shortest] = (plain.length > 0 ? plain : held).toSorted(
    (one, other) => one.milliseconds - other.milliseconds,
  );
  if (shortest === undefined) return points;
  return withinBound(
    points.filter((point) => point !== shortest.point),
    series,
  );
};

interface Added<Kind> {
  readonly points: readonly Kind[];
  readonly leftOut: number;
}

const add = <Kind extends Point>(
  before: readonly Kind[],
  seen: readonly Kind[],
  series: SeriesOf<Kind>,
): Added<Kind> => {
  const all = seen.reduce((points, point) => withPoint(points, point, series), before);
  const points = withinBound(all, series);
  return { points, leftOut: all.length - points.length };
};

/** Those that allow least are what a drain waits for. */
const admit = (
  { budgets }: Course,
  seen: readonly BudgetPoint[],
): { readonly admitted: readonly BudgetPoint[]; readonly others: number } => {
  const known = new Set(budgets.map(({ name }) => name));
  const strange = new Set(
    seen
      .filter(({ name }) => !known.has(name))
      .toSorted((one, other) => one.allowed - other.allowed)
      .map(({ name }) => name),
  );
  const names = new Set([
    ...known,
    ...[...strange].slice(0, Math.max(0, mostBudgets - known.size)),
  ]);
  return {
    admitted: seen.filter(({ name }) => names.has(name)),
    others: known.size + strange.size - names.size,
  };
};

/** The same object where nothing is new. */
export const withSight = (course: Course, { capacity = [], budgets = [] }: Sight): Course => {
  const { admitted, others } = admit(course, budgets);
  const ofGroup = add(course.capacity, capacity, capacitySeries);
  const ofBudgets = add(course.budgets, admitted, budgetSeries);
  const { leftOut: leftOutBefore = 0, budgetsLeftOut: othersBefore = 0 } = course;
  const budgetsLeftOut = Math.max(othersBefore, others);
  const isSame =
    ofGroup.points === course.capacity &&
    ofBudgets.points === course.budgets &&
    budgetsLeftOut === othersBefore;
  if (isSame) return course;
  const leftOut = leftOutBefore + ofGroup.leftOut + ofBudgets.leftOut;
  return {
    capacity: ofGroup.points,
    budgets: ofBudgets.points,
    ...(leftOut === 0 ? {} : { leftOut }),
    ...(budgetsLeftOut === 0 ? {} : { budgetsLeftOut }),
  };
};
