/** What the region's pools have taken back and refused: read anew for each judgement, because a loss of a minute ago counts. */
import { listLosses, listRefusals } from "../../adapters/store/pools.ts";
import type { AccountId } from "../../core/model/ids.ts";
import type { PoolLoss, PoolMemory } from "../../core/model/market.ts";
import type { Policy } from "../../core/policy/policy.ts";
import { distinctLosses, type ToldLoss } from "../../core/risk/distinct-losses.ts";
import { memoryHours } from "../../core/risk/pool-history.ts";
import { banHours } from "../../core/risk/quarantine.ts";
import type { EvaluationSession } from "./session.ts";

const hourMs = 3_600_000;

/** Back to what the risk model remembers, or as far as a ban reaches. */
export const rememberedSince = ({ quarantine }: Pick<Policy, "quarantine">, now: Date): Date => {
  const hours = Math.max(memoryHours, banHours(quarantine));
  return new Date(now.getTime() - hours * hourMs);
};

/** What a pool took at once is one loss of it: each judgement goes by that, of one target or of many. */
export const weighed = (
  {
    losses,
    refusals,
  }: { readonly losses: readonly ToldLoss[]; readonly refusals: readonly PoolLoss[] },
  own: AccountId,
) => ({ losses: distinctLosses(losses, own), refusals });

export const readHerdMemory = async ({
  context,
  now,
  evaluation,
}: EvaluationSession): Promise<Pick<PoolMemory, "losses" | "refusals">> => {
  const since = {
    region: evaluation.region,
    since: rememberedSince(evaluation.policy, now).toISOString(),
    targetId: evaluation.targetId,
  };
  return weighed(
    {
      losses: await listLosses(context.table, since),
      refusals: await listRefusals(context.table, since),
    },
    evaluation.accountId,
  );
};
