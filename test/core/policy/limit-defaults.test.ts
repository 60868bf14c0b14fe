import { describe, expect, it } from "@jest/globals";
import { defaultsOfLimit } from "../../../core/policy/limit-defaults.ts";
import { effectivePolicy, limitKeys, modesOf } from "../../../core/policy/policy.ts";

describe("the defaults of a limit", () => {
  it.each([
    ["maxPricePercent", [{ modes: ["LINEAR", "CLUSTER", "KUBERNETES"], value: 100 }]],
    [
      "maxRisk",
      [
        { modes: ["LINEAR"], value: 0.3 },
        { modes: ["CLUSTER", "KUBERNETES"], value: 1 },
      ],
    ],
    ["consistency", [{ modes: ["LINEAR"], value: "stop-and-image" }]],
    ["maxPoolSharePercent", [{ modes: ["CLUSTER", "KUBERNETES"], value: 100 }]],
  ] as const)("%s are given with their modes", (key, shown) => {
    expect(defaultsOfLimit(key)).toEqual(shown);
  });

  it.each(limitKeys())("%s are those of the effective policy, in each mode that has it", (key) => {
    const shown = defaultsOfLimit(key).flatMap(({ modes, value }) =>
      modes.map((mode) => ({ mode, value })),
    );
    expect(shown).toEqual(
      modesOf(key).map((mode) => ({ mode, value: effectivePolicy(mode)[key] })),
    );
  });
});
