import { describe, expect, it } from "@jest/globals";
import { judgeModelUse } from "../../../../core/decide/models/model-assignment.ts";

describe("judgeModelUse", () => {
  it.each([
    ["graduated", "LAB", "ALLOWED"],
    ["graduated", "PROD", "ALLOWED"],
    ["candidate", "LAB", "ALLOWED"],
    ["candidate", "PROD", "REFUSED"],
    ["archived", "LAB", "REFUSED"],
    ["archived", "PROD", "REFUSED"],
    ["unknown", "LAB", "REFUSED"],
    ["unknown", "PROD", "REFUSED"],
  ] as const)("a model that is %s, in a %s account: %s", (status, environment, kind) => {
    const use = judgeModelUse({ version: "streak-3", status }, environment);
    expect(use.kind).toBe(kind);
    if (use.kind === "REFUSED") {
      expect(use.sentence).toContain("streak-3");
      expect(use.nextStep).toContain("assign another model");
    }
  });
});
