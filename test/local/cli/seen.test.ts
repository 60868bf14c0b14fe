import { describe, expect, it } from "@jest/globals";
import { budgetsText, capacityText } from "../../../local/cli/report/seen.ts";

const at = "2026-01-01T00:00:00.000Z";
const point = { at, asked: 4, desired: 4, in_service: 4, serving: 4, serving_on_spot: 0 };

describe("what an evaluation saw, in a line", () => {
  it("tells a group's capacity, and that it never had too few", () => {
    const capacity = [point, { ...point, desired: 6, serving: 6 }, { ...point, serving: 5 }];
    expect(capacityText({ capacity })).toBe(
      "4 asked for, 4 to 6 serving, desired 4 to 6, never too few",
    );
  });

  it.each([
    { what: "not by us", figures: {}, told: "too few by 1 at worst, not by us" },
    {
      what: "by us",
      figures: { lacking_by_us: 1 },
      told: "too few by 1 at worst, 1 of them by us",
    },
  ])("tells how many were missing at worst: $what", ({ figures, told }) => {
    expect(capacityText({ capacity: [point, { ...point, serving: 3, ...figures }] })).toContain(
      told,
    );
  });

  it("does not take a look that asked the group alone for one at which nobody served", () => {
    const { serving: _serving, serving_on_spot: _spot, ...alone } = point;
    expect(capacityText({ capacity: [alone] })).toBe("4 asked for, desired 4, never too few");
  });

  it("tells each budget as it stood at last", () => {
    const budget = { at, name: "web/frontend", allowed: 1, healthy: 3, needed: 2 };
    expect(budgetsText({ budgets: [budget, { ...budget, allowed: 0, healthy: 2 }] })).toBe(
      "web/frontend 2 healthy of 2 needed, allows none",
    );
  });

  it("is empty where nothing was seen", () => {
    expect(capacityText({ capacity: [] })).toBe("");
    expect(budgetsText({ budgets: [] })).toBe("");
  });
});
