import { describe, expect, it } from "@jest/globals";
import {
  foretoldRisk,
  heardSince,
  judgeRecommendation,
} from "../../../../core/decide/switch/recommendation.ts";

const startMs = Date.parse("2026-03-02T00:00:00Z");
const after = (minutes: number): string => new Date(startMs + minutes * 60_000).toISOString();
const policy = { onRebalanceRecommendation: "move" } as const;

describe("a rebalance recommendation", () => {
  it.each([
    ["the policy ignores it", { policy: { onRebalanceRecommendation: "ignore" } }, "IGNORED"],
    ["its instance was launched 29 minutes ago", { at: after(29) }, "TOO_YOUNG"],
    ["its instance was launched 30 minutes ago", { at: after(30) }, "HEEDED"],
    ["a switch brought it just under six hours ago", { broughtAt: after(1) }, "RESTS"],
    ["a switch brought it six hours ago", { broughtAt: after(0) }, "HEEDED"],
  ] as const)("where %s", (_where, change, heeding) => {
    const input = { policy, launchedAt: after(0), at: after(360), ...change };
    expect(judgeRecommendation(input)).toBe(heeding);
  });

  it("each minute for a day is heeded four times at most, whatever moves because of it", () => {
    let moves = 0;
    let brought: { readonly broughtAt?: string } = {};
    let launchedAt = after(-600);
    for (let minute = 0; minute < 24 * 60; minute += 1) {
      const at = after(minute);
      if (judgeRecommendation({ policy, launchedAt, at, ...brought }) !== "HEEDED") continue;
      moves += 1;
      launchedAt = at;
      brought = { broughtAt: at };
    }
    expect(moves).toBe(4);
  });

  it("foretells a loss three times of ten, and never less than is known without it", () => {
    const risk = { probability: 0.01, horizonHours: 0.5 };
    expect(foretoldRisk(risk as never)).toMatchObject({ probability: 0.3, horizonHours: 0.5 });
    expect(foretoldRisk({ ...risk, probability: 0.7 } as never)).toMatchObject({
      probability: 0.7,
    });
  });

  it("is heard for a quarter of an hour", () => {
    expect(heardSince(after(15))).toBe(after(0));
  });
});
