import { beforeEach, describe, expect, it } from "@jest/globals";
import { readModelStanding, requireAllowed } from "../../../lambdas/judge/model-standing.ts";
import { logisticSample } from "../../core/risk/model-samples.ts";
import { apiUnderTest, type ApiUnderTest } from "../api/api-under-test.ts";

describe("readModelStanding", () => {
  let api: ApiUnderTest;
  beforeEach(async () => {
    api = apiUnderTest();
    await api.send("POST", "/models", logisticSample);
  });

  it.each([
    ["hazard-1", "graduated"],
    ["logistic-7", "candidate"],
    ["streak-9", "unknown"],
    ["__proto__", "unknown"],
  ])("says of %s that it is %s", async (version, status) => {
    expect(await readModelStanding(api.table, version)).toEqual({ version, status });
  });
});

describe("requireAllowed", () => {
  it("passes what may judge, and throws by name for what may not", () => {
    const standing = { version: "logistic-7", status: "candidate" } as const;
    expect(() => {
      requireAllowed(standing, "LAB");
    }).not.toThrow();
    expect(() => {
      requireAllowed(standing, "PROD");
    }).toThrow(
      expect.objectContaining({
        name: "BrokenModel",
        code: "MODEL_NOT_ALLOWED",
        resource: "logistic-7",
      }),
    );
  });
});
