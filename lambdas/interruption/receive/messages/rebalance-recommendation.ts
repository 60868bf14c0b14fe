/** EC2 user guide, "EC2 instance rebalance recommendations". */
import * as z from "zod";
import { atFirstUse } from "../../../../core/at-first-use.ts";
import { instanceIdSchema } from "../../../../core/model/ids.ts";
import type { Message } from "./message.ts";

export const rebalanceRecommendation: Message = {
  source: "aws.ec2",
  detailType: "EC2 Instance Rebalance Recommendation",
  detail: atFirstUse(() =>
    z.object({ "instance-id": instanceIdSchema }).transform((detail) => ({
      kind: "REBALANCE_RECOMMENDATION" as const,
      instanceId: detail["instance-id"],
    })),
  ),
};
