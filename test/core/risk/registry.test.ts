import { describe, expect, it } from "@jest/globals";
import { defaultModelVersion, findModel, riskModels } from "../../../core/risk/registry.ts";

describe("findModel", () => {
  it("gives the default where none is named, and each model by its version", () => {
    expect(findModel().version).toBe(defaultModelVersion);
    for (const [version, model] of riskModels) {
      expect(findModel(version)).toBe(model);
      expect(model.version).toBe(version);
    }
  });

  it.each(["hazard-0", "", "__proto__"])("refuses the unknown version %j by name", (version) => {
    expect(() => findModel(version)).toThrow(
      expect.objectContaining({
        name: "BrokenInput",
        message: expect.stringContaining(defaultModelVersion),
      }),
    );
  });
});
