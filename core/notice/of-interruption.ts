/** What is told when EC2 announces that it takes an instance back which serves a target. */
import type { TargetId } from "../model/ids.ts";
import { poolKey } from "../model/market.ts";
import type { Notice } from "../model/notice.ts";
import type { SpotEventOf } from "../model/spot-event.ts";
import type { SpotInstance } from "../model/spot-instance.ts";

export const noticeOfInterruption = (
  { accountId, region, instanceId, action, at }: SpotEventOf<"INTERRUPTION_WARNING">,
  { targetId, ...pool }: SpotInstance & { readonly targetId: TargetId },
): Notice => ({
  kind: "INTERRUPTION",
  accountId,
  region,
  targetId,
  error: "INTERRUPTION_WARNING",
  // A pool that takes back takes many: those of one minute are one message, with a list of them.
  resource: poolKey(pool),
  member: `${instanceId} of ${targetId}`,
  sentence: `EC2 takes Spot Instance ${instanceId} of target ${targetId} back in ${region}: it has announced to ${action} it.`,
  figures: {},
  nextStep: `The response begins by itself; see GET /api/v1/evaluations?target_id=${targetId}.`,
  path: `/evaluations?target_id=${targetId}`,
  at,
});
