import { describe, expect, it } from "@jest/globals";
import { changesBetween, judgedOf } from "../../../../../core/decide/fleet/preflight/changes.ts";
import type { PreflightRow } from "../../../../../core/model/preflight.ts";
import { onceRow, preflightRowSample, refusedRow } from "./rows.ts";

const between = (earlier: readonly PreflightRow[], later: readonly PreflightRow[]) =>
  changesBetween(earlier.map(judgedOf), later.map(judgedOf)).map(({ kind, id }) => [kind, id]);

describe("what has changed between two preflights", () => {
  const row = preflightRowSample();

  it("is what came, what went, and what is judged otherwise, in the order of the ids", () => {
    const other = preflightRowSample({ outcome: "WONT", reason: "SAVINGS_BELOW_MINIMUM" });
    expect(between([onceRow, row], [other, refusedRow])).toEqual([
      ["GONE", onceRow.id],
      ["NEW", refusedRow.id],
      ["CHANGED", row.id],
    ]);
  });

  it("is a consent that was given", () => {
    expect(between([onceRow], [{ ...onceRow, missing: [] }])).toEqual([["CHANGED", onceRow.id]]);
  });

  it("is not a price", () => {
    const dearer = preflightRowSample({ monthlyUsd: 12, sentence: "Saves less.", offers: [] });
    expect(between([row], [dearer])).toEqual([]);
  });
});
