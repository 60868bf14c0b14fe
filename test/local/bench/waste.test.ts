import { describe, expect, it } from "@jest/globals";
import { measureWaste } from "../../../local/bench/waste.ts";
import { wasteReport } from "../../../local/bench/waste-report.ts";

describe("the bench of the waste scanner", () => {
  it("counts pages of lists and look-ups of candidates, and sets them beside their aims", async () => {
    const figures = await measureWaste(500);
    expect(figures.candidates).toBeGreaterThan(50);
    expect(figures.lookUps).toBeGreaterThan(0);
    expect(figures.meets).toEqual({ pages: true, lookUps: true });
    expect(wasteReport(figures)).toContain("pass");
  }, 60_000);
});
