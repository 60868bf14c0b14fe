import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import {
  emptyHistory,
  historyFeatures,
  memoryHours,
  withCapacity,
  withLoss,
  withUnavailability,
} from "../../../core/risk/pool-history.ts";

const recall = (nowHours: number) => ({ nowHours, rememberedHours: memoryHours });
const hour = fc.double({ min: 0, max: 100, noNaN: true });

describe("the history of a pool", () => {
  it("says nothing before anything happened", () => {
    expect(historyFeatures(emptyHistory, recall(5))).toEqual({});
  });

  it("counts each loss half as much a day later", () => {
    const history = withLoss(withLoss(emptyHistory, 0), 24);
    expect(historyFeatures(history, recall(48))).toEqual({
      hoursSincePoolLoss: 24,
      upStreakHours: 12,
      recentPoolLosses: 0.75,
    });
  });

  it("takes a refusal for a time without capacity only", () => {
    const history = withUnavailability(withLoss(emptyHistory, 1), 4);
    expect(historyFeatures(history, recall(5))).toMatchObject({
      hoursSincePoolLoss: 4,
      upStreakHours: 0.5,
    });
  });

  it("dates the return between the last time without capacity and the first with some", () => {
    const history = withCapacity(withCapacity(withLoss(emptyHistory, 2), 4), 9);
    expect(historyFeatures(history, recall(10)).upStreakHours).toBe(7);
    expect(historyFeatures(withUnavailability(history, 6), recall(10)).upStreakHours).toBe(2);
    expect(historyFeatures(withUnavailability(history, 1), recall(10)).upStreakHours).toBe(7);
  });

  it("knows no streak of a pool that was never found empty", () => {
    expect(historyFeatures(withCapacity(emptyHistory, 2), recall(10))).toEqual({});
  });

  it("takes what lies ahead for now: clocks differ", () => {
    expect(historyFeatures(withLoss(emptyHistory, 7), recall(5)).hoursSincePoolLoss).toBe(0);
  });

  it("remembers a week to the hour", () => {
    const history = withLoss(emptyHistory, 0);
    expect(historyFeatures(history, recall(168)).hoursSincePoolLoss).toBe(168);
    expect(historyFeatures(history, recall(168.01))).toEqual({});
  });

  it("never moves back: an event told late changes no time", () => {
    fc.assert(
      fc.property(fc.array(hour, { minLength: 1, maxLength: 20 }), (times) => {
        const history = times.reduce(withLoss, emptyHistory);
        expect(history.lastLossAtHours).toBe(Math.max(...times));
        expect(history.lastUnavailableAtHours).toBe(Math.max(...times));
        expect(history.decayedLosses).toBeGreaterThanOrEqual(1);
        expect(history.decayedLosses).toBeLessThanOrEqual(times.length);
      }),
    );
  });
});
