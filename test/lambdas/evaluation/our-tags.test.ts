import { expect, it } from "@jest/globals";
import { ourTags } from "../../../lambdas/evaluation/our-tags.ts";
import { evaluation } from "../../adapters/store/examples.ts";

it("names evaluation, target and deployment on everything that we create", () => {
  expect(ourTags(evaluation(1))).toEqual({
    ManagedBy: "SpotOptimizer",
    "spot-optimizer:evaluation": "evl-000000000001",
    "spot-optimizer:target": "tgt-000000000001",
    "spot-optimizer:deployment": "dpl-0123456789",
  });
});
