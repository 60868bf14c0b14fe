/** Reads from the table what stands on Spot, what pools have taken back, and what they have answered to launches on Spot. */
import { loadEvaluation } from "../../../adapters/store/evaluations.ts";
import { listPoolEvents } from "../../../adapters/store/pools.ts";
import { listSpotInstances } from "../../../adapters/store/spot-instances.ts";
import type { Table } from "../../../adapters/store/table.ts";
import { inGroups } from "../../../core/in-groups.ts";
import type { SpotFacts } from "../../../core/decide/measures-of-spot.ts";
import type { Account } from "../../../core/model/account.ts";
import type { Evaluation } from "../../../core/model/evaluation.ts";
import type { FailedOffer } from "../../../core/model/swap.ts";

const dayMs = 24 * 3_600_000;

/** So many are read at once, and so many in all: of a storm a part tells as much. */
const atOnce = 25;
const mostEvaluations = 500;

const refusedIn = async (
  table: Table,
  { evaluationId }: Evaluation,
): Promise<readonly FailedOffer[]> => {
  const stored = await loadEvaluation(table, evaluationId);
  if (stored === undefined) return [];
  const { evaluation, swaps } = stored;
  const again = evaluation.mode === "LINEAR" ? evaluation.progress.failedRelaunches : undefined;
  const onSpot = swaps.filter(({ purchase }) => purchase === undefined);
  return [...onSpot.flatMap(({ failed }) => failed), ...(again ?? [])];
};

interface Asked {
  /** ACTIVE ones. */
  readonly accounts: readonly Account[];
  readonly recent: readonly Evaluation[];
  /** Of the last measurement. */
  readonly since: Date;
  readonly now: Date;
}

export const readSpot = async (
  table: Table,
  { accounts, recent, since, now }: Asked,
): Promise<Omit<SpotFacts, "ended">> => {
  const dayAgo = new Date(now.getTime() - dayMs).toISOString();
  const standing = [];
  const losses = [];
  for (const region of new Set(accounts.flatMap(({ regions }) => regions))) {
    standing.push(...(await listSpotInstances(table, { region })).values());
    losses.push(...(await listPoolEvents(table, { region, since: dayAgo })).losses);
  }
  const ended = recent.filter(({ endedAt = "" }) => endedAt > since.toISOString());
  const refused: FailedOffer[] = [];
  for (const group of inGroups(ended.slice(0, mostEvaluations), atOnce)) {
    const found = await Promise.all(group.map((each) => refusedIn(table, each)));
    refused.push(...found.flat());
  }
  return { standing, losses, refused };
};
