/**
 * Says by which call a load is launched, and makes it: CreateFleet from the template that is kept ready, or RunInstances. What an earlier invocation
 * has begun by one of them is never begun by the other: of a call whose answer was lost only the same call tells.
 */
import { listIntents } from "../../../adapters/store/intents.ts";
import { listLosses, listRefusals } from "../../../adapters/store/pools.ts";
import { emptiedLast } from "../../../core/decide/offers/launch-order.ts";
import { launchesIn, type Launch } from "../../../core/decide/switch/launches.ts";
import { poolKey } from "../../../core/model/market.ts";
import { distinctLosses } from "../../../core/risk/distinct-losses.ts";
import type { LaunchCall } from "../../../core/model/launch-turn.ts";
import { launchFromTemplate } from "../../evaluation/launch-fleet.ts";
import { launchNext, type LaunchOrder } from "../../evaluation/launch-offer.ts";
import type { LinearSession } from "../session.ts";

type Session = LinearSession;

/** By which the load can be launched, the one first that asks several pools at once: the buckets of both add up. */
export const callsBy = (templateId: string | undefined): readonly [LaunchCall, ...LaunchCall[]] =>
  templateId === undefined ? ["RunInstances"] : ["CreateFleet", "RunInstances"];

/** By which an earlier invocation may have launched. */
const openLaunches = async (
  { context, evaluation }: Session,
  { swapId, imageId }: LaunchOrder,
): Promise<readonly Launch[]> =>
  launchesIn(await listIntents(context.table, evaluation.evaluationId)).filter(
    (launch) =>
      launch.status !== "UNDONE" && launch.swapId === swapId && launch.change.imageId === imageId,
  );

/** RunInstances follows on a fleet that can launch nothing more, and a fleet on nothing that RunInstances may have launched. */
const callBegun = (open: readonly Launch[]): LaunchCall | undefined =>
  open.length === 0
    ? undefined
    : open.some(({ change }) => change.places === undefined)
      ? "RunInstances"
      : "CreateFleet";

/** On the five public traces a pool that was lost has room again after nine to forty minutes, in the median. */
const emptiedForMs = 9 * 60_000;

/** What EC2 has taken or refused there lately, from whomever. */
const emptiedPools = async (
  { context: { table }, evaluation, now }: Session,
  { offers }: LaunchOrder,
): Promise<ReadonlySet<string>> => {
  const { region, accountId, targetId } = evaluation;
  const since = { region, targetId, since: new Date(now.getTime() - emptiedForMs).toISOString() };
  const told = [
    ...distinctLosses(await listLosses(table, since), accountId),
    ...(await listRefusals(table, since)),
  ];
  const places = new Set(told.map(({ zoneId, instanceType }) => `${zoneId}#${instanceType}`));
  return new Set(
    offers
      .filter(({ zoneId, instanceType }) => places.has(`${zoneId}#${instanceType}`))
      .map(poolKey),
  );
};

interface Turn {
  readonly templateId: string | undefined;
  /** Whose turn it is. */
  readonly call: LaunchCall;
}

/** It asks one pool, and each that refuses costs seconds of the notice. Of what may have launched the pool stays first, template or not. */
const runInstances = async (
  session: Session,
  order: LaunchOrder,
  { templateId, open }: Pick<Turn, "templateId"> & { readonly open: readonly Launch[] },
) => {
  const begun = new Set(
    open.flatMap(({ change }) => (change.instanceId === undefined ? [change.poolKey] : [])),
  );
  const emptied = templateId === undefined ? new Set<string>() : await emptiedPools(session, order);
  const offers = emptiedLast(order.offers, { begun, emptied });
  const answer = await launchNext(session, { ...order, offers });
  return answer.kind === "NEXT_OFFER" ? { kind: answer.kind, failures: [answer.failure] } : answer;
};

export const launchBy = async (
  session: Session,
  order: LaunchOrder,
  { templateId, call }: Turn,
) => {
  const open = await openLaunches(session, order);
  if (templateId !== undefined && (callBegun(open) ?? call) === "CreateFleet") {
    const answer = await launchFromTemplate(session, order, templateId);
    if (answer.kind !== "NOT_BY_FLEET") return answer;
  }
  return runInstances(session, order, { templateId, open });
};
