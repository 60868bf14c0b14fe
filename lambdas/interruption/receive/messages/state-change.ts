/** EC2 user guide, "State change events for your instances": of the states only those of an end are forwarded. */
import * as z from "zod";
import { atFirstUse } from "../../../../core/at-first-use.ts";
import { instanceIdSchema } from "../../../../core/model/ids.ts";
import type { Message } from "./message.ts";

export const stateChange: Message = {
  source: "aws.ec2",
  detailType: "EC2 Instance State-change Notification",
  detail: atFirstUse(() =>
    z
      .object({
        "instance-id": instanceIdSchema,
        state: z.enum(["shutting-down", "terminated"]),
      })
      .transform((detail) => ({
        kind: "STATE_CHANGE" as const,
        instanceId: detail["instance-id"],
        state: detail.state,
      })),
  ),
};
