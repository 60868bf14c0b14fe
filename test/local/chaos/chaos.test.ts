import { describe, expect, it } from "@jest/globals";
import { runCase } from "../../../local/chaos/case.ts";

/** About a tenth of a second each. */
const cases = 100;

describe("random cases", () => {
  it("are the same again by their seed and number", async () => {
    const name = { seed: 7, number: 3 };
    expect(await runCase(name)).toEqual(await runCase(name));
  });

  it("break no promise, whatever comes together", async () => {
    const broken = [];
    const endings = new Set<string>();
    for (let number = 1; number <= cases; number += 1) {
      const result = await runCase({ seed: 1, number });
      endings.add(result.status);
      if (result.violations.length > 0) broken.push(result);
    }
    expect(broken).toEqual([]);
    // They lead somewhere else, too, than to the end that was planned.
    expect([...endings]).toEqual(expect.arrayContaining(["SWITCHED", "ROLLED_BACK"]));
  }, 120_000);
});
