import { describe, expect, it } from "@jest/globals";
import { SpotOptimizerError } from "../../../core/errors.ts";
import { feedWithLastGoodCopy } from "../../../lambdas/judge/last-good-copy.ts";
import { at } from "../../adapters/store/examples.ts";
import { stepUnderTest, type StepUnderTest } from "../evaluation/step-under-test.ts";

const name = "advisor#us-east-1#Linux";
const down = new SpotOptimizerError("RetryableUnavailable", "The feed does not answer.");
const taken = new SpotOptimizerError("RetryableContention", "Somebody else wrote it.");
const malformed = new SpotOptimizerError("BrokenFacts", "ranges: is missing.");

const read = (under: StepUnderTest, body: unknown) =>
  feedWithLastGoodCopy(under.context, name, () =>
    body instanceof Error ? Promise.reject(body) : Promise.resolve(body),
  );

describe("a feed", () => {
  it("is as fresh as it was read", async () => {
    const under = await stepUnderTest();
    under.pass(5);
    expect(await read(under, [1, 2])).toEqual({ body: [1, 2], fetchedAt: at(5) });
    expect(under.logged).toEqual([]);
  });

  it.each([
    { what: "down", error: down },
    { what: "malformed", error: malformed },
  ])(
    "that is $what is stood in for by its last good copy, with its age, and a warning",
    async ({ error }) => {
      const under = await stepUnderTest();
      await read(under, "old");
      under.pass(60);
      await read(under, "good");
      under.pass(3600);
      expect(await read(under, error)).toEqual({ body: "good", fetchedAt: at(60) });
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

  it("that was read is used, although keeping it met a conflict", async () => {
    const under = await stepUnderTest();
    await read(under, "good");
    under.pass(60);
    const table = { ...under.context.table, put: () => Promise.reject(taken) };
    const context = { ...under.context, table };
    const fresh = await feedWithLastGoodCopy(context, name, () => Promise.resolve("fresh"));
    expect(fresh).toEqual({ body: "fresh", fetchedAt: at(60) });
    expect(under.logged).toEqual([
      {
        message: `${name} could not be kept; what was read is used`,
        keys: { feed: name, error: "RetryableContention" },
      },
    ]);
  });

  it("is not used in place of a bug in our code", async () => {
    const under = await stepUnderTest();
    await read(under, "good");
    await expect(read(under, new TypeError("a bug"))).rejects.toThrow(TypeError);
  });

  it("does not stand in for another one", async () => {
    const under = await stepUnderTest();
    await read(under, "good");
    await expect(
      feedWithLastGoodCopy(under.context, "advisor#eu-west-1#Linux", () => Promise.reject(down)),
    ).rejects.toBe(down);
  });
});
