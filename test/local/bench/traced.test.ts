import { describe, expect, it } from "@jest/globals";
import { holdsOnTrace, measureTraced } from "../../../local/bench/interruptions/traced.ts";
import { tracedReport } from "../../../local/bench/interruptions/traced-report.ts";

const zones = 5;
const ticks = 18;

/** Each zone for an hour, one after the other: whatever the two stand in, it goes. */
const byTurns = Array.from({ length: zones }, (_, zone) =>
  Int32Array.from({ length: ticks }, (_tick, tick) => (Math.floor(tick / 6) === zone ? 10 : 0)),
);

const recording = {
  name: "by turns",
  gapSeconds: 600,
  ticks,
  capacity: byTurns,
};

describe("instances on a recorded trace", () => {
  it("are taken as it says, are served again each time, and stand on Spot as long as it holds them", async () => {
    const traced = await measureTraced(recording, { seed: 1, hours: 48, sites: 2 });
    expect(traced).toMatchObject({ name: "by turns", hours: 3, eventsLost: 0, unserved: 0 });
    expect(traced.interruptions).toBeGreaterThanOrEqual(2);
    expect(traced.available).toBeGreaterThan(0.97);
    expect(traced.onSpot).toBeGreaterThan(0);
    expect(traced.onSpot).toBeLessThan(1);
    expect(holdsOnTrace(traced)).toBe(true);
    expect(holdsOnTrace({ ...traced, unserved: 1 })).toBe(false);
    expect(holdsOnTrace({ ...traced, eventsLost: 1 })).toBe(false);
    expect(tracedReport([traced])).toMatch(/^by turns +2 +3 /m);
  });
});
