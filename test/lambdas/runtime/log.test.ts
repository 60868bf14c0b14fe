import { expect, it, jest } from "@jest/globals";
import { lambdaLog } from "../../../lambdas/runtime/log.ts";

it.each(["info", "warn", "error"] as const)(
  "%s writes one object of that level, with the ids of the function and of the line",
  (level) => {
    const written = jest.spyOn(console, level).mockImplementation(() => undefined);
    try {
      lambdaLog({ service: "launch", evaluationId: "evl-1" })[level]("launch done", { step: "x" });
      expect(written.mock.calls).toEqual([
        [{ service: "launch", evaluationId: "evl-1", step: "x", message: "launch done" }],
      ]);
    } finally {
      written.mockRestore();
    }
  },
);
