/**
 * Where stories play: the whole product on one platform in virtual time, and one customer account that is connected
 * as a customer would connect it: through the API, with our role template applied.
 */
import * as z from "zod";
import {
  accountSchema,
  createdAccountSchema,
  verificationSchema,
  type CreateAccountJson,
} from "../../lambdas/api/schemas/accounts.ts";
import { evaluationSchema, type EvaluationJson } from "../../lambdas/api/schemas/evaluations.ts";
import { startedEvaluationSchema, targetSchema } from "../../lambdas/api/schemas/targets.ts";
import { VirtualClock } from "../cloud/clock.ts";
import type { InstanceDeclaration } from "../cloud/ec2/scenario-instance.ts";
import type { InstanceSummary } from "../cloud/ec2/control-reads.ts";
import type { Market } from "../cloud/market/market.ts";
import { applyRoleTemplate } from "../platform/customer-account.ts";
import type { Front } from "../platform/functions.ts";
import { createPlatform, type Platform } from "../platform/platform.ts";
import { createApiClient, type ApiClient } from "./api-client.ts";

export interface StageSetting {
  readonly market: Market;
  readonly seed: number;
  /** Virtual begin, milliseconds since the epoch. */
  readonly startMs: number;
  readonly region: string;
  /** As the platform has it: through the bytes of the wire protocol unless told. */
  readonly front?: Front;
}

export interface Stage {
  readonly platform: Platform;
  readonly clock: VirtualClock;
  readonly api: ApiClient;
  readonly accountId: string;
  readonly region: string;
}

/** What the owner says of an instance when it is registered. */
export interface RegistrationRequest {
  /** Absent: the API's own default, which is shadow. */
  readonly isShadowMode?: boolean;
  readonly policyOverrides?: Readonly<Record<string, unknown>>;
}

export type Workload = Omit<InstanceDeclaration, "accountId" | "region">;

const customerAccountId = "444455556666";

export const openStage = async (setting: StageSetting): Promise<Stage> => {
  const { region } = setting;
  const clock = new VirtualClock(setting.startMs);
  const platform = createPlatform({
    clock,
    seed: setting.seed,
    market: setting.market,
    version: "demo",
    ...(setting.front === undefined ? {} : { front: setting.front }),
  });
  const api = createApiClient(platform.api);
  const account: CreateAccountJson = {
    account_id: z.string().brand<"AccountId">().parse(customerAccountId),
    name: "demo",
    environment: "LAB",
    regions: [region],
  };
  platform.ec2.control.addAccount(customerAccountId, [region]);
  await api.post("/accounts", createdAccountSchema, account);
  const yaml = await api.getText(`/accounts/${customerAccountId}/role-template`);
  applyRoleTemplate(platform.cloud, { accountId: customerAccountId, yaml });
  const { verified } = await api.post(`/accounts/${customerAccountId}/verify`, verificationSchema);
  if (!verified) {
    const { status } = await api.get(`/accounts/${customerAccountId}`, accountSchema);
    throw new Error(`Account ${customerAccountId} is not verified: its status is ${status}.`);
  }
  return { platform, clock, api, accountId: customerAccountId, region };
};

/** An instance that has been running for a month. */
export const addWorkload = (stage: Stage, workload: Workload): InstanceSummary => {
  const { control } = stage.platform.ec2;
  const id = control.addInstance({
    accountId: stage.accountId,
    region: stage.region,
    ...workload,
  });
  return requireInstance(stage, id);
};

export const requireInstance = (stage: Stage, instanceId: string): InstanceSummary => {
  const found = stage.platform.ec2.control.find(instanceId);
  if (found === undefined) throw new Error(`The simulated cloud has no instance ${instanceId}.`);
  return found;
};

export const register = async (
  stage: Stage,
  instance: InstanceSummary,
  { isShadowMode, policyOverrides }: RegistrationRequest,
): Promise<void> => {
  await stage.api.post("/lab/instances", targetSchema, {
    account_id: stage.accountId,
    instance_id: instance.instanceId,
    instance_type: instance.instanceType,
    availability_zone: instance.zoneName,
    pipeline_mode: "LINEAR",
    ...(isShadowMode === undefined ? {} : { is_shadow_mode: isShadowMode }),
    ...(policyOverrides === undefined ? {} : { policy_overrides: policyOverrides }),
  });
};

export const startEvaluation = (
  stage: Stage,
  instanceId: string,
): Promise<z.infer<typeof startedEvaluationSchema>> =>
  stage.api.post(`/lab/instances/${instanceId}/evaluate`, startedEvaluationSchema);

export const readEvaluation = (stage: Stage, evaluationId: string): Promise<EvaluationJson> =>
  stage.api.get(`/evaluations/${evaluationId}`, evaluationSchema);
