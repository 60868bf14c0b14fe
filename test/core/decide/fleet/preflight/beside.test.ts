import { describe, expect, it } from "@jest/globals";
import { besideVerdict } from "../../../../../core/decide/fleet/preflight/beside.ts";
import { effectivePolicy, type Policy } from "../../../../../core/policy/policy.ts";

describe("what becomes of a single instance once EC2 takes it back", () => {
  const later = (consistency: Policy["consistency"]): string =>
    besideVerdict(
      { pipelineMode: "LINEAR" },
      {} as Parameters<typeof besideVerdict>[1],
      effectivePolicy("LINEAR", { consistency }),
    ).later.join();

  it("without data it is down for what its replacement needs beyond the notice", () => {
    expect(later("stateless")).toMatch(/launched at once: where that needs longer/);
  });

  it.each(["stop-and-image", "move-volumes"] as const)(
    "with data for minutes: %s",
    (consistency) => {
      expect(later(consistency)).toMatch(
        /until the old instance has ended .* three to four minutes/,
      );
    },
  );
});
