import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { spreadOverPools } from "../../../../core/decide/offers/spread.ts";

const spread = (held: Readonly<Record<string, number>>, instances: number) => ({
  instances,
  instancesIn: (pool: string) => held[pool] ?? 0,
});

describe("spreadOverPools", () => {
  it("prefers pools under the share, and keeps the order within each part", () => {
    const offers = ["a", "b", "c"];
    const limit = { maxPoolSharePercent: 50 };
    expect(spreadOverPools(offers, spread({ a: 2, b: 1 }, 4), limit)).toEqual(["b", "c", "a"]);
    expect(spreadOverPools(offers, spread({ a: 1, b: 2, c: 2 }, 4), limit)).toEqual([
      "a",
      "b",
      "c",
    ]);
  });

  it("changes nothing at a share of 100 percent", () => {
    const limit = { maxPoolSharePercent: 100 };
    expect(spreadOverPools(["a", "b"], spread({ a: 3 }, 4), limit)).toEqual(["a", "b"]);
  });

  it("lets each pool have one instance, however small the share", () => {
    const limit = { maxPoolSharePercent: 1 };
    expect(spreadOverPools(["a", "b"], spread({}, 1), limit)).toEqual(["a", "b"]);
    expect(spreadOverPools(["a", "b"], spread({ a: 1 }, 3), limit)).toEqual(["b", "a"]);
  });

  it("loses no offer and makes none up", () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(9), { maxLength: 8 }),
        fc.integer({ min: 1, max: 100 }),
        (held, maxPoolSharePercent) => {
          const offers = held.map((count, index) => ({ count, index }));
          const instances = Math.max(
            1,
            held.reduce((sum, count) => sum + count, 0),
          );
          const ordered = spreadOverPools(
            offers,
            { instances, instancesIn: ({ count }) => count },
            { maxPoolSharePercent },
          );
          expect([...ordered].sort((one, other) => one.index - other.index)).toEqual(offers);
        },
      ),
    );
  });
});
