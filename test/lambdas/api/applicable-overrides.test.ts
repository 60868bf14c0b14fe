import { beforeEach, describe, expect, it } from "@jest/globals";
import { createEvaluation, saveFacts } from "../../../adapters/store/evaluations.ts";
import { getTarget, updateTarget } from "../../../adapters/store/targets.ts";
import type { ClusterEvaluation } from "../../../core/model/evaluation.ts";
import {
  accountIdSchema,
  deploymentIdSchema,
  evaluationIdSchema,
  targetIdSchema,
} from "../../../core/model/ids.ts";
import { pipelineModeSchema, type PipelineMode } from "../../../core/model/pipeline-mode.ts";
import { limitName } from "../../../core/policy/limit-name.ts";
import {
  effectivePolicy,
  limitKeys,
  modesOf,
  type PolicyOverrides,
} from "../../../core/policy/policy.ts";
import {
  apiUnderTest,
  labAccount,
  showMembers,
  startOfTime,
  webTarget,
  withTarget,
  type Answer,
  type ApiUnderTest,
} from "./api-under-test.ts";

const modes = pipelineModeSchema.options;

/** What a body of the mode needs beside it. */
const belongings: Readonly<Record<PipelineMode, object>> = {
  LINEAR: {},
  CLUSTER: { metadata: { asg_name: "web-blue" } },
  KUBERNETES: { cluster_membership: { cluster_name: "prod-eu", node_group: "workers" } },
};

const faultsOf = (mode: PipelineMode, limits: readonly string[]) =>
  limits.map((limit) => ({
    field: `policy_overrides.${limit}`,
    message: `does not apply to pipeline_mode ${mode}`,
  }));

const expectRefusal = (answer: Answer, mode: PipelineMode, limits: readonly string[]): void => {
  expect(answer.status).toBe(422);
  expect(answer.body).toMatchObject({
    type: "urn:spot-optimizer:problem:invalid-body",
    errors: faultsOf(mode, limits),
  });
};

/** The default of LINEAR for each limit: a value that the limit takes. */
const values: Readonly<Record<string, unknown>> = effectivePolicy("LINEAR");

const limitsByMode = modes.flatMap((mode) => limitKeys().map((key) => [mode, key] as const));

describe("overrides of a target", () => {
  let api: ApiUnderTest;
  beforeEach(async () => {
    api = apiUnderTest();
    await api.send("POST", "/accounts", labAccount);
    await showMembers(api);
  });

  const register = (mode: PipelineMode, overrides: object): Promise<Answer> =>
    api.send("POST", "/lab/instances", {
      ...webTarget,
      pipeline_mode: mode,
      ...belongings[mode],
      policy_overrides: overrides,
    });
  const overridesOf = async (id: string): Promise<unknown> =>
    (await getTarget(api.table, targetIdSchema.parse(id)))?.policyOverrides;

  it.each(limitsByMode)(
    "in %s are taken at registration if %s applies to it",
    async (mode, key) => {
      const name = limitName(key);
      const answer = await register(mode, { [name]: values[key] });
      if (modesOf(key).includes(mode)) expect(answer.status).toBe(201);
      else expectRefusal(answer, mode, [name]);
    },
  );

  it("are all named when several do not apply, and the target is not registered", async () => {
    const overrides = { cooloff_hours: 1, max_risk: 0.2, consistency: "stateless" };
    expectRefusal(await register("CLUSTER", overrides), "CLUSTER", [
      "consistency",
      "cooloff_hours",
    ]);
    expect((await api.send("GET", "/lab/instances")).body).toMatchObject({ items: [] });
  });

  it.each(["CLUSTER", "KUBERNETES"] as const)(
    "are refused in a patch that sets one of LINEAR on a target of %s",
    async (mode) => {
      const { target_id: id } = (await register(mode, { max_risk: 0.2 })).body as {
        target_id: string;
      };
      const change = { policy_overrides: { snapshot_days: 1, max_risk: 0.1 } };
      expectRefusal(await api.send("PATCH", `/lab/instances/${id}`, change), mode, [
        "snapshot_days",
      ]);
      expect(await overridesOf(id)).toEqual({ maxRisk: 0.2 });
    },
  );

  it.each(["CLUSTER", "KUBERNETES"] as const)(
    "are named when a change to %s would leave them behind, and nothing is changed",
    async (mode) => {
      const id = await withTarget(api, {
        policy_overrides: { consistency: "move-volumes", max_risk: 0.2, stop_deadline_minutes: 5 },
      });
      const change = { pipeline_mode: mode, ...belongings[mode] };
      expectRefusal(await api.send("PATCH", `/lab/instances/${id}`, change), mode, [
        "consistency",
        "stop_deadline_minutes",
      ]);
      expect(await getTarget(api.table, targetIdSchema.parse(id))).toMatchObject({
        pipelineMode: "LINEAR",
        policyOverrides: { consistency: "move-volumes", maxRisk: 0.2, stopDeadlineMinutes: 5 },
      });
    },
  );

  it("are named when a change back to LINEAR would leave them behind", async () => {
    const { target_id: id } = (await register("CLUSTER", { max_pool_share_percent: 50 })).body as {
      target_id: string;
    };
    const answer = await api.send("PATCH", `/lab/instances/${id}`, { pipeline_mode: "LINEAR" });
    expectRefusal(answer, "LINEAR", ["max_pool_share_percent"]);
  });

  it("pass a change of the mode that takes them away by null and sets one of the new mode", async () => {
    const id = await withTarget(api, {
      policy_overrides: { consistency: "move-volumes", max_risk: 0.2 },
    });
    const answer = await api.send("PATCH", `/lab/instances/${id}`, {
      pipeline_mode: "CLUSTER",
      ...belongings.CLUSTER,
      policy_overrides: { consistency: null, max_pool_share_percent: 50 },
    });
    expect(answer.status).toBe(200);
    expect(await overridesOf(id)).toEqual({ maxRisk: 0.2, maxPoolSharePercent: 50 });
  });

  describe("that an earlier version took", () => {
    let id: string;
    const earlier: PolicyOverrides = { maxPoolSharePercent: 50, maxRisk: 0.2 };
    beforeEach(async () => {
      id = await withTarget(api, { is_shadow_mode: false });
      await updateTarget(api.table, targetIdSchema.parse(id), (target) => ({
        ...target,
        policyOverrides: earlier,
      }));
    });

    it("do not keep the target out of shadow mode", async () => {
      const answer = await api.send("PATCH", `/lab/instances/${id}`, { is_shadow_mode: true });
      expect(answer.body).toMatchObject({ is_shadow_mode: true });
      expect(await overridesOf(id)).toEqual(earlier);
    });

    it("are named when another override is changed, until they are taken away", async () => {
      const patch = (overrides: object): Promise<Answer> =>
        api.send("PATCH", `/lab/instances/${id}`, { policy_overrides: overrides });
      expectRefusal(await patch({ max_risk: 0.1 }), "LINEAR", ["max_pool_share_percent"]);
      expect((await patch({ max_risk: 0.1, max_pool_share_percent: null })).status).toBe(200);
      expect(await overridesOf(id)).toEqual({ maxRisk: 0.1 });
    });
  });
});

describe("overrides of a replay", () => {
  const evaluationId = evaluationIdSchema.parse("evl-0123456789");
  const accountId = accountIdSchema.parse(labAccount.account_id);
  const at = startOfTime.toISOString();

  it("are refused by the mode of the evaluation", async () => {
    const api = apiUnderTest();
    const { target_id: id } = (await registeredGroup(api)).body as { target_id: string };
    const target = await getTarget(api.table, targetIdSchema.parse(id));
    if (target === undefined) throw new Error("The target was not registered.");
    const record: ClusterEvaluation = {
      evaluationId,
      deploymentId: deploymentIdSchema.parse("dpl-0123456789"),
      targetId: target.targetId,
      accountId,
      environment: "LAB",
      region: "eu-central-1",
      mode: "CLUSTER",
      subject: { kind: "GROUP", accountId, region: "eu-central-1", asgName: "web-blue" },
      progress: {},
      isShadowMode: true,
      status: "SHADOWED",
      startedBy: "api",
      startedAt: at,
      leases: [{ resource: "group#1", fence: 1 }],
      policy: effectivePolicy("CLUSTER"),
      policyVersion: "pol-1",
      modelVersion: "streak-1",
      registered: {
        account: {
          accountId,
          name: labAccount.name,
          environment: "LAB",
          roleArn: "arn:aws:iam::444455556666:role/SpotOptimizer",
          regions: labAccount.regions,
          status: "ACTIVE",
          createdAt: at,
          updatedAt: at,
        },
        target,
      },
      verdict: {
        kind: "STAY",
        reason: "NO_CANDIDATE",
        sentence: "No pool.",
        offers: [],
        modelVersion: "streak-1",
        policyVersion: "pol-1",
        judgedAt: at,
      },
      phases: [],
      waits: {},
      version: 1,
    };
    await createEvaluation(api.table, record);
    await saveFacts(api.table, evaluationId, { observedAt: at });
    const answer = await api.send("POST", `/evaluations/${evaluationId}/replay`, {
      policy_overrides: { consistency: "stateless", max_risk: 0.2, snapshot_days: 1 },
    });
    expectRefusal(answer, "CLUSTER", ["consistency", "snapshot_days"]);
  });
});

const registeredGroup = async (api: ApiUnderTest): Promise<Answer> => {
  await api.send("POST", "/accounts", labAccount);
  await showMembers(api);
  return api.send("POST", "/lab/instances", {
    ...webTarget,
    pipeline_mode: "CLUSTER",
    ...belongings.CLUSTER,
  });
};
