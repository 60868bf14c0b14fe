import { describe, expect, it } from "@jest/globals";
import { judgeFiles, type Files } from "./judged-files.ts";

/** One file that imports another. */
const importing = (from: string, to: string): Files => ({
  [to]: "export const two = 2;\n",
  [from]: `import { two } from "${"../".repeat(from.split("/").length - 1)}${to}";\nexport const one = two;\n`,
});

const refused = [
  ["core/ledger/terms.ts", "local/cloud/billing/rounding.ts", "rounding-of-the-bill"],
  ["lambdas/ledger/day/step.ts", "local/cloud/billing/prices.ts", "rounding-of-the-bill"],
  ["local/lab/ledger.ts", "local/cloud/billing/instance-runs.ts", "rounding-of-the-bill"],
  ["local/cloud/billing/service.ts", "core/ledger/money.ts", "bill-without-ledger"],
  ["local/cloud/billing/meter.ts", "core/model/ledger/terms.ts", "bill-without-ledger"],
] as const;

const allowed = [
  ["local/platform/platform.ts", "local/cloud/billing/service.ts"],
  ["local/cloud/billing/meter.ts", "local/cloud/ec2/metered.ts"],
] as const;

const { broken, cruised } = judgeFiles(
  [...refused, ...allowed].map(([from, to]) => importing(from, to)),
);

describe("the simulated bill and the savings ledger", () => {
  it.each(refused.map((each, index) => [...each, index] as const))(
    "don't count alike: %s does not import %s",
    (_from, _to, rule, index) => {
      expect(broken[index]).toContain(rule);
    },
  );

  it.each(allowed.map((each, index) => [...each, refused.length + index] as const))(
    "may be asked for what it says: %s imports %s",
    (_from, _to, index) => {
      expect(cruised).toBe("14 modules, 7 dependencies");
      expect(broken[index]).toEqual([]);
    },
  );
});
