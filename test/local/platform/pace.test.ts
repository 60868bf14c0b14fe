import { describe, expect, it } from "@jest/globals";
import { tellPace } from "../../../local/platform/pace.ts";

describe("a machine that can't hold the speed", () => {
  it("is told of once, and once more when it holds it again", () => {
    const told: string[] = [];
    const hear = tellPace(1000, (sentence) => told.push(sentence));
    for (const held of [1000, 850, 414.2, 300, 900, 960, 1000]) hear(held);
    expect(told).toEqual([
      "This machine holds a speed of some 414, not 1000: simulated time passes more slowly.",
      "It holds a speed of 1000 again.",
    ]);
  });
});
