import { beforeAll, describe, expect, it } from "@jest/globals";
import { measureRollBacks, type RollBackFigures } from "../../../local/bench/roll-backs.ts";

describe("the figures of a roll-back", () => {
  let figures: readonly RollBackFigures[];
  beforeAll(async () => {
    figures = await measureRollBacks();
  }, 180_000);

  it("are of those that come to an end, and of one that does not", () => {
    expect(figures.map(({ status }) => status)).toEqual([
      "ROLLED_BACK",
      "ROLLED_BACK",
      "ROLLED_BACK",
      "NEEDS_OPERATOR",
    ]);
  });

  it("stay within the aims", () => {
    for (const { readingCalls, aim, meetsAim } of figures) {
      expect(readingCalls).toBeLessThanOrEqual(aim);
      expect(meetsAim).toBe(true);
    }
  });

  it("count what was done, and what was read for it", () => {
    for (const { actions, readingCalls, invocations } of figures) {
      expect(actions).toBeGreaterThan(3);
      expect(readingCalls).toBeGreaterThanOrEqual(invocations);
    }
  });

  it("show an original that serves again soon after the replacement of a stateful load has ended", () => {
    for (const { secondsToService, secondsInAll } of figures) {
      expect(secondsToService).toBeLessThanOrEqual(75);
      expect(secondsInAll).toBeGreaterThan(secondsToService);
    }
  });
});
