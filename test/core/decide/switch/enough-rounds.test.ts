import { describe, expect, it } from "@jest/globals";
import { judgeEnoughRounds } from "../../../../core/decide/switch/enough-rounds.ts";

describe("how many rounds one evaluation makes", () => {
  const startedAt = "2026-03-02T09:00:00.000Z";
  const judged = (rounds: number, now: string) =>
    judgeEnoughRounds({ name: "group web", called: "batches", hours: 6, rounds, startedAt, now })
      ?.reason;

  it.each([
    ["the first", 0, "2026-03-02T09:00:10.000Z", undefined],
    ["the twentieth, in time", 19, "2026-03-02T14:59:59.000Z", undefined],
    ["one after the twentieth", 20, "2026-03-02T09:30:00.000Z", "BATCHES_USED_UP"],
    ["one after six hours", 3, "2026-03-02T15:00:00.000Z", "BATCHES_USED_UP"],
  ])("is asked for %s", (_, rounds, now, reason) => {
    expect(judged(rounds, now)).toBe(reason);
  });
});
