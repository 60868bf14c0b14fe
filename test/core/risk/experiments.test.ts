import { describe, expect, it } from "@jest/globals";
import { isUnderExperiment, type ExperimentTold } from "../../../core/risk/experiments.ts";

const told = (experimentId: string, status: string, minute: number): ExperimentTold => ({
  experimentId,
  status,
  at: new Date(Date.parse("2026-03-02T10:00:00Z") + minute * 60_000).toISOString(),
});
const minute = (number: number): string => told("", "", number).at;

describe("an experiment is under way", () => {
  const whole = [told("A", "initiating", 10), told("A", "running", 10), told("A", "completed", 40)];

  it.each([
    ["not before it began", whole, 4, false],
    ["a little before it was told", whole, 6, true],
    ["while it runs", whole, 20, true],
    ["a little after its end", whole, 44, true],
    ["no longer after that", whole, 46, false],
    ["whatever order it is told in", whole.toReversed(), 20, true],
    ["while its end has not been told", whole.slice(0, 2), 600, true],
    ["not longer than twelve hours", whole.slice(0, 2), 740, false],
    ["though another one is over", [...whole, told("B", "running", 50)], 60, true],
    ["not where none was told", [], 20, false],
    ["not once it was stopped", [told("A", "running", 10), told("A", "stopped", 15)], 30, false],
    ["not once it has failed", [told("A", "running", 10), told("A", "failed", 15)], 30, false],
  ])("%s", (_, events, at, isUnderWay) => {
    expect(isUnderExperiment(events, minute(at))).toBe(isUnderWay);
  });
});
