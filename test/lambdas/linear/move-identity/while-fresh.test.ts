import { describe, expect, it } from "@jest/globals";
import { whileFresh } from "../../../../lambdas/linear/move-identity/while-fresh.ts";

describe("what is asked before each of many calls", () => {
  const asking = (
    answer: () => Promise<void> = () => Promise.resolve(),
    answeredMs?: () => number | undefined,
  ) => {
    const clock = { ms: 0 };
    const asked: number[] = [];
    const ask = whileFresh(
      { now: () => new Date(clock.ms) },
      {
        holdsMs: 5_000,
        ask: () => {
          asked.push(clock.ms);
          return answer();
        },
        ...(answeredMs && { answeredMs }),
      },
    );
    return { clock, asked, ask };
  };

  it("is not asked while something else has answered it a moment ago", async () => {
    const known: { ms: number | undefined } = { ms: 1_000 };
    const { clock, asked, ask } = asking(undefined, () => known.ms);
    for (clock.ms = 2_000; clock.ms <= 7_000; clock.ms += 1_000) await ask();
    expect(asked).toEqual([6_000]);
    known.ms = undefined;
    clock.ms = 11_000;
    await ask();
    expect(asked).toEqual([6_000, 11_000]);
  });

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
