import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { policySchema } from "../../../core/policy/policy.ts";
import { snakeName } from "../../../core/snake-name.ts";
import { camelKeys, camelName, snakeKeys } from "../../../lambdas/api/letter-case.ts";

describe("letter case", () => {
  it("converts keys at every depth and leaves values alone", () => {
    expect(
      snakeKeys({
        spotHourlyUsd: 1,
        offers: [{ zoneId: "fixZone" }],
        none: null,
        maybe: undefined,
      }),
    ).toEqual({ spot_hourly_usd: 1, offers: [{ zone_id: "fixZone" }], none: null });
  });

  it("leaves the keys of maps alone, because these are data", () => {
    const tags = { costCenter: "a_b", "spot-optimizer:target": "x" };
    expect(snakeKeys({ tags })).toEqual({ tags });
    expect(camelKeys({ tags: { cost_center: "x" } })).toEqual({ tags: { cost_center: "x" } });
  });

  it.each(Object.keys(policySchema().shape))("brings the limit %s there and back", (name) => {
    expect(camelName(snakeName(name))).toBe(name);
    expect(snakeName(name)).toMatch(/^[a-z0-9]+(_[a-z0-9]+)*$/);
  });

  it("brings any document there and back", () => {
    const key = fc.stringMatching(/^[a-z]+([A-Z][a-z]+){0,3}$/).filter((name) => name !== "tags");
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { depthSize: "small" },
        fc.string(),
        fc.integer(),
        fc.array(tie("tree"), { maxLength: 3 }),
        fc.dictionary(key, tie("tree"), { maxKeys: 4 }),
      ),
    }));
    fc.assert(
      fc.property(tree, (value) => {
        expect(camelKeys(snakeKeys(value))).toEqual(value);
      }),
    );
  });
});
