import { describe, expect, it } from "@jest/globals";
import { SpotOptimizerError } from "../../../core/errors.ts";
import { feedWithLastGoodCopy, type Feed } from "../../../lambdas/judge/last-good-copy.ts";
import { at } from "../../adapters/store/examples.ts";
import { stepUnderTest, type StepUnderTest } from "../evaluation/step-under-test.ts";

const name = "advisor#us-east-1#Linux";
const down = new SpotOptimizerError("RetryableUnavailable", "The feed does not answer.");
const malformed = new SpotOptimizerError("BrokenFacts", "ranges: is missing.");
const good = { body: "good", fetchedAt: at(60) };

const read = (under: StepUnderTest, body: unknown, lastGood?: Feed<unknown>) =>
  feedWithLastGoodCopy(under.context, {
    name,
    read: () => (body instanceof Error ? Promise.reject(body) : Promise.resolve(body)),
    lastGood: () => Promise.resolve(lastGood),
  });

describe("a feed", () => {
  it("is as fresh as it was read, and its copy is not looked at", async () => {
    const under = await stepUnderTest();
    under.pass(5);
    const fresh = feedWithLastGoodCopy(under.context, {
      name,
      read: () => Promise.resolve([1, 2]),
      lastGood: () => Promise.reject(new Error("The copy was read.")),
    });
    expect(await fresh).toEqual({ body: [1, 2], fetchedAt: at(5) });
    expect(under.logged).toEqual([]);
  });

  it.each([
    { what: "down", error: down },
    { what: "malformed", error: malformed },
  ])(
    "that is $what is stood in for by its last good copy, with its age, and a warning",
    async ({ error }) => {
      const under = await stepUnderTest();
      under.pass(3660);
      expect(await read(under, error, good)).toEqual(good);
      expect(under.logged).toEqual([
        {
          message: `${name} could not be read, using the copy of ${at(60)}`,
          keys: { feed: name, error: error.name },
        },
      ]);
    },
  );

  it("that was never read fails with its own error", async () => {
    const under = await stepUnderTest();
    await expect(read(under, down)).rejects.toBe(down);
  });

  it("is not used in place of a bug in our code", async () => {
    const under = await stepUnderTest();
    await expect(read(under, new TypeError("a bug"), good)).rejects.toThrow(TypeError);
  });
});
