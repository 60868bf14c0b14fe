/** Auto Scaling user guide, "Amazon EC2 Auto Scaling event reference": Terminate lifecycle action. */
import * as z from "zod";
import { atFirstUse } from "../../../../core/at-first-use.ts";
import { instanceIdSchema } from "../../../../core/model/ids.ts";
import type { Message } from "./message.ts";

export const terminateHook: Message = {
  source: "aws.autoscaling",
  detailType: "EC2 Instance-terminate Lifecycle Action",
  detail: atFirstUse(() =>
    z
      .object({
        EC2InstanceId: instanceIdSchema,
        AutoScalingGroupName: z.string(),
        LifecycleHookName: z.string(),
        LifecycleActionToken: z.string(),
      })
      .transform((detail) => ({
        kind: "TERMINATE_HOOK" as const,
        instanceId: detail.EC2InstanceId,
        asgName: detail.AutoScalingGroupName,
        hookName: detail.LifecycleHookName,
        token: detail.LifecycleActionToken,
      })),
  ),
};
