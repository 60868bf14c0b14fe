import { describe, expect, it } from "@jest/globals";
import { budgetSeries, budgetsSentence, shortened } from "../../console/evaluation/budgets.ts";

const at = (minute: number): string => new Date(Date.UTC(2026, 2, 2, 9, minute)).toISOString();
const ms = (minute: number): number => Date.parse(at(minute));

const point = (minute: number, name: string, allowed: number) => ({
  ...{ at: at(minute), name, allowed },
  ...{ healthy: 2 + allowed, needed: 2 },
});

const points = [
  point(0, "web/open", 1),
  point(0, "web/shut", 0),
  point(0, "web/a-while", 1),
  point(2, "web/a-while", 0),
  point(3, "web/a-while", 1),
];

describe("budgets as steps", () => {
  it("hold from one look to the next, and the last one until the end; longest closed first", () => {
    const series = budgetSeries(points, [], ms(9));
    expect(series.map(({ name, closedMs }) => [name, closedMs])).toEqual([
      ["web/shut", ms(9) - ms(0)],
      ["web/a-while", ms(3) - ms(2)],
      ["web/open", 0],
    ]);
    expect(series[1]?.steps.map(({ from, to }) => [from, to])).toEqual([
      [ms(0), ms(2)],
      [ms(2), ms(3)],
      [ms(3), ms(9)],
    ]);
  });

  it("begin with those that hold pods now", () => {
    const [first] = budgetSeries(points, [{ budget: "web/open" }, {}], ms(9));
    expect(first).toMatchObject({ name: "web/open", isBlocking: true });
  });

  it("say which was closed for longest, and how many others were", () => {
    expect(budgetsSentence(budgetSeries(points, [], ms(9)))).toBe(
      "web/shut allowed no eviction for 9 min, and 1 more for less.",
    );
    expect(budgetsSentence(budgetSeries(points.slice(0, 1), [], ms(9)))).toBe(
      "Its budget allowed evictions at every look.",
    );
  });

  it("keep the end of a name that is too long", () => {
    expect(shortened("web/frontend", 12)).toBe("web/frontend");
    expect(shortened("web/frontend", 6)).toBe("…ntend");
  });
});
