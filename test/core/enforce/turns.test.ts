import { describe, expect, it } from "@jest/globals";
import { inTurn } from "../../../core/enforce/turns.ts";

const startMs = Date.parse("2026-03-02T09:00:00Z");
const runMs = 5 * 60_000;
const places = (count: number): readonly number[] => Array.from({ length: count }, (_, at) => at);

describe("a run of the enforcer that has no time for all places", () => {
  it.each([
    [100, 7],
    [12, 1],
    [500, 40],
    [3, 2],
  ])("of %i places works at %i, and reaches each within three rounds", (count, share) => {
    const runs = 3 * Math.ceil(count / share);
    for (const from of [0, 17, 1000]) {
      const reached = new Set(
        places(runs).flatMap((run) =>
          inTurn(places(count), new Date(startMs + (from + run) * runMs)).slice(0, share),
        ),
      );
      expect(reached.size).toBe(count);
    }
  });

  it("leaves none out, and works at none twice", () => {
    const order = inTurn(places(10), new Date(startMs));
    expect(order.toSorted((one, other) => one - other)).toEqual(places(10));
    expect(inTurn([], new Date(startMs))).toEqual([]);
  });
});
