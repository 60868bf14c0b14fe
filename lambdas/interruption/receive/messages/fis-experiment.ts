/** FIS user guide, "Monitor AWS FIS experiments using Amazon EventBridge". */
import * as z from "zod";
import { atFirstUse } from "../../../../core/at-first-use.ts";
import type { Message } from "./message.ts";

export const fisExperiment: Message = {
  source: "aws.fis",
  detailType: "FIS Experiment State Change",
  detail: atFirstUse(() =>
    z
      .object({
        "experiment-id": z.string(),
        "new-state": z.object({ status: z.string() }),
      })
      .transform((detail) => ({
        kind: "FIS_EXPERIMENT" as const,
        experimentId: detail["experiment-id"],
        status: detail["new-state"].status,
      })),
  ),
};
