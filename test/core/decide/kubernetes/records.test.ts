/** Verdicts on nodes that earlier releases have stored: judged again by the rules of their own time they are the same, byte for byte. */
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "@jest/globals";
import { canonicalJson } from "../../../../core/canonical.ts";
import { judgeKubernetes } from "../../../../core/decide/kubernetes/verdict.ts";
import type { FactsOn } from "../../../../core/model/evaluation.ts";
import type { Account } from "../../../../core/model/account.ts";
import { judgementVersionOf } from "../../../../core/model/judgement-version.ts";
import type { Offer } from "../../../../core/model/offer.ts";
import type { TargetOf } from "../../../../core/model/target.ts";
import type { Verdict } from "../../../../core/model/verdict.ts";
import type { Policy } from "../../../../core/policy/policy.ts";
import { findModel } from "../../../../core/risk/registry.ts";

interface StoredRecord {
  readonly policy: Policy;
  readonly policyVersion: string;
  readonly modelVersion: string;
  readonly registered: { readonly account: Account; readonly target: TargetOf<"KUBERNETES"> };
  readonly facts: FactsOn<"KUBERNETES">;
  readonly verdict: Verdict;
  readonly offers: readonly Offer[];
}

const folder = "test/core/decide/kubernetes/records";

/** What the evaluation's own release has written. */
const readRecord = (file: string): StoredRecord =>
  JSON.parse(readFileSync(`${folder}/${file}`, "utf8")) as StoredRecord;

const again = (record: StoredRecord, version = judgementVersionOf(record.verdict)) =>
  judgeKubernetes({
    ...record.registered,
    facts: record.facts,
    policy: record.policy,
    policyVersion: record.policyVersion,
    model: findModel(record.modelVersion),
    judgementVersion: version,
    isAskedFor: true,
  });

describe("a stored verdict on nodes", () => {
  it.each(readdirSync(folder))("of %s is given again, byte for byte", (file) => {
    const record = readRecord(file);
    const { verdict, offers } = again(record);
    expect(canonicalJson(verdict)).toBe(canonicalJson(record.verdict));
    expect(canonicalJson(offers)).toBe(canonicalJson(record.offers));
  });

  it("of a version that told less would be told more today", () => {
    const record = readRecord("version-4.json");
    const { verdict } = again(record, 5);
    expect(verdict.sentence).not.toBe(record.verdict.sentence);
    expect(verdict.sentence).toContain("is a target of a load balancer by its address");
    expect(verdict.sentence).toContain("can be mounted in one zone alone");
  });
});
