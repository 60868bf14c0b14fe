import { describe, expect, it } from "@jest/globals";
import { recycleBinRules } from "../../../lambdas/api/recycle-bin.ts";
import type { StorageControl } from "../../../local/cloud/ec2/control-storage.ts";
import { applyBins } from "../../../local/platform/customer-bins.ts";

const place = { accountId: "444455556666", region: "us-east-1" };
const other = { Type: "AWS::SQS::Queue" };

const rulesWith = (isChosen: boolean) => {
  const rules: Parameters<StorageControl["addBinRule"]>[] = [];
  applyBins(
    {
      addBinRule: (...rule) => {
        rules.push(rule);
      },
    },
    {
      ...place,
      resources: { Queue: other, ...recycleBinRules("AllowsWaste") },
      holds: (condition) => condition === "AllowsWaste" && isChosen,
    },
  );
  return rules;
};

describe("the rules of the Recycle Bin in a customer's template", () => {
  it("keep what carries our tag, where the part is chosen", () => {
    const tag = { key: "spot-optimizer:recycle-bin", value: "keep" };
    expect(rulesWith(true)).toEqual([
      [place, { kind: "volume", tag, days: 7 }],
      [place, { kind: "snapshot", tag, days: 30 }],
      [place, { kind: "image", tag, days: 30 }],
    ]);
  });

  it("are not made where it is left out", () => {
    expect(rulesWith(false)).toEqual([]);
  });
});
