/** The registration of an Auto Scaling group of the laboratory's account. */
import { targetSchema } from "../../lambdas/api/schemas/targets.ts";
import type { GroupName } from "../cloud/autoscaling/control.ts";
import type { LabAccount } from "./account.ts";

/** What the owner says of a group when it is registered. */
export interface GroupRegistration {
  /** Overrides as the API takes them. */
  readonly policy?: Readonly<Record<string, unknown>>;
  readonly isShadowMode?: boolean;
}

/**
 * By its first member.
 * @returns the target's id
 */
export const registerGroup = async (
  { api, platform, accountId }: LabAccount,
  name: GroupName,
  { policy, isShadowMode }: GroupRegistration,
): Promise<string> => {
  const [member] = platform.autoScaling.control.find(name)?.members ?? [];
  if (member === undefined) throw new Error(`Group ${name.name} has no member.`);
  const target = await api.post("/lab/instances", targetSchema, {
    account_id: accountId,
    instance_id: member.instanceId,
    instance_type: member.instanceType,
    availability_zone: member.zoneName,
    pipeline_mode: "CLUSTER",
    metadata: { asg_name: name.name },
    is_shadow_mode: isShadowMode ?? false,
    ...(policy === undefined ? {} : { policy_overrides: policy }),
  });
  return target.target_id;
};
