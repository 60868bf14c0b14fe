import { describe, expect, it } from "@jest/globals";
import { judgeOf } from "../../../core/decide/judges.ts";
import { judgeLinear } from "../../../core/decide/linear/verdict.ts";
import { currentJudgementVersion } from "../../../core/model/judgement-version.ts";
import { everyMode } from "../../../core/policy/limit.ts";
import { findModel } from "../../../core/risk/registry.ts";
import {
  labAccount,
  linearTarget,
  m5Large,
  openMarket,
  openPolicy,
  plainInstance,
} from "./linear/eligible-facts.ts";
import { observedAt, sampleMarket } from "./offers/choice-samples.ts";

describe("the judge of LINEAR", () => {
  const policy = openPolicy();

  it("judges as judgeLinear does", () => {
    const input = {
      account: labAccount,
      target: linearTarget,
      facts: { observedAt, instance: plainInstance, originalType: m5Large, market: openMarket },
      policy,
      policyVersion: "pol-0123456789ab",
      model: findModel(),
      judgementVersion: currentJudgementVersion,
      isAskedFor: true,
    };
    expect(judgeOf("LINEAR").judge(input)).toEqual(judgeLinear(input));
  });

  it("states the need of the instance, which stands On-Demand", () => {
    const facts = { observedAt, instance: plainInstance, market: openMarket };
    expect(judgeOf("LINEAR").needOf(facts, policy)).toMatchObject({
      instanceType: plainInstance.instanceType,
      subnetIds: ["subnet-1", "subnet-2"],
      standing: { kind: "ON_DEMAND" },
    });
    const elsewhere = { observedAt, instance: plainInstance, market: sampleMarket };
    expect(judgeOf("LINEAR").needOf(elsewhere, policy).subnetIds).toEqual([]);
  });

  it("looks at the market of what the instance runs, in its VPC", () => {
    expect(judgeOf("LINEAR").whereaboutsOf({ observedAt, instance: plainInstance })).toEqual({
      product: plainInstance.platformDetails,
      vpcId: plainInstance.vpcId,
      instanceType: plainInstance.instanceType,
    });
  });

  it("goes no further without the instance", () => {
    const missing = expect.objectContaining({ name: "BrokenFacts" }) as unknown as Error;
    expect(() => judgeOf("LINEAR").whereaboutsOf({ observedAt })).toThrow(missing);
    expect(() => judgeOf("LINEAR").needOf({ observedAt, market: openMarket }, policy)).toThrow(
      missing,
    );
  });
});

it.each(everyMode)("knows a judge of %s", (mode) => {
  expect(judgeOf(mode)).toHaveProperty("judge");
});
