/**
 * One account in one region, read once for all that is judged of it. Sweep and preflight judge through it; it changes nothing and
 * records nothing.
 */
import { readPlace, type PlaceClients } from "../../adapters/aws/fleet/read-place.ts";
import { keepDeploymentId } from "../../adapters/store/deployment.ts";
import { readRegionMemory, type RegionMemory } from "../../adapters/store/pools.ts";
import { listSpotBackoffs } from "../../adapters/store/spot-backoffs.ts";
import { readSwitching } from "../../adapters/store/switching.ts";
import { withoutBan } from "../../core/decide/fleet/given-up.ts";
import { findGroup } from "../../core/decide/fleet/facts-of-group.ts";
import { judgeInPlace, type BulkJudgement } from "../../core/decide/fleet/judge-in-place.ts";
import { productInPlace } from "../../core/decide/fleet/product-in-place.ts";
import { shareOffers, type SharedOffers } from "../../core/decide/fleet/shared-offers.ts";
import type { Account } from "../../core/model/account.ts";
import type { CloseLook } from "../../core/model/close-look.ts";
import type { Placement } from "../../core/model/evaluation.ts";
import type { GroupFacts } from "../../core/model/group.ts";
import type { DeploymentId, TargetId } from "../../core/model/ids.ts";
import type { InstanceTypeFacts, MarketReference, PoolMemory } from "../../core/model/market.ts";
import type { PipelineMode } from "../../core/model/pipeline-mode.ts";
import { instanceIn, type PlaceReading } from "../../core/model/place-reading.ts";
import type { SpotBackoff } from "../../core/model/spot-backoff.ts";
import type { Target } from "../../core/model/target.ts";
import { effectivePolicy, type Policy } from "../../core/policy/policy.ts";
import type { RiskModel } from "../../core/risk/model.ts";
import { defaultModelVersion } from "../../core/risk/registry.ts";
import { rememberedSince, weighed } from "../evaluation/herd-memory.ts";
import { policyVersionOf } from "../evaluation/new-record.ts";
import { newDeploymentId } from "../evaluation/start.ts";
import { placedAmong } from "../cluster/check-group/placed.ts";
import { findPlacement } from "../linear/placement.ts";
import type { CustomerClientName, StepContext } from "../runtime/context.ts";
import { marketForMany, type StoredMarket } from "./market.ts";
import { fleetModels, type FleetModels } from "./models.ts";
import { readsAtPace, type AtPace } from "./reads.ts";

/** What a place is read with. */
type PlaceClientNames = CustomerClientName & keyof PlaceClients;

export type PlaceContext = StepContext<PlaceClientNames | "marketEc2" | "pricing"> & {
  /** 20 characters of `0-9a-z`. */
  readonly randomId: () => string;
};

export interface JudgedInPlace<Mode extends PipelineMode = PipelineMode> {
  readonly judgement: BulkJudgement<Mode>;
  readonly policy: Policy;
  /** On which the judgement rests, where it rests on any. */
  readonly market: MarketReference;
}

export interface PlaceSession {
  readonly account: Account;
  /** Of the session in the customer's account. */
  readonly sessionName: string;
  readonly clients: PlaceClients;
  /** By which all that is read of the place besides waits, too. */
  readonly atPace: AtPace;
  readonly reading: PlaceReading;
  readonly deploymentId: DeploymentId;
  /** Targets of their own among the instances of the place. */
  readonly linearTargets: GroupFacts["linearTargets"];
  /** What is remembered of targets whose Spot Instances EC2 has taken. */
  readonly backoffs: ReadonlyMap<TargetId, SpotBackoff>;
  /** Those of the region's market, whatever the product. */
  readonly types: () => Promise<readonly InstanceTypeFacts[]>;
  /** @throws BrokenFacts, BrokenModel: of this target alone */
  readonly judge: (
    target: Target,
    closeLook?: CloseLook<PipelineMode>,
    supposed?: Partial<Pick<Parts, "account" | "reading">>,
  ) => Promise<JudgedInPlace>;
  /** As if no pool were in quarantine, and no loss a ban. @throws as `judge` does */
  readonly judgeUnquarantined: (
    target: Target,
    closeLook?: CloseLook<PipelineMode>,
  ) => Promise<JudgedInPlace>;
}

/** Where no verdict rests on a market any will do. */
const anyProduct = "Linux/UNIX";

interface Parts {
  readonly context: PlaceContext;
  readonly account: Account;
  readonly reading: PlaceReading;
  readonly now: Date;
  readonly deploymentId: DeploymentId;
  readonly memory: RegionMemory;
  readonly models: FleetModels;
  readonly leaving: readonly string[];
  readonly linearTargets: GroupFacts["linearTargets"];
  readonly market: (product: string) => Promise<StoredMarket>;
  readonly offers: SharedOffers;
  readonly backoffs: ReadonlyMap<TargetId, SpotBackoff>;
  /** What is the same for several is one object: by that their offers are shared. */
  readonly sameMemory: (memory: PoolMemory) => PoolMemory;
}

export const policyOf = ({ pipelineMode, policyOverrides }: Target): Policy =>
  effectivePolicy(pipelineMode, policyOverrides);

const placementOf = async (
  { context, reading }: Parts,
  target: Target,
): Promise<Placement | undefined> => {
  const instance =
    target.pipelineMode === "LINEAR" ? instanceIn(reading, target.instanceId) : undefined;
  return instance && findPlacement(context.table, target.targetId, instance);
};

/** What its owner bought on Spot is another thing than what we have put in. */
const placedIn = async (
  { context: { table }, reading, deploymentId }: Parts,
  target: Target,
): Promise<GroupFacts["placed"]> => {
  if (target.pipelineMode !== "CLUSTER") return undefined;
  const found = findGroup(reading, target.group.asgName);
  const group = found.kind === "READ" ? found.group : undefined;
  return group && placedAmong({ table, deploymentId }, group);
};

const judge = async (
  parts: Parts,
  target: Target,
  closeLook: CloseLook<PipelineMode> | undefined,
): Promise<JudgedInPlace> => {
  const { account, reading, now, memory, models, leaving, linearTargets, deploymentId } = parts;
  const { backoffs } = parts;
  const policy = policyOf(target);
  const version = target.modelVersion ?? defaultModelVersion;
  const { market, stored } = await parts.market(productInPlace(reading, target) ?? anyProduct);
  const placedBy = await placementOf(parts, target);
  const placed = await placedIn(parts, target);
  const backoff = backoffs.get(target.targetId);
  const input = {
    reading,
    // What a target's mode is, its judgement is.
    target,
    account,
    policy,
    policyVersion: policyVersionOf(policy),
    riskModel: await models.standing(version),
    market,
    memory: parts.sameMemory(
      weighed(memory.of(target.targetId, rememberedSince(policy, now)), account.accountId),
    ),
    deploymentId,
    leaving,
    linearTargets,
    ...(placedBy !== undefined && { placedBy }),
    ...(placed !== undefined && { placed }),
    ...(backoff !== undefined && { backoff }),
    ...(closeLook !== undefined && { closeLook }),
  };
  const { pipelineMode } = target;
  // What the recorder answers is shared with nobody.
  const model: RiskModel = await models.model(version, (recorder) => {
    judgeInPlace(pipelineMode, { ...input, model: recorder });
  });
  const judgement = judgeInPlace(pipelineMode, { ...input, model, shared: parts.offers });
  return { judgement, policy, market: stored };
};

/** One reading for each product, however many ask. */
const marketsOf = (
  context: PlaceContext,
  question: { readonly region: string; readonly now: Date; readonly policies: readonly Policy[] },
): Parts["market"] => {
  const { region, now, policies } = question;
  const maxSpotPriceAgeMinutes = Math.min(
    ...policies.map((policy) => policy.maxSpotPriceAgeMinutes),
  );
  const markets = new Map<string, Promise<StoredMarket>>();
  return (product) => {
    const known =
      markets.get(product) ??
      marketForMany(context, { region, product, now, policy: { maxSpotPriceAgeMinutes } });
    markets.set(product, known);
    return known;
  };
};

const withoutQuarantines = ({ of }: RegionMemory): RegionMemory => ({
  of: (targetId, since) => ({ ...of(targetId, since), quarantined: [] }),
});

/** The object that was given first of those that say the same. */
const sameObjects = (): Parts["sameMemory"] => {
  const known = new Map<string, PoolMemory>();
  return (memory) => {
    const key = JSON.stringify(memory);
    const same = known.get(key) ?? memory;
    known.set(key, same);
    return same;
  };
};

const earliest = (times: readonly Date[], now: Date): string =>
  new Date(Math.min(now.getTime(), ...times.map((time) => time.getTime()))).toISOString();

export interface PlaceRequest {
  readonly account: Account;
  readonly region: string;
  /** All of the place. */
  readonly targets: readonly Target[];
  /** By which others are judged too. */
  readonly policies?: readonly Policy[];
  /** Whether Auto Scaling is asked. Default: where a target is a group or nodes. */
  readonly takesGroups?: boolean;
  /** Of the session in the customer's account. */
  readonly sessionName: string;
}

const hasGroups = ({ targets }: PlaceRequest): boolean =>
  targets.some(({ pipelineMode }) => pipelineMode !== "LINEAR");

/** @throws Retryable…, BrokenPermission, …: nothing is known of the place then */
export const openPlace = async (
  context: PlaceContext,
  request: PlaceRequest,
): Promise<PlaceSession> => {
  const { account, region, targets, sessionName } = request;
  const { table } = context;
  const { accountId } = account;
  const now = context.now();
  const atPace = readsAtPace(context, { accountId, region });
  const clients = atPace(await context.customer(account, region, sessionName));
  const takesGroups = request.takesGroups ?? hasGroups(request);
  const reading = await readPlace(clients, { accountId, region, now, takesGroups });
  const policies = [...targets.map(policyOf), ...(request.policies ?? [])];
  const since = earliest(
    policies.map((policy) => rememberedSince(policy, now)),
    now,
  );
  const { running } = await readSwitching(table, accountId);
  const deploymentId = await keepDeploymentId(table, newDeploymentId(context.randomId));
  const parts: Parts = {
    context,
    account,
    reading,
    now,
    deploymentId,
    memory: await readRegionMemory(table, { region, since, now }),
    models: fleetModels(table),
    leaving: running
      .filter((one) => one.region === region)
      .flatMap(({ leaves }) => leaves?.instanceId ?? []),
    linearTargets: targets.flatMap(({ pipelineMode, instanceId, targetId }) =>
      pipelineMode === "LINEAR" ? [{ instanceId, targetId }] : [],
    ),
    market: marketsOf(context, { region, now, policies }),
    offers: shareOffers(),
    backoffs: await listSpotBackoffs(table, { accountId, region }),
    sameMemory: sameObjects(),
  };
  return {
    account,
    sessionName,
    clients,
    atPace,
    reading,
    deploymentId,
    linearTargets: parts.linearTargets,
    backoffs: parts.backoffs,
    types: async () => (await parts.market(anyProduct)).market.types,
    judge: (target, closeLook, supposed) => judge({ ...parts, ...supposed }, target, closeLook),
    judgeUnquarantined: (target, closeLook) =>
      judge({ ...parts, memory: withoutQuarantines(parts.memory) }, withoutBan(target), closeLook),
  };
};
