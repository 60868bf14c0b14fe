import { describe, expect, it } from "@jest/globals";
import { filterCandidates } from "../../../../core/decide/offers/candidates.ts";
import { chooseOffers } from "../../../../core/decide/offers/choice.ts";
import { needOfInstance } from "../../../../core/decide/linear/need.ts";
import type { JudgeInput } from "../../../../core/decide/offers/judge.ts";
import { judgeLinear } from "../../../../core/decide/linear/verdict.ts";
import { refusal } from "../../../../core/decide/switch/objection.ts";
import { currentJudgementVersion } from "../../../../core/model/judgement-version.ts";
import { estimateRisks } from "../../../../core/risk/predict.ts";
import { findModel } from "../../../../core/risk/registry.ts";
import { observedAt } from "../offers/choice-samples.ts";
import {
  labAccount,
  linearTarget,
  m5Large,
  openMarket,
  openPolicy,
  plainInstance,
} from "./eligible-facts.ts";

const policyVersion = "pol-0123456789ab";
const model = findModel();
const policy = openPolicy();

const facts = { observedAt, instance: plainInstance, originalType: m5Large, market: openMarket };

const judge = (change: Partial<JudgeInput<"LINEAR">> = {}) =>
  judgeLinear({
    account: labAccount,
    target: linearTarget,
    facts,
    policy,
    policyVersion,
    model,
    judgementVersion: currentJudgementVersion,
    isAskedFor: true,
    ...change,
  });

describe("judgeLinear", () => {
  it("gives, byte for byte, what the steps give one by one", () => {
    const need = needOfInstance(plainInstance, policy, openMarket.subnets);
    const candidates = filterCandidates({ need, market: openMarket, policy });
    const offers = estimateRisks({ candidates, market: openMarket, policy, model });
    const lastSwitchAt = "2025-02-01T00:00:00.000Z";
    const piecewise = chooseOffers({
      need,
      market: openMarket,
      policy,
      policyVersion,
      offers,
      modelVersion: model.version,
      judgementVersion: currentJudgementVersion,
      lastSwitchAt,
    });
    const whole = judge({ lastSwitchAt });
    expect(JSON.stringify(whole)).toBe(JSON.stringify(piecewise));
    expect(whole.verdict).toMatchObject({ kind: "SWITCH", reason: "SAVINGS_WORTH_THE_RISK" });
    expect(whole.verdict.offers.map((pool) => `${pool.instanceType} ${pool.zoneId}`)).toEqual([
      "m5.large use1-az1",
      "m5.large use1-az4",
      "r5.large use1-az1",
      "r5.large use1-az4",
    ]);
  });

  it("refuses an ineligible instance at the time of its facts, without looking at the market", () => {
    const instance = { ...plainInstance, lifecycle: "spot" };
    const { verdict, offers } = judge({ facts: { observedAt, instance, originalType: m5Large } });
    expect(verdict).toMatchObject({
      kind: "REFUSE",
      reason: "ALREADY_SPOT",
      judgedAt: observedAt,
      modelVersion: model.version,
      policyVersion,
    });
    expect(offers).toEqual([]);
  });

  it("refuses an instance that EC2 does not show", () => {
    expect(judge({ facts: { observedAt } }).verdict).toMatchObject({
      kind: "REFUSE",
      reason: "INSTANCE_NOT_FOUND",
    });
  });

  it("gives no verdict on an eligible instance without market facts", () => {
    expect(() =>
      judge({ facts: { observedAt, instance: plainInstance, originalType: m5Large } }),
    ).toThrow(expect.objectContaining({ name: "BrokenFacts", resource: plainInstance.instanceId }));
  });

  it("stays within the dwell time", () => {
    expect(judge({ lastSwitchAt: observedAt }).verdict).toMatchObject({
      kind: "STAY",
      reason: "WITHIN_DWELL_TIME",
    });
  });
});

describe("refusal", () => {
  const objection = { code: "ALREADY_SPOT", sentence: "It is Spot already." } as const;
  const base = {
    modelVersion: "hazard-1",
    judgementVersion: currentJudgementVersion,
    policyVersion,
    judgedAt: observedAt,
  };

  it("gives the first objection as reason, and names the others", () => {
    const others = [
      { code: "STOP_PROTECTED", sentence: "It is protected." },
      { code: "ENCLAVE_ENABLED", sentence: "It has an enclave." },
    ] as const;
    expect(refusal({ ...base, objections: [objection, ...others] })).toEqual({
      ...base,
      kind: "REFUSE",
      reason: "ALREADY_SPOT",
      sentence: "It is Spot already. Also: STOP_PROTECTED, ENCLAVE_ENABLED.",
      offers: [],
    });
    expect(refusal({ ...base, objections: [objection] }).sentence).toBe("It is Spot already.");
  });

  it("needs a objection", () => {
    expect(() => refusal({ ...base, objections: [] })).toThrow(
      expect.objectContaining({ name: "BrokenInput" }),
    );
  });
});
