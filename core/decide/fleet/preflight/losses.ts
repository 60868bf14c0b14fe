/** What a switch takes from a load for a time or for good, in sentences for who decides whether to register it. */
import type { Target } from "../../../model/target.ts";
import { minutes } from "../../offers/figures.ts";

export const lossesOf = (target: Target, downtimeSeconds: number): readonly string[] => {
  switch (target.pipelineMode) {
    case "LINEAR":
      return [
        ...(downtimeSeconds === 0
          ? []
          : [
              `It is down for about ${minutes(downtimeSeconds / 60)}: it is stopped, and its replacement starts with its disks and addresses.`,
            ]),
        `Its instance id changes: alarms, backup plans and associations of Systems Manager that name ${target.instanceId} do not follow by themselves.`,
      ];
    case "CLUSTER":
      return [
        "Its members leave one after the other, each once its replacement serves: connections that last longer than the deregistration delay are cut.",
      ];
    case "KUBERNETES":
      return [
        "Its pods are evicted node by node within their disruption budgets, and start anew elsewhere.",
      ];
  }
};
