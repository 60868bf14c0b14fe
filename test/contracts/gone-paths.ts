/** A target whose node group no list has shown for an hour: the next sweep asks for it by name. */
import { writeAbsence } from "../../adapters/store/absences.ts";
import { createTarget, deleteTarget } from "../../adapters/store/targets.ts";
import { accountIdSchema, targetIdSchema } from "../../core/model/ids.ts";
import { targetSchema } from "../../core/model/target.ts";
import type { LabAccount } from "../../local/lab/account.ts";
import { region } from "./walk.ts";

/** @returns how it is forgotten again */
export const loseNodeGroup = async ({
  accountId,
  clock,
  table,
}: LabAccount): Promise<() => Promise<unknown>> => {
  const at = new Date(clock.now()).toISOString();
  const place = { accountId: accountIdSchema.parse(accountId), region };
  const targetId = targetIdSchema.parse("tgt-00nodegroup");
  const target = targetSchema().parse({
    ...place,
    targetId,
    instanceId: "i-0fedcba9876543210",
    instanceType: "m5.large",
    availabilityZone: `${region}a`,
    pipelineMode: "KUBERNETES",
    isShadowMode: true,
    policyOverrides: {},
    node: { clusterName: "gone", nodeGroup: "workers", scope: "ALL" },
    createdAt: at,
    updatedAt: at,
  });
  await createTarget(table, target);
  const subject = "node group workers of cluster gone";
  const counted = { subject, since: at, lastAt: at, readings: 5, unseenSeconds: 3600 };
  await writeAbsence(table, { ...place, targetId, ...counted }, undefined);
  return () => deleteTarget(table, targetId);
};
