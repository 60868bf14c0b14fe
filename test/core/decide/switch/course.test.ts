import { describe, expect, it } from "@jest/globals";
import {
  mostBudgets,
  mostBudgetPoints,
  mostCapacityPoints,
  withSight,
} from "../../../../core/decide/switch/course.ts";
import {
  emptyCourse,
  type BudgetPoint,
  type CapacityPoint,
} from "../../../../core/model/course.ts";

const at = (second: number): string => new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString();

const capacity = (second: number, figures: Partial<CapacityPoint> = {}): CapacityPoint => ({
  at: at(second),
  asked: 4,
  desired: 4,
  inService: 4,
  serving: 4,
  servingOnSpot: 0,
  ...figures,
});

const budget = (second: number, figures: Partial<BudgetPoint> = {}): BudgetPoint => ({
  at: at(second),
  name: "web/frontend",
  allowed: 1,
  healthy: 3,
  needed: 2,
  ...figures,
});

describe("the course of a group's capacity", () => {
  const first = withSight(emptyCourse, { capacity: [capacity(0)] });

  it("stays the same object where a look has found nothing new, so that nothing is written", () => {
    expect(withSight(first, { capacity: [capacity(5), capacity(10)] })).toBe(first);
    expect(withSight(first, {})).toBe(first);
  });

  it.each([
    { what: "asked for", figures: { asked: 5 } },
    { what: "desired", figures: { desired: 5 } },
    { what: "in service", figures: { inService: 5 } },
    { what: "serving", figures: { serving: 3 } },
    { what: "on Spot", figures: { servingOnSpot: 1 } },
    { what: "missing by us", figures: { lackingByUs: 1 } },
  ])("has a point where another number is $what", ({ figures }) => {
    const point = capacity(5, figures);
    expect(withSight(first, { capacity: [point] }).capacity).toEqual([capacity(0), point]);
  });

  it("compares a look that asked the group alone by what the group says", () => {
    const alone = { at: at(5), asked: 4, desired: 4, inService: 4 };
    expect(withSight(first, { capacity: [alone] })).toBe(first);
    const fewer = { ...alone, inService: 3 };
    expect(withSight(first, { capacity: [fewer] }).capacity).toEqual([capacity(0), fewer]);
  });

  it("does not take what an execution that was thought dead saw before", () => {
    const later = withSight(first, { capacity: [capacity(10, { desired: 5 })] });
    expect(withSight(later, { capacity: [capacity(5)] })).toBe(later);
  });

  it("is bounded: the shortest is left out, a deficit last, first and last point never, and it says how many", () => {
    const points = Array.from({ length: mostCapacityPoints + 3 }, (_none, index) =>
      capacity(index * 10, { desired: 4 + (index % 2), ...(index === 50 ? { serving: 3 } : {}) }),
    );
    const short = [capacity(500.5, { desired: 9 }), capacity(501, { desired: 8 })];
    const all = [...points.slice(0, 51), ...short, ...points.slice(51)];
    const course = all.reduce((sum, point) => withSight(sum, { capacity: [point] }), emptyCourse);
    expect(course.capacity).toHaveLength(mostCapacityPoints);
    expect(course.leftOut).toBe(all.length - mostCapacityPoints);
    expect(course.capacity[0]).toEqual(points[0]);
    expect(course.capacity.at(-1)).toEqual(points.at(-1));
    expect(course.capacity).toContainEqual(points[50]);
    expect(course.capacity).not.toContainEqual(short[0]);
    expect(course.capacity.map((point) => point.at)).toEqual(
      course.capacity.map((point) => point.at).toSorted(),
    );
  });
});

describe("the course of budgets", () => {
  it("has a series for each, and a point where one of them has changed", () => {
    const other = budget(0, { name: "web/backend" });
    const course = withSight(emptyCourse, { budgets: [budget(0), other] });
    expect(withSight(course, { budgets: [budget(5), { ...other, at: at(5) }] })).toBe(course);
    const blocked = budget(7, { allowed: 0, healthy: 2 });
    expect(withSight(course, { budgets: [blocked, { ...other, at: at(7) }] }).budgets).toEqual([
      budget(0),
      other,
      blocked,
    ]);
  });

  it("keeps so many budgets, those first that allow none, and says how many others there are, once", () => {
    const many = Array.from({ length: mostBudgets + 2 }, (_none, index) =>
      budget(0, { name: `web/${String(index)}`, allowed: index === mostBudgets + 1 ? 0 : 1 }),
    );
    const course = withSight(emptyCourse, { budgets: many });
    expect(new Set(course.budgets.map(({ name }) => name)).size).toBe(mostBudgets);
    expect(course.budgets.map(({ name }) => name)).toContain(`web/${String(mostBudgets + 1)}`);
    expect(course.budgetsLeftOut).toBe(2);
    expect(withSight(course, { budgets: many.map((point) => ({ ...point, at: at(9) })) })).toBe(
      course,
    );
  });

  it("is bounded for all budgets together, with the first and last point of each", () => {
    const points = Array.from({ length: mostBudgetPoints }, (_none, index) => [
      budget(index, { healthy: 3 + (index % 2) }),
      budget(index, { name: "web/backend", healthy: 3 + (index % 2) }),
    ]).flat();
    const { budgets, leftOut } = withSight(emptyCourse, { budgets: points });
    expect(budgets).toHaveLength(mostBudgetPoints);
    expect(leftOut).toBe(points.length - mostBudgetPoints);
    for (const place of [0, 1, -1, -2]) expect(budgets).toContainEqual(points.at(place));
  });
});
