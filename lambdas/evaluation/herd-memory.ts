/**
 * What the region's pools have taken back and refused, and which are in quarantine: read anew for each judgement, because a loss of a
 * minute ago counts.
 */
import { listQuarantines } from "../../adapters/store/pool-quarantines.ts";
import { listLosses, listRefusals, type ToldMemory } from "../../adapters/store/pools.ts";
import type { AccountId } from "../../core/model/ids.ts";
import type { PoolMemory } from "../../core/model/market.ts";
import { asRemembered } from "../../core/model/pool-quarantine.ts";
import type { Policy } from "../../core/policy/policy.ts";
import { distinctLosses } from "../../core/risk/distinct-losses.ts";
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
export const weighed = ({ losses, ...others }: ToldMemory, own: AccountId): PoolMemory => ({
  ...others,
  losses: distinctLosses(losses, own),
});

export const readHerdMemory = async ({
  context,
  now,
  evaluation,
}: EvaluationSession): Promise<PoolMemory> => {
  const { region } = evaluation;
  const since = {
    region,
    since: rememberedSince(evaluation.policy, now).toISOString(),
    targetId: evaluation.targetId,
  };
  return weighed(
    {
      losses: await listLosses(context.table, since),
      refusals: await listRefusals(context.table, since),
      quarantined: (await listQuarantines(context.table, { region, now })).map(asRemembered),
    },
    evaluation.accountId,
  );
};
