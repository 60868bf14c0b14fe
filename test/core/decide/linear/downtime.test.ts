import { describe, expect, it } from "@jest/globals";
import { downtimeSeconds } from "../../../../core/decide/linear/downtime.ts";

const frozenAt = "2025-03-01T12:00:00.000Z";
const servingAt = "2025-03-01T12:03:20.500Z";

describe("downtime", () => {
  it.each([
    ["lasts from the freeze to the proof", { frozenAt, servingAt }, 200.5],
    [
      "is nothing when the replacement served before",
      { frozenAt: servingAt, servingAt: frozenAt },
      0,
    ],
    ["is not stated when nothing was frozen", { servingAt }, undefined],
    ["is not stated while nothing serves", { frozenAt }, undefined],
    ["is not stated when nothing happened", {}, undefined],
  ])("%s", (_, progress, seconds) => {
    expect(downtimeSeconds(progress)).toBe(seconds);
  });
});
