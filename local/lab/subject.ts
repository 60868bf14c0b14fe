/** What an evaluation is of: an instance in the customer's account, what hangs on it, and its registration. */
import type * as z from "zod";
import { evaluationSchema, type EvaluationJson } from "../../lambdas/api/schemas/evaluations.ts";
import { startedEvaluationSchema, targetSchema } from "../../lambdas/api/schemas/targets.ts";
import type { InstanceSummary } from "../cloud/ec2/control-reads.ts";
import type { InstanceDeclaration } from "../cloud/ec2/scenario-instance.ts";
import type { NewTargetGroup } from "../cloud/elb/target-groups.ts";
import { enrolled } from "../platform/customer-group.ts";
import type { LabAccount } from "./account.ts";

export type Workload = Omit<InstanceDeclaration, "accountId" | "region">;

/** What the owner says of an instance when it is registered. */
export interface RegistrationRequest {
  /** Absent: the API's own default, which is shadow. */
  readonly isShadowMode?: boolean;
  /** As the API takes them. */
  readonly policyOverrides?: Readonly<Record<string, unknown>>;
}

/** An instance that has been running for a month, enrolled by its owner with all that hangs on it. */
export const addWorkload = (account: LabAccount, workload: Workload): InstanceSummary => {
  const { platform, accountId, region } = account;
  const id = platform.ec2.control.addInstance({
    accountId,
    region,
    sharedTags: enrolled,
    ...workload,
  });
  return requireInstance(account, id);
};

export const requireInstance = ({ platform }: LabAccount, instanceId: string): InstanceSummary => {
  const found = platform.ec2.control.find(instanceId);
  if (found === undefined) throw new Error(`The simulated cloud has no instance ${instanceId}.`);
  return found;
};

export interface Balanced {
  readonly targetGroupArn: string;
  readonly loadBalancerArn: string;
}

/** A target group with the instance in it, and a load balancer with all zones that forwards to it. */
export const addTargetGroup = (
  { platform: { ec2, elb }, accountId, region }: LabAccount,
  { instanceId }: InstanceSummary,
  group: Pick<NewTargetGroup, "name" | "healthyAfterSeconds" | "deregistrationDelaySeconds">,
): Balanced => {
  const found = ec2.control.directory.find({ accountId, region, instanceId });
  const place = { accountId, region, name: group.name, vpcId: found?.vpcId ?? "" };
  const loadBalancerArn = elb.addLoadBalancer(place);
  const targetGroupArn = elb.addTargetGroup({
    ...place,
    ...group,
    port: 80,
    loadBalancerArn,
    tags: enrolled,
  });
  elb.addTarget({ arn: targetGroupArn, instanceId });
  return { targetGroupArn, loadBalancerArn };
};

/** @returns the target's id */
export const register = async (
  { api, accountId }: LabAccount,
  instance: InstanceSummary,
  { isShadowMode, policyOverrides }: RegistrationRequest,
): Promise<string> => {
  const target = await api.post("/lab/instances", targetSchema, {
    account_id: accountId,
    instance_id: instance.instanceId,
    instance_type: instance.instanceType,
    availability_zone: instance.zoneName,
    pipeline_mode: "LINEAR",
    ...(isShadowMode === undefined ? {} : { is_shadow_mode: isShadowMode }),
    ...(policyOverrides === undefined ? {} : { policy_overrides: policyOverrides }),
  });
  return target.target_id;
};

/** @param id of the target, or of the instance; @param body what is asked for, if anything */
export const startEvaluation = (
  { api }: LabAccount,
  id: string,
  body?: unknown,
): Promise<z.infer<typeof startedEvaluationSchema>> =>
  api.post(`/lab/instances/${id}/evaluate`, startedEvaluationSchema, body);

export const readEvaluation = (
  { api }: LabAccount,
  evaluationId: string,
): Promise<EvaluationJson> => api.get(`/evaluations/${evaluationId}`, evaluationSchema);
