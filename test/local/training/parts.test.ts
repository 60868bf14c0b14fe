import { describe, expect, it } from "@jest/globals";
import { partAt } from "../../../local/training/parts.ts";

describe("the parts of a trace", () => {
  it.each([
    [0, "fit"],
    [49, "fit"],
    [49.5, undefined],
    [50, "choose"],
    [69, "choose"],
    [69.5, undefined],
    [70, "report"],
    [99, "report"],
    [99.5, undefined],
  ])("of 100 hours: hour %d is %s", (hour, part) => {
    expect(partAt(hour * 3600, 100 * 3600)).toBe(part);
  });
});
