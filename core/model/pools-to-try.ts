/** Which pools an evaluation may take: those of its verdict, and of them those that were agreed to, where somebody had to. */
import type { Evaluation } from "./evaluation.ts";
import { poolKey, type Pool } from "./market.ts";

/** In the order of the verdict; none without one. */
export const poolsToTry = ({
  verdict,
  authorization,
}: Pick<Evaluation, "verdict" | "authorization">): readonly Pool[] => {
  const pools = verdict?.offers ?? [];
  const approval = authorization?.kind === "PROCEED" ? authorization.approval : undefined;
  return approval === undefined
    ? pools
    : pools.filter((pool) => approval.poolKeys.includes(poolKey(pool)));
};
