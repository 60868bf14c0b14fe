import { beforeEach, describe, expect, it } from "@jest/globals";
import { getEvaluation } from "../../../adapters/store/evaluations.ts";
import { readLease } from "../../../adapters/store/leases.ts";
import { deleteTarget, getTarget, updateTarget } from "../../../adapters/store/targets.ts";
import { instanceIdSchema, targetIdSchema, type TargetId } from "../../../core/model/ids.ts";
import type { Target, TargetOf } from "../../../core/model/target.ts";
import { startRecovery } from "../../../lambdas/evaluation/recover.ts";
import { startEvaluation } from "../../../lambdas/evaluation/start.ts";
import { apiUnderTest, webTarget, withTarget, type ApiUnderTest } from "../api/api-under-test.ts";

const oldLease = `instance#${webTarget.account_id}#${webTarget.instance_id}`;
const replacement = instanceIdSchema.parse("i-0fedcba9876543210");

/** What the sweep does: it starts evaluations of targets from a list that may be old. */
describe("startEvaluation of a target that was read a while ago", () => {
  let api: ApiUnderTest;
  let targetId: TargetId;
  let old: Target;
  beforeEach(async () => {
    api = apiUnderTest();
    targetId = targetIdSchema.parse(await withTarget(api, { is_shadow_mode: false }));
    const target = await getTarget(api.table, targetId);
    if (target === undefined) throw new Error("The target was not registered.");
    old = target;
  });

  const start = () => startEvaluation(api.context, { target: old, startedBy: "sweep" });
  const change = (fields: Partial<TargetOf<"LINEAR">>) =>
    updateTarget(api.table, targetId, (target) => ({
      ...(target as TargetOf<"LINEAR">),
      ...fields,
      updatedAt: "2026-03-01T12:00:01.000Z",
    }));

  it("works on the instance that serves now, not on the one it was switched away from", async () => {
    await change({ instanceId: replacement });
    const result = await start();
    if (result.kind !== "STARTED") throw new Error(result.kind);
    expect(await getEvaluation(api.table, result.evaluationId)).toMatchObject({
      subject: { instanceId: replacement },
      startedBy: "sweep",
    });
    expect(await readLease(api.table, oldLease)).toMatchObject({ isReleased: true });
  });

  it("obeys shadow mode and limits that were set since", async () => {
    await change({ isShadowMode: true, policyOverrides: { maxRisk: 0.05 } });
    const result = await start();
    if (result.kind !== "STARTED") throw new Error(result.kind);
    expect(await getEvaluation(api.table, result.evaluationId)).toMatchObject({
      isShadowMode: true,
      policy: { maxRisk: 0.05 },
    });
  });

  it.each([undefined, "STATE_CHANGE"])(
    "recovers nothing where another instance has taken the place of the one that was lost (told: %s)",
    async (told) => {
      await change({ instanceId: replacement });
      const found = {
        instanceId: instanceIdSchema.parse(webTarget.instance_id),
        startedBy: "sweep",
        ...(told !== undefined && { told }),
      };
      expect(await startRecovery(api.context, old, found)).toEqual({ kind: "RECOVERED" });
      expect(await readLease(api.table, oldLease)).toMatchObject({ isReleased: true });
      expect(api.sfn.calls()).toHaveLength(0);
    },
  );

  it("recovers the instance that was lost also where something else of its target was changed since", async () => {
    await change({ policyOverrides: { maxRisk: 0.05 } });
    const instanceId = instanceIdSchema.parse(webTarget.instance_id);
    const found = { instanceId, startedBy: "sweep" };
    const result = await startRecovery(api.context, old, found);
    if (result.kind !== "STARTED") throw new Error(result.kind);
    expect(await getEvaluation(api.table, result.evaluationId)).toMatchObject({
      kind: "RECOVER",
      subject: { instanceId },
    });
  });

  it("starts nothing for a mode that was set since and isn't there yet", async () => {
    await updateTarget(api.table, targetId, (target) => ({
      ...target,
      pipelineMode: "KUBERNETES",
      node: { clusterName: "prod", nodeGroup: "web", scope: "ONE" },
    }));
    expect(await start()).toMatchObject({ kind: "NOT_AVAILABLE", reason: "MODE" });
    expect(await readLease(api.table, oldLease)).toMatchObject({ isReleased: true });
  });

  it("starts nothing for a target that was deleted since", async () => {
    await deleteTarget(api.table, targetId);
    expect(await start()).toMatchObject({ kind: "NOT_AVAILABLE", reason: "TARGET_GONE" });
    expect(await readLease(api.table, oldLease)).toMatchObject({ isReleased: true });
    expect(api.sfn.calls()).toHaveLength(0);
  });
});
