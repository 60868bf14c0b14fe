/** The calls that give a group back what we have set of it: its members' protection, and AZRebalance. */
import type { AutoScalingClient } from "@aws-sdk/client-auto-scaling";
import { resumeAzRebalance, setProtection } from "../../../adapters/aws/autoscaling/settings.ts";
import type { KubernetesUndoAction } from "../../../core/decide/kubernetes/undo/world.ts";
import { azRebalance } from "../../../core/decide/switch/az-rebalance.ts";
import type { RecordedCall, Acted } from "../../evaluation/perform.ts";
import { requireDone } from "../../evaluation/require-done.ts";

export type SettingAction = Extract<
  KubernetesUndoAction,
  { kind: "UNPROTECT" | "RESUME_AZ_REBALANCE" }
>;

export const settingCallOf = (
  autoScaling: AutoScalingClient,
  action: SettingAction,
): RecordedCall<Acted> => {
  const { asgName } = action;
  if (action.kind === "RESUME_AZ_REBALANCE") {
    return {
      action: "ResumeProcesses",
      resource: `${azRebalance} of ${asgName}`,
      call: () => resumeAzRebalance(autoScaling, asgName),
    };
  }
  const { instanceIds } = action;
  return {
    action: "SetInstanceProtection",
    resource: `${instanceIds.join(" ")} in ${asgName}`,
    call: () =>
      requireDone(setProtection(autoScaling, { asgName, instanceIds, isProtected: false })),
  };
};
