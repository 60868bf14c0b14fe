/** EC2 user guide, "Spot Instance interruption notices": it has neither type nor zone, and no time of the end. */
import * as z from "zod";
import { atFirstUse } from "../../../../core/at-first-use.ts";
import { instanceIdSchema } from "../../../../core/model/ids.ts";
import { interruptionActionSchema } from "../../../../core/model/spot-event.ts";
import type { Message } from "./message.ts";

export const interruptionWarning: Message = {
  source: "aws.ec2",
  detailType: "EC2 Spot Instance Interruption Warning",
  detail: atFirstUse(() =>
    z
      .object({ "instance-id": instanceIdSchema, "instance-action": interruptionActionSchema })
      .transform((detail) => ({
        kind: "INTERRUPTION_WARNING" as const,
        instanceId: detail["instance-id"],
        action: detail["instance-action"],
      })),
  ),
};
