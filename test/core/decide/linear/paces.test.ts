import { describe, expect, it } from "@jest/globals";
import { finalChecks } from "../../../../core/decide/linear/paces.ts";

describe("the first look at the checks of a replacement on its final root", () => {
  const startedAt = "2026-03-02T09:00:00.000Z";

  it("comes when nine tenths of what they surely took after its launch have passed", () => {
    // Found passed after 180 s, and still open 30 s before that.
    const phases = [
      { name: "await-healthy", startedAt, endedAt: "2026-03-02T09:03:00.000Z", summary: "" },
    ];
    expect(finalChecks({ phases }).firstSeconds).toBe(135);
  });

  it.each([
    {
      what: "that took no time",
      phases: [{ name: "await-healthy", startedAt, endedAt: startedAt, summary: "" }],
    },
    { what: "that has not ended", phases: [{ name: "await-healthy", startedAt, summary: "" }] },
    { what: "that is not recorded", phases: [] },
  ])("comes at once after a wait $what", ({ phases }) => {
    expect(finalChecks({ phases }).firstSeconds).toBe(0);
  });
});
