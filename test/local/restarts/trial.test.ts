import { describe, expect, it } from "@jest/globals";
import { runTrial } from "../../../local/restarts/trial.ts";

describe("a world that is killed at random moments", () => {
  it("is the same after each restart: ids, states and times", async () => {
    const { broken, restarts, replayed } = await runTrial({ seed: 2, restarts: 8 });
    expect(broken).toEqual([]);
    expect(restarts).toBe(8);
    expect(replayed).toBeGreaterThan(0);
  }, 120_000);
});
