import { describe, expect, it } from "@jest/globals";
import { whileFresh } from "../../../../lambdas/linear/move-identity/while-fresh.ts";

describe("what is asked before each of many calls", () => {
  const asking = (answer: () => Promise<void> = () => Promise.resolve()) => {
    const clock = { ms: 0 };
    const asked: number[] = [];
    const ask = whileFresh({ now: () => new Date(clock.ms) }, 5_000, () => {
      asked.push(clock.ms);
      return answer();
    });
    return { clock, asked, ask };
  };

  it("is asked before the first, and again when the answer is old", async () => {
    const { clock, asked, ask } = asking();
    for (clock.ms = 0; clock.ms <= 12_000; clock.ms += 1_000) await ask();
    expect(asked).toEqual([0, 5_000, 10_000]);
  });

  it("is asked again where there was no answer", async () => {
    const { asked, ask } = asking(() => Promise.reject(new Error("unavailable")));
    await expect(ask()).rejects.toThrow("unavailable");
    await expect(ask()).rejects.toThrow("unavailable");
    expect(asked).toEqual([0, 0]);
  });
});
