import { beforeEach, describe, expect, it } from "@jest/globals";
import {
  appendEffect,
  createEvaluation,
  saveOffers,
  updateEvaluation,
} from "../../../adapters/store/evaluations.ts";
import { canonicalJson } from "../../../core/canonical.ts";
import { judgeLinear } from "../../../core/decide/linear/verdict.ts";
import type { EvaluationFacts, LinearEvaluation } from "../../../core/model/evaluation.ts";
import {
  currentJudgementVersion,
  type JudgementVersion,
} from "../../../core/model/judgement-version.ts";
import { instanceSubject } from "../../../core/model/subject.ts";
import { onlySwapId } from "../../../core/model/swap.ts";
import { updateSwap } from "../../../adapters/store/swaps.ts";
import {
  approvalIdSchema,
  deploymentIdSchema,
  evaluationIdSchema,
} from "../../../core/model/ids.ts";
import type { Policy } from "../../../core/policy/policy.ts";
import { findModel } from "../../../core/risk/registry.ts";
import {
  evaluationPageSchema,
  evaluationSchema,
  type EvaluationJson,
  type UndocumentedField,
} from "../../../lambdas/api/schemas/evaluations.ts";
import type { ReplayJson } from "../../../lambdas/api/schemas/replay.ts";
import { snakeKeys } from "../../../lambdas/api/letter-case.ts";
import { policyVersionOf } from "../../../lambdas/evaluation/new-record.ts";
import { saveJudgedFacts } from "../../adapters/store/judged-facts.ts";
import { observedAt } from "../../core/decide/offers/choice-samples.ts";
import {
  labAccount,
  linearTarget,
  m5Large,
  openMarket,
  openPolicy,
  plainInstance,
} from "../../core/decide/linear/eligible-facts.ts";
import { apiUnderTest, type ApiUnderTest } from "./api-under-test.ts";

const evaluationId = evaluationIdSchema.parse("evl-0123456789");

const facts: EvaluationFacts<"LINEAR"> = {
  observedAt,
  instance: plainInstance,
  originalType: m5Large,
  market: openMarket,
};

const judged = (
  policy: Policy,
  using: EvaluationFacts<"LINEAR"> = facts,
  judgementVersion: JudgementVersion = currentJudgementVersion,
) =>
  judgeLinear({
    account: labAccount,
    target: linearTarget,
    facts: using,
    policy,
    policyVersion: policyVersionOf(policy),
    model: findModel(),
    judgementVersion,
    isAskedFor: true,
  });

const onDemandHourlyUsd =
  openMarket.onDemand.find(({ instanceType }) => instanceType === plainInstance.instanceType)
    ?.hourlyUsd ?? 0;

const { externalId: _withheld, ...account } = labAccount;

const recordOf = (policy: Policy, change: Partial<LinearEvaluation> = {}): LinearEvaluation => ({
  evaluationId,
  deploymentId: deploymentIdSchema.parse("dpl-0123456789"),
  targetId: linearTarget.targetId,
  accountId: linearTarget.accountId,
  environment: "LAB",
  region: "us-east-1",
  mode: "LINEAR",
  subject: instanceSubject(linearTarget),
  isShadowMode: true,
  status: "RUNNING",
  startedBy: "api",
  startedAt: observedAt,
  leases: [{ resource: "instance#1", fence: 7 }],
  policy,
  policyVersion: policyVersionOf(policy),
  modelVersion: findModel().version,
  registered: { account, target: linearTarget },
  phases: [
    {
      name: "check-eligibility",
      startedAt: "2025-03-01T12:00:00.000Z",
      endedAt: "2025-03-01T12:00:01.500Z",
      summary: "can be switched",
    },
    { name: "scrape", startedAt: "2025-03-01T12:00:02.000Z" },
  ],
  waits: {
    awaitHealthy: {
      beganAt: observedAt,
      deadline: observedAt,
      pace: { firstSeconds: 120, everySeconds: 15, mostSeconds: 60 },
    },
  },
  progress: {},
  version: 1,
  ...change,
});

describe("GET /evaluations/{id}", () => {
  let api: ApiUnderTest;
  const policy = openPolicy();
  beforeEach(async () => {
    api = apiUnderTest();
    const { verdict, offers } = judged(policy);
    await createEvaluation(api.table, recordOf(policy, { verdict, status: "SHADOWED" }));
    await saveJudgedFacts(api.table, evaluationId, facts);
    await saveOffers(api.table, evaluationId, offers);
    await appendEffect(api.table, evaluationId, {
      action: "RunInstances",
      resource: "i-1",
      at: observedAt,
      requestId: "req-1",
      outcome: "DONE",
    });
  });

  const show = async (query = ""): Promise<EvaluationJson> => {
    const answer = await api.send("GET", `/evaluations/${evaluationId}${query}`);
    expect(answer.status).toBe(200);
    return answer.body;
  };

  it("shows a record in which everything is filled in as the document says", async () => {
    const pool = {
      region: "us-east-1",
      zoneId: "use1-az4",
      instanceType: "m5.large",
      product: "x",
    };
    const bounds = {
      subject: linearTarget.instanceId,
      launchedAt: observedAt,
      poolKeys: ["us-east-1#use1-az4#m5.large#x"],
      maxHourlyUsd: 0.06,
      minSavingsPercent: 40,
      maxDowntimeMinutes: 9,
      changes: ["the public address 203.0.113.7"],
    };
    const failedOffer = {
      pool,
      kind: "NO_CAPACITY" as const,
      code: "InsufficientInstanceCapacity",
      at: observedAt,
    };
    await updateEvaluation(api.table, evaluationId, (record) => ({
      ...(record as LinearEvaluation),
      endedAt: observedAt,
      executionArn: "arn:aws:states:eu-central-1:111122223333:execution:linear:x",
      lastSwitchAt: observedAt,
      ...(record.verdict === undefined
        ? {}
        : { verdict: { ...record.verdict, unchecked: ["ROUTER_OR_NAT"] } }),
      authorization: {
        kind: "APPROVAL_REQUIRED",
        sentence: "A person must agree.",
        approval: { approvalId: approvalIdSchema.parse("apr-0123456789"), boundsHash: "hash" },
        bounds,
      },
      launchExhausted: "No capacity.",
      rollbackProblem: "The original is gone.",
      leftBehind: [{ kind: "volume", id: "vol-7", state: "available" }],
      outcome: {
        status: "NEEDS_OPERATOR",
        isHeld: true,
        reason: "REPLACEMENT_SERVES",
        sentence: "The replacement serves.",
      },
      estimatedSavings: { hourlyUsd: 1, monthlyUsd: 730, percent: 50 },
      failure: { error: "BrokenQuota", cause: "Limit." },
      downtimeSeconds: 12,
      progress: {
        warmImageId: "ami-1",
        finalImageId: "ami-2",
        rootTransfer: "relaunch",
        failedRelaunches: [failedOffer],
        frozenAt: observedAt,
        servedFrom: observedAt,
        servingAt: observedAt,
        replacementLostAt: observedAt,
        restoredAt: observedAt,
        writesNotReturned: { since: observedAt, volumeId: "vol-1" },
      },
      phases: [...record.phases, { name: "attach", round: 2, startedAt: observedAt }],
      waits: {
        "attach#2": {
          round: 2,
          beganAt: observedAt,
          deadline: observedAt,
          pace: { firstSeconds: 5, everySeconds: 5, mostSeconds: 10 },
        },
      },
    }));
    await updateSwap(api.table, {
      evaluationId,
      swapId: onlySwapId,
      change: () => ({
        swapId: onlySwapId,
        originalId: linearTarget.instanceId,
        stage: "JOINED",
        sentence: "It serves.",
        failed: [failedOffer],
        replacement: { instanceId: linearTarget.instanceId, pool },
        heldId: linearTarget.instanceId,
      }),
    });
    await appendEffect(api.table, evaluationId, {
      swapId: onlySwapId,
      action: "StopInstances",
      resource: "i-1",
      at: observedAt,
      requestId: "req-2",
      outcome: "REFUSED",
      message: "No.",
    });
    const nothingUndocumented: UndocumentedField extends never ? true : false = true;
    expect(nothingUndocumented).toBe(true);
    const shown = await show();
    expect(evaluationSchema.safeParse(shown).error).toBeUndefined();
    expect(shown.savings?.monthly_usd).toBe(730);
    expect(shown).toMatchObject({
      deployment_id: "dpl-0123456789",
      verdict: { unchecked: ["ROUTER_OR_NAT"] },
      authorization: { bounds: snakeKeys(bounds) },
      left_behind: [{ kind: "volume", id: "vol-7", state: "available" }],
      outcome: { status: "NEEDS_OPERATOR", is_held: true, reason: "REPLACEMENT_SERVES" },
      progress: {
        served_from: observedAt,
        writes_not_returned: { since: observedAt, volume_id: "vol-1" },
      },
      waits: [{ phase: "attach", round: 2, deadline: observedAt }],
    });
    const list = await api.send("GET", "/evaluations");
    expect(evaluationPageSchema.safeParse(list.body).error).toBeUndefined();
  });

  it("shows verdict and savings", async () => {
    const shown = await show();
    const { verdict } = judged(policy);
    expect(verdict.kind).toBe("SWITCH");
    expect(shown.verdict).toMatchObject({ kind: "SWITCH", sentence: verdict.sentence });
    expect(shown.savings?.monthly_usd).toBe(verdict.savings?.monthlyUsd);
  });

  it("shows every candidate with price, risk, and the reason if it was rejected", async () => {
    const { candidates } = await show();
    expect(candidates).toHaveLength(judged(policy).offers.length);
    const accepted = candidates.filter((candidate) => candidate.rejection === undefined);
    expect(accepted.length).toBeGreaterThan(0);
    for (const candidate of accepted) {
      expect(candidate.pool.zone_id).toMatch(/^use1-az/);
      expect(candidate.spot_hourly_usd).toBeGreaterThan(0);
      expect(candidate.risk?.probability).toBeGreaterThanOrEqual(0);
    }
  });

  it("shows the accepted candidates only, or none, if asked", async () => {
    const accepted = await show("?candidates=accepted");
    expect(accepted.candidates.every((one) => one.rejection === undefined)).toBe(true);
    expect((await show("?candidates=none")).candidates).toEqual([]);
  });

  it("shows phases with their duration, and effects with request ids", async () => {
    const shown = await show();
    expect(shown.phases).toMatchObject([{ seconds: 1.5 }, { name: "scrape" }]);
    expect(shown.phases[1]).not.toHaveProperty("seconds");
    expect(shown.effects).toEqual([
      {
        action: "RunInstances",
        resource: "i-1",
        at: observedAt,
        request_id: "req-1",
        outcome: "DONE",
      },
    ]);
  });

  it("leaves the names of phases in the waits as they are", async () => {
    expect((await show()).waits).toEqual([
      {
        phase: "awaitHealthy",
        began_at: observedAt,
        deadline: observedAt,
        first_seconds: 120,
        every_seconds: 15,
        most_seconds: 60,
      },
    ]);
  });

  it("names what it works on, by kind", async () => {
    const { account_id, region, instance_id } = {
      account_id: linearTarget.accountId,
      region: "us-east-1",
      instance_id: linearTarget.instanceId,
    };
    expect((await show()).subject).toEqual({ kind: "INSTANCE", account_id, region, instance_id });
  });

  it("shows the applied policy in snake_case, every limit of it", async () => {
    expect(Object.keys((await show()).policy)).toHaveLength(Object.keys(policy).length);
    expect((await show()).policy).toMatchObject({ min_savings_percent: 15 });
  });

  it("answers 404 for an unknown evaluation", async () => {
    expect((await api.send("GET", "/evaluations/evl-9999999999")).status).toBe(404);
  });
});

describe("GET /evaluations", () => {
  let api: ApiUnderTest;
  beforeEach(async () => {
    api = apiUnderTest();
    const policy = openPolicy();
    for (const day of ["1", "2", "3"]) {
      await createEvaluation(
        api.table,
        recordOf(policy, {
          evaluationId: evaluationIdSchema.parse(`evl-000000000${day}`),
          startedAt: `2025-03-0${day}T00:00:00.000Z`,
          status: day === "2" ? "STAYED" : "RUNNING",
        }),
      );
    }
  });

  const ids = async (query: string): Promise<readonly string[]> => {
    const answer = await api.send("GET", `/evaluations${query}`);
    expect(answer.status).toBe(200);
    const { items } = answer.body as { items: { evaluation_id: string }[] };
    return items.map((item) => item.evaluation_id.slice(-1));
  };

  it.each([
    ["", ["3", "2", "1"]],
    ["?status=STAYED", ["2"]],
    ["?status=SWITCHED", []],
    [`?target_id=${linearTarget.targetId}`, ["3", "2", "1"]],
    ["?target_id=tgt-9999999999", []],
    ["?from=2025-03-02T00:00:00Z", ["3", "2"]],
    ["?to=2025-03-02T00:00:00.000Z", ["2", "1"]],
    ["?from=2025-03-02T00:00:00Z&to=2025-03-02T23:00:00Z&status=STAYED", ["2"]],
  ])("with %j lists the fitting ones, newest first", async (query, expected) => {
    expect(await ids(query)).toEqual(expected);
  });

  it.each([
    ["status=DONE", "status"],
    ["from=yesterday", "from"],
    ["target_id=web", "target_id"],
    ["cursor=x", "cursor"],
  ])("answers 400 naming the parameter of ?%s", async (query, field) => {
    const answer = await api.send("GET", `/evaluations?${query}`);
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({ errors: [{ field }] });
  });

  it("gives each once over all pages", async () => {
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const query: string = cursor === undefined ? "?limit=1" : `?limit=1&cursor=${cursor}`;
      const answer = await api.send("GET", `/evaluations${query}`);
      const page = answer.body as { items: { evaluation_id: string }[]; cursor?: string };
      seen.push(...page.items.map((item) => item.evaluation_id.slice(-1)));
      cursor = page.cursor;
    } while (cursor !== undefined);
    expect(seen).toEqual(["3", "2", "1"]);
  });
});

describe("POST /evaluations/{id}/replay", () => {
  let api: ApiUnderTest;
  const policy = openPolicy();
  beforeEach(() => {
    api = apiUnderTest();
  });

  const store = async (
    using: EvaluationFacts<"LINEAR">,
    change: Partial<LinearEvaluation> = {},
  ): Promise<void> => {
    const { verdict, offers } = judged(policy, using);
    await createEvaluation(api.table, recordOf(policy, { verdict, ...change }));
    await saveJudgedFacts(api.table, evaluationId, using);
    if (using.market !== undefined) await saveOffers(api.table, evaluationId, offers);
  };
  const replay = async (body?: unknown): Promise<ReplayJson> => {
    const answer = await api.send("POST", `/evaluations/${evaluationId}/replay`, body);
    expect(answer.status).toBe(200);
    return answer.body;
  };

  it("gives the stored verdict and candidates again, byte for byte", async () => {
    await store(facts);
    const replayed = await replay();
    expect(replayed.identical).toBe(true);
    expect(replayed.differences).toEqual([]);
    expect(replayed.recomputed).toEqual(replayed.stored);
    expect(replayed.stored.candidates).toBeGreaterThan(0);
  });

  it("gives the verdict again of a record from before some limits were there", async () => {
    const { quarantine: _one, fallbackPercent: _two, maxPoolSharePercent: _three, ...old } = policy;
    const { verdict, offers } = judged(policy);
    const stored = { verdict: { ...verdict, policyVersion: "pol-earlier" }, offers };
    const record = recordOf(old as Policy, {
      verdict: stored.verdict,
      policyVersion: "pol-earlier",
    });
    await createEvaluation(api.table, record);
    await saveJudgedFacts(api.table, evaluationId, facts);
    await saveOffers(api.table, evaluationId, offers);
    const replayed = await replay();
    expect(replayed.identical).toBe(true);
    expect(replayed.recomputed.verdict.policy_version).toBe("pol-earlier");
  });

  it("judges a record by the rules that it was judged by, whatever the rules are now", async () => {
    const { verdict, offers } = judged(policy, facts, 1);
    await createEvaluation(api.table, recordOf(policy, { verdict }));
    await saveJudgedFacts(api.table, evaluationId, facts);
    await saveOffers(api.table, evaluationId, offers);
    const replayed = await replay();
    expect(replayed.identical).toBe(true);
    // As the first version wrote it: no word of a version, and probability ÷ horizon in each cost.
    expect(replayed.recomputed.verdict).not.toHaveProperty("judgement_version");
    for (const { spotHourlyUsd = 0, risk, expectedHourlyUsd } of offers) {
      if (risk === undefined) continue;
      const { interruptionCostHours, switchCostHours, dwellHours } = policy;
      const perHour = risk.probability / risk.horizonHours;
      const switching = (switchCostHours / Math.max(1, dwellHours)) * onDemandHourlyUsd;
      expect(expectedHourlyUsd).toBe(
        spotHourlyUsd + perHour * interruptionCostHours * onDemandHourlyUsd + switching,
      );
    }
    expect(canonicalJson(judged(policy).offers)).not.toBe(canonicalJson(offers));
  });

  it("gives a refusal without market facts again", async () => {
    await store({ observedAt, instance: { ...plainInstance, lifecycle: "spot" } });
    const replayed = await replay();
    expect(replayed.identical).toBe(true);
    expect(replayed.stored.verdict.kind).toBe("REFUSE");
  });

  it("does not depend on the account and the target as they are now", async () => {
    await store(facts);
    expect((await api.send("GET", `/accounts/${labAccount.accountId}`)).status).toBe(404);
    expect((await replay({})).identical).toBe(true);
  });

  it("shows what another policy would have changed, by path", async () => {
    await store(facts);
    const replayed = await replay({ policy_overrides: { min_savings_percent: 95 } });
    expect(replayed.identical).toBe(false);
    expect(replayed.stored.verdict.kind).toBe("SWITCH");
    expect(replayed.recomputed.verdict.kind).toBe("STAY");
    expect(replayed.recomputed.verdict.policy_version).not.toBe(
      replayed.stored.verdict.policy_version,
    );
    expect(replayed.differences).toContainEqual({
      path: "verdict.kind",
      stored: "SWITCH",
      recomputed: "STAY",
    });
  });

  it("notices a record that was tampered with", async () => {
    await store(facts);
    await updateEvaluation(api.table, evaluationId, (record) =>
      record.verdict === undefined
        ? record
        : { ...record, verdict: { ...record.verdict, sentence: "Trust me." } },
    );
    const replayed = await replay();
    expect(replayed.identical).toBe(false);
    expect(replayed.differences).toMatchObject([{ path: "verdict.sentence", stored: "Trust me." }]);
  });

  it.each([
    [{ model_version: "oracle-9" }, "model_version"],
    [{ policy_overrides: { max_risk: 7 } }, "policy_overrides.max_risk"],
    [
      { policy_overrides: { max_pool_share_percent: 50 } },
      "policy_overrides.max_pool_share_percent",
    ],
    [{ facts: {} }, "facts"],
  ])("refuses %j naming the field", async (body, field) => {
    await store(facts);
    const answer = await api.send("POST", `/evaluations/${evaluationId}/replay`, body);
    expect(answer.status).toBe(422);
    expect(answer.body).toMatchObject({ errors: [{ field }] });
  });

  it("answers 422 while there is no verdict yet", async () => {
    await createEvaluation(api.table, recordOf(policy));
    const answer = await api.send("POST", `/evaluations/${evaluationId}/replay`);
    expect(answer.status).toBe(422);
    expect(answer.body).toMatchObject({ type: "urn:spot-optimizer:problem:not-replayable" });
  });
});
