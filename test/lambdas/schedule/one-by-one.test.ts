import { describe, expect, it } from "@jest/globals";
import { SpotOptimizerError } from "../../../core/errors.ts";
import { oneByOne } from "../../../lambdas/schedule/one-by-one.ts";

const at = (ms: number): Date => new Date(Date.parse("2026-03-02T09:00:00Z") + ms);
const item = { name: "tgt-1 was not started", keys: { targetId: "tgt-1" } };

const begin = () => {
  const warned: unknown[] = [];
  let nowMs = 0;
  const turns = oneByOne({
    now: () => at(nowMs),
    log: {
      info: () => undefined,
      warn: (message, keys) => warned.push({ message, keys }),
      error: () => undefined,
    },
  });
  const pass = (ms: number): void => {
    nowMs += ms;
  };
  return { turns, warned, pass };
};

describe("items that are worked through one by one", () => {
  it("give their results", async () => {
    const { turns, warned } = begin();
    expect(await turns.attempt(item, () => Promise.resolve("done"))).toBe("done");
    turns.finish();
    expect(warned).toEqual([]);
  });

  it("are left behind when they fail with one of our own errors, which is logged", async () => {
    const { turns, warned } = begin();
    const fails = (): Promise<string> =>
      Promise.reject(new SpotOptimizerError("RetryableThrottled", "Too many requests."));
    expect(await turns.attempt(item, fails)).toBeUndefined();
    turns.finish();
    expect(warned).toEqual([
      {
        message: "tgt-1 was not started: Too many requests.",
        keys: { targetId: "tgt-1", error: "RetryableThrottled" },
      },
    ]);
  });

  it("make the whole fail at its end when they fail with an error that we do not know", async () => {
    const { turns, warned } = begin();
    const fails = (): Promise<string> => Promise.reject(new TypeError("a bug"));
    expect(await turns.attempt(item, fails)).toBeUndefined();
    expect(await turns.attempt(item, () => Promise.resolve("done"))).toBe("done");
    expect(() => {
      turns.finish();
    }).toThrow(new TypeError("a bug"));
    expect(warned).toHaveLength(1);
  });

  it("have 45 s together, of the 60 s of the function", () => {
    const { turns, pass } = begin();
    pass(44_999);
    expect(turns.hasTime()).toBe(true);
    pass(1);
    expect(turns.hasTime()).toBe(false);
  });
});
