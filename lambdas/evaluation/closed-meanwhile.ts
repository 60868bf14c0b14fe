/** Asks right before a launch whether a person has put its pool in quarantine since the verdict: minutes, or hours of a batch, lie between. */
import { readQuarantine } from "../../adapters/store/pool-quarantines.ts";
import type { Pool } from "../../core/model/market.ts";
import { isInForce } from "../../core/model/pool-quarantine.ts";
import type { FailedOffer } from "../../core/model/swap.ts";
import type { CommonContext } from "../runtime/context.ts";

/** Undefined: it may be launched there. */
export const closedMeanwhile = async (
  { table, now }: Pick<CommonContext, "now" | "table">,
  pool: Pool,
): Promise<FailedOffer | undefined> => {
  const at = now();
  const quarantine = await readQuarantine(table, pool);
  if (quarantine === undefined || !isInForce(quarantine, at)) return undefined;
  const kind = "QUARANTINED";
  return { pool, kind, code: kind, at: at.toISOString() };
};
