/**
 * Launches anew what EC2 has taken back: by what was kept of the last launch, on Spot, and On-Demand where no pool gives an instance. With data a
 * host: kept by itself, and without user data, until it has the load's own root.
 */
import { onDemandPools } from "../../../core/decide/linear/choice-for-lost.ts";
import { takesDataBack } from "../../../core/decide/linear/data-way-back.ts";
import { needOfFacts, needOfInstance } from "../../../core/decide/linear/need.ts";
import { subnetsFor } from "../../../core/decide/offers/launch-order.ts";
import type { MarketedFacts } from "../../../core/model/evaluation.ts";
import { absent, readMarketFacts, readSubjectFacts } from "../../evaluation/facts.ts";
import type { LaunchOrder, LaunchParts } from "../../evaluation/launch-offer.ts";
import { readPlacement } from "../facts.ts";
import { isolated } from "../isolation.ts";
import { keepLaunch, readKeptLaunch, readLaunchOfHost } from "../kept-launch.ts";
import type { LinearSession } from "../session.ts";

/** What was launched last for the target is launched once more, into whichever subnet can take it now. */
export const prepareAnew = async (session: LinearSession): Promise<LaunchParts> => {
  const { placedBy } = await readSubjectFacts<"LINEAR">(session);
  const { instance, placement } = await readPlacement(session);
  const need = needOfInstance(instance, session.evaluation.policy, placement.subnets);
  const isHost = takesDataBack(session.evaluation);
  const read = isHost ? readLaunchOfHost : readKeptLaunch;
  const kept = await read(session, placedBy);
  // What is launched now may be taken back as well.
  await keepLaunch(session, kept);
  const blueprint = isHost ? await isolated(session, kept) : kept;
  return { blueprint, subnetsOf: (pool) => subnetsFor(pool, need, placement.subnets) };
};

/** The order once no Spot pool has given an instance. */
export const orderOnDemand = async (
  session: LinearSession,
  order: LaunchOrder,
): Promise<LaunchOrder> => {
  const { policy, progress } = session.evaluation;
  // What is stored of an evaluation is of its mode.
  const facts = (await readMarketFacts(session)) as MarketedFacts<"LINEAR">;
  const { lost, market } = facts;
  const need = needOfFacts(facts, policy);
  // Of a move the pool that it has left counts as the one that was lost.
  const pool = lost?.pool ?? need.standsIn;
  if (pool === undefined) throw absent(session, "record of what became of its Spot Instance");
  return {
    ...order,
    key: order.key === "warm" ? "on-demand" : `on-demand-${order.key}`,
    purchase: "ON_DEMAND",
    offers: onDemandPools({ need, market, policy }, { pool }),
    failed: progress.failedOnDemand ?? [],
  };
};
