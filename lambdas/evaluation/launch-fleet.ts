/**
 * Launches a replacement by CreateFleet from a launch template that is kept ready: several pools by one call, of a bucket that holds ten times what
 * that of RunInstances does. Token, adoption of a launch whose function was killed, refusals, the memory of pools without capacity.
 */
import { hash } from "node:crypto";
import { describeImage } from "../../adapters/aws/ec2/describe.ts";
import {
  fitsFleet,
  type FleetLaunch,
  type FleetPlace,
} from "../../adapters/aws/ec2/fleet-request.ts";
import { findHoldings } from "../../adapters/aws/ec2/instance-holdings.ts";
import { launchByFleet, type FleetResult } from "../../adapters/aws/ec2/launch-fleet.ts";
import { listIntents, updateIntent } from "../../adapters/store/intents.ts";
import { recordRefusal } from "../../adapters/store/pools.ts";
import { openOffers } from "../../core/decide/offers/launch-order.ts";
import { launchesIn, launchOf, type Launch } from "../../core/decide/switch/launches.ts";
import { SpotOptimizerError } from "../../core/errors.ts";
import { instanceIdSchema } from "../../core/model/ids.ts";
import { hasEnded } from "../../core/model/instance.ts";
import type { ChangeOf } from "../../core/model/intent.ts";
import { poolKey, type Pool } from "../../core/model/market.ts";
import type { PipelineMode } from "../../core/model/pipeline-mode.ts";
import type { FailedOffer, Replacement } from "../../core/model/swap.ts";
import { evaluationTag } from "../../core/model/tags.ts";
import { closedMeanwhile } from "./closed-meanwhile.ts";
import type { LaunchOrder, LaunchParts } from "./launch-offer.ts";
import { ourTags } from "./our-tags.ts";
import { perform } from "./perform.ts";
import type { EvaluationSession } from "./session.ts";
import { keepInInventory } from "./spot-inventory.ts";

type Session = EvaluationSession<PipelineMode, "ec2">;
type Places = NonNullable<ChangeOf<"LAUNCH_INSTANCE">["places"]>;

type FleetAnswer =
  | ({ readonly kind: "LAUNCHED" } & Replacement)
  | { readonly kind: "NEXT_OFFER"; readonly failures: readonly FailedOffer[] }
  /** No pool is left that a fleet can launch in, or the template is gone: RunInstances is to launch. */
  | { readonly kind: "NOT_BY_FLEET" };

/** Enough that some have room where a third of all pools were lost, and few enough that the first are meant. */
const mostPools = 8;
/** Of a zone, where the first has no free address. */
const mostSubnets = 2;

const intentPrefix = ({ key }: LaunchOrder): string => `fleet-${key}-`;

const earlierCalls = async (
  { context, evaluation }: Session,
  order: LaunchOrder,
): Promise<readonly Launch[]> =>
  launchesIn(await listIntents(context.table, evaluation.evaluationId)).filter(({ id }) =>
    id.startsWith(intentPrefix(order)),
  );

const launched = (
  instanceId: Replacement["instanceId"],
  pool: Pool,
): Extract<FleetAnswer, { readonly kind: "LAUNCHED" }> => ({ kind: "LAUNCHED", instanceId, pool });

interface Earlier {
  /** What such a call has launched, and lives: its answer was lost, or not written down. */
  readonly adopted?: Extract<FleetAnswer, { readonly kind: "LAUNCHED" }>;
  /** That may have launched, and nothing of it is shown: it is made once more, and tells. */
  readonly unknown?: Launch;
}

const takeOver = async (
  { context, evaluation }: Session,
  { id }: Launch,
  { instanceId, pool }: Replacement,
): Promise<Earlier> => {
  await updateIntent(context.table, evaluation.evaluationId, id, (stored) =>
    stored.change.kind === "LAUNCH_INSTANCE"
      ? {
          ...stored,
          status: "ACTED",
          change: { ...stored.change, instanceId, poolKey: poolKey(pool) },
        }
      : stored,
  );
  return { adopted: launched(instanceId, pool) };
};

const lookAtEarlier = async (
  session: Session,
  { offers }: LaunchOrder,
  calls: readonly Launch[],
): Promise<Earlier> => {
  const open = calls.filter(({ status }) => status !== "UNDONE");
  if (open.length === 0) return {};
  const { ec2 } = await session.customer();
  const tag = { key: evaluationTag, value: session.evaluation.evaluationId };
  const ended = new Set<string>();
  for (const found of await findHoldings(ec2, tag)) {
    const intent = launchOf(open, found);
    const pool = offers.find(
      ({ instanceType, zoneId }) => instanceType === found.instanceType && zoneId === found.zoneId,
    );
    if (intent === undefined || pool === undefined) continue;
    const instanceId = instanceIdSchema.parse(found.instanceId);
    if (!hasEnded(found.state)) return takeOver(session, intent, { instanceId, pool });
    ended.add(intent.id);
  }
  const unknown = open.find(({ id }) => !ended.has(id));
  return unknown === undefined ? {} : { unknown };
};

const isOpenPool = async ({ context }: Session, order: LaunchOrder, pool: Pool): Promise<boolean> =>
  order.purchase !== undefined ||
  order.isDown === true ||
  (await closedMeanwhile(context, pool)) === undefined;

const placesFor = async (
  session: Session,
  order: LaunchOrder,
  { subnetsOf }: LaunchParts,
): Promise<Places> => {
  const offers = openOffers(order.offers, order.failed)
    .filter(({ instanceType }) => fitsFleet(instanceType))
    .slice(0, mostPools);
  const places = await Promise.all(
    offers.map(async (pool) =>
      (await isOpenPool(session, order, pool))
        ? subnetsOf(pool)
            .slice(0, mostSubnets)
            .map(({ subnetId }) => ({ poolKey: poolKey(pool), subnetId }))
        : [],
    ),
  );
  return places.flat();
};

const tokenOf = (parts: readonly string[]): string =>
  `so-${hash("sha256", parts.join("\n")).slice(0, 60)}`;

/** Of a pool that refused in several subnets what it said of itself, before what it said of a subnet. */
const failuresIn = (
  { refusals }: FleetResult,
  at: string,
  poolOf: (place: FleetPlace) => Pool | undefined,
): readonly FailedOffer[] => {
  const failures = new Map<string, FailedOffer>();
  for (const { place, kind, code } of refusals) {
    const pool = poolOf(place);
    if (pool === undefined) continue;
    const key = poolKey(pool);
    const before = failures.get(key);
    if (before === undefined || before.kind === "NO_ADDRESSES") {
      failures.set(key, { pool, kind, code, at });
    }
  }
  return [...failures.values()];
};

/** What EC2 has no room for On-Demand says nothing of the Spot pool. */
const remember = async (
  { context, evaluation: { evaluationId } }: Session,
  { order, id }: { readonly order: LaunchOrder; readonly id: string },
  failures: readonly FailedOffer[],
): Promise<void> => {
  if (order.purchase !== undefined) return;
  for (const { pool, at } of failures.filter(({ kind }) => kind === "NO_CAPACITY")) {
    const what = `${evaluationId}#${id}#${poolKey(pool)}`;
    await recordRefusal(context.table, { pool, at, what, evaluationId });
  }
};

interface Call {
  readonly order: LaunchOrder;
  readonly parts: LaunchParts;
  readonly templateId: string;
  readonly id: string;
  readonly places: Places;
}

const gone = (imageId: string): SpotOptimizerError =>
  new SpotOptimizerError("BrokenNotFound", `EC2 does not show ${imageId}.`, { resource: imageId });

const isGone = (error: unknown): boolean =>
  error instanceof SpotOptimizerError && error.name === "BrokenNotFound";

interface NamedPlace extends FleetPlace {
  readonly pool: Pool;
}

const namedIn = ({ offers }: LaunchOrder, places: Places): readonly NamedPlace[] => {
  const pools = new Map(offers.map((pool) => [poolKey(pool), pool]));
  return places.flatMap(({ poolKey: key, subnetId }) => {
    const pool = pools.get(key);
    return pool === undefined ? [] : [{ pool, instanceType: pool.instanceType, subnetId }];
  });
};

const poolAt = (named: readonly NamedPlace[], place: FleetPlace): Pool | undefined =>
  named.find(
    ({ instanceType, subnetId }) =>
      instanceType === place.instanceType && subnetId === place.subnetId,
  )?.pool;

const launchIn = async (
  session: Session,
  { order, parts, templateId, id, places }: Call,
  named: readonly NamedPlace[],
): Promise<FleetResult> => {
  const { evaluation } = session;
  const { ec2 } = await session.customer();
  const image = await describeImage(ec2, order.imageId);
  const [first] = places;
  if (image === undefined || first === undefined) throw gone(order.imageId);
  const token = tokenOf([evaluation.evaluationId, id]);
  const fleet: FleetLaunch = {
    templateId,
    blueprint: parts.blueprint,
    ...(order.purchase === undefined ? {} : { purchase: order.purchase }),
    imageId: order.imageId,
    clientToken: token,
    tags: ourTags(evaluation),
    places: named.map(({ instanceType, subnetId }) => ({ instanceType, subnetId })),
  };
  const { imageId } = order;
  return perform(session, {
    intent: {
      id,
      swapId: order.swapId,
      change: { kind: "LAUNCH_INSTANCE", clientToken: token, ...first, imageId, places },
    },
    action: "CreateFleet",
    resource: first.poolKey,
    call: () => launchByFleet(ec2, fleet, image),
    refused: (answer) => (answer.kind === "LAUNCHED" ? undefined : answer.message),
    acted: (answer, change) => {
      if (change.kind !== "LAUNCH_INSTANCE" || answer.kind !== "LAUNCHED") return change;
      const pool = poolAt(named, answer.place);
      const { instanceId, place } = answer;
      const { subnetId } = place;
      return { ...change, instanceId, subnetId, ...(pool && { poolKey: poolKey(pool) }) };
    },
  });
};

const call = async (session: Session, given: Call): Promise<FleetAnswer> => {
  const { order, places } = given;
  const named = namedIn(order, places);
  const result = await launchIn(session, given, named);
  const at = session.context.now().toISOString();
  const failures = failuresIn(result, at, (place) => poolAt(named, place));
  await remember(session, given, failures);
  const pool = result.kind === "LAUNCHED" ? poolAt(named, result.place) : undefined;
  if (result.kind === "LAUNCHED" && pool !== undefined) return launched(result.instanceId, pool);
  if (failures.length > 0) return { kind: "NEXT_OFFER", failures };
  throw new SpotOptimizerError("RetryableThrottled", `CreateFleet: ${given.id} gave no instance.`, {
    action: "CreateFleet",
  });
};

const callUnlessGone = async (session: Session, given: Call): Promise<FleetAnswer> => {
  try {
    const answer = await call(session, given);
    if (answer.kind === "LAUNCHED" && given.order.purchase === undefined) {
      await keepInInventory(session, answer);
    }
    return answer;
  } catch (error) {
    if (!isGone(error)) throw error;
    return { kind: "NOT_BY_FLEET" };
  }
};

/** Another call beside it might launch a second one. */
const notShownYet = ({ id, change }: Launch): SpotOptimizerError =>
  new SpotOptimizerError(
    "RetryableNotVisible",
    `CreateFleet: ${id} may have launched an instance that EC2 does not show yet, and its template is gone.`,
    { resource: change.clientToken },
  );

/**
 * @throws RetryableThrottled where EC2 takes no more calls for now: no pool is to blame
 * @throws RetryableNotVisible where an earlier call may have launched, and can be asked neither again nor by what EC2 shows
 */
export const launchFromTemplate = async (
  session: Session,
  order: LaunchOrder,
  templateId: string,
): Promise<FleetAnswer> => {
  const calls = await earlierCalls(session, order);
  const { adopted, unknown } = await lookAtEarlier(session, order, calls);
  if (adopted !== undefined) return adopted;
  const parts = await order.prepare();
  const places = unknown?.change.places ?? (await placesFor(session, order, parts));
  if (places.length === 0) return { kind: "NOT_BY_FLEET" };
  // A new attempt has a new token: with that of an earlier one EC2 would answer as it did then.
  const id = unknown?.id ?? `${intentPrefix(order)}${String(calls.length + 1)}`;
  const answer = await callUnlessGone(session, { order, parts, templateId, id, places });
  if (answer.kind === "NOT_BY_FLEET" && unknown !== undefined) throw notShownYet(unknown);
  return answer;
};
