import { describe, expect, it } from "@jest/globals";
import { banHours, isBanned, rememberedHours } from "../../../core/risk/quarantine.ts";

describe("a ban", () => {
  const rule = { mode: "ban", hours: 24 } as const;

  it("keeps out of a pool for its hours after a loss, to the hour", () => {
    expect(isBanned(0, rule)).toBe(true);
    expect(isBanned(23.9, rule)).toBe(true);
    expect(isBanned(24, rule)).toBe(false);
    expect(isBanned(undefined, rule)).toBe(false);
    expect(banHours(rule)).toBe(24);
  });

  it("leaves the memory of the risk model as it is", () => {
    expect(rememberedHours(rule)).toBe(168);
  });
});

describe("decay", () => {
  it("bans nobody, and forgets after its hours, at most a week", () => {
    const rule = { mode: "decay", hours: 12 } as const;
    expect(isBanned(0, rule)).toBe(false);
    expect(banHours(rule)).toBe(0);
    expect(rememberedHours(rule)).toBe(12);
    expect(rememberedHours({ mode: "decay", hours: 720 })).toBe(168);
  });
});
