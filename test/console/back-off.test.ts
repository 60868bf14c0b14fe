/** After failures the page waits longer each time, up to a minute, and never less than half of the step. */
import { expect, it } from "@jest/globals";
import { backOffMs } from "../../console/api/back-off.ts";

it("doubles from two seconds to a minute, with jitter", () => {
  const steps = [1, 2, 3, 4, 5, 6, 30];
  expect(steps.map((failures) => backOffMs(failures, 1))).toEqual([
    2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000,
  ]);
  expect(steps.map((failures) => backOffMs(failures, 0))).toEqual([
    1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000,
  ]);
});
