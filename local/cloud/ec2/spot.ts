/** The Spot market's API: prices, placement scores, requests. */
import type {
  CancelSpotInstanceRequestsCommandInput,
  CancelSpotInstanceRequestsResult,
  DescribeSpotInstanceRequestsCommandInput,
  DescribeSpotInstanceRequestsResult,
  DescribeSpotPriceHistoryCommandInput,
  DescribeSpotPriceHistoryResult,
  GetSpotPlacementScoresCommandInput,
  GetSpotPlacementScoresResult,
  RIProductDescription,
  SpotPlacementScore,
  _InstanceType,
} from "@aws-sdk/client-ec2";
import type { Call } from "../contract.ts";
import type { PriceChange } from "../market/market.ts";
import { findAll, selectVisible, type Ec2Context } from "./context.ts";
import { applyFilters, tagFields } from "./filters.ts";
import { paginate } from "./paging.ts";
import { capacityOf, occupants } from "./pools.ts";
import { kinds, refuse, required } from "./refusals.ts";
import { regionOf } from "./regions.ts";
import { endStopped } from "./spot-again.ts";
import { requestShown, setStatus, viewRequest } from "./spot-requests.ts";
import type { RegionState, SpotRequest } from "./state.ts";

/** EC2 keeps 90 days of prices. */
const historyMs = 90 * 24 * 3_600_000;

/** `Linux/UNIX (Amazon VPC)` is the same pool as `Linux/UNIX`. */
const plainProduct = (product: string): string => product.replace(" (Amazon VPC)", "");

/** The zone that the request names, by name or id. @throws CloudError where there is none such. */
const zoneAsked = (
  region: RegionState,
  input: DescribeSpotPriceHistoryCommandInput,
): string | undefined => {
  const asked = input.AvailabilityZone ?? input.AvailabilityZoneId;
  if (asked === undefined) return undefined;
  const zone = region.zones.find((each) => each.name === asked || each.id === asked);
  if (zone === undefined) {
    throw refuse("InvalidParameterValue", `Invalid availability zone: [${asked}]`);
  }
  return zone.id;
};

const historyOf = (
  context: Ec2Context,
  region: RegionState,
  input: DescribeSpotPriceHistoryCommandInput,
): readonly PriceChange[] => {
  const now = context.clock.now();
  const toMs = Math.min(input.EndTime?.getTime() ?? now, now);
  const fromMs = Math.max(input.StartTime?.getTime() ?? 0, now - historyMs);
  const zoneId = zoneAsked(region, input);
  const types = input.InstanceTypes ?? [];
  const products = input.ProductDescriptions ?? [];
  return context.market.priceHistory({
    region: region.region,
    fromMs: Math.min(fromMs, toMs),
    toMs,
    ...(zoneId === undefined ? {} : { zoneIds: [zoneId] }),
    ...(types.length === 0 ? {} : { instanceTypes: types }),
    ...(products.length === 0 ? {} : { products: products.map(plainProduct) }),
  });
};

/**
 * 1 (unlikely) to 10 (very likely): one point per four free places for each wanted instance and type. Fewer than
 * three types always score low, as AWS says; what its own formula is, it does not say.
 */
const scoreOf = (free: number, target: number, types: number): number => {
  const perType = free / Math.max(1, target) / types;
  const score = Math.min(10, 1 + Math.round(perType / 4));
  return types < 3 ? Math.min(3, score) : score;
};

const freeIn = (
  context: Ec2Context,
  place: { readonly region: string; readonly zoneId: string; readonly instanceType: string },
): number => {
  const pool = { ...place, product: "Linux/UNIX" };
  const capacity = capacityOf(context, "spot", { pool, atMs: context.clock.now() });
  return Math.max(0, capacity - occupants(context, "spot", place).length);
};

const scoresOf = (
  context: Ec2Context,
  input: GetSpotPlacementScoresCommandInput,
  zones: readonly { readonly region: string; readonly zoneId: string }[],
): readonly { readonly region: string; readonly zoneId: string; readonly score: number }[] => {
  const types = input.InstanceTypes ?? [];
  const target = required(input.TargetCapacity, "TargetCapacity");
  return zones.map((zone) => {
    const free = types
      .map((instanceType) => freeIn(context, { ...zone, instanceType }))
      .reduce((sum, each) => sum + each, 0);
    return { ...zone, score: scoreOf(free, target, Math.max(1, types.length)) };
  });
};

const cancel = (context: Ec2Context, region: RegionState, request: SpotRequest): void => {
  if (request.state === "closed" || request.state === "cancelled") return;
  const atMs = context.clock.now();
  const isRunning = request.state === "active";
  const stopped =
    request.state === "disabled" ? region.instances.get(request.instanceId ?? "") : undefined;
  request.state = "cancelled";
  if (stopped !== undefined) {
    endStopped(context, region, { instance: stopped, atMs });
    return;
  }
  setStatus(
    request,
    isRunning ? "request-canceled-and-instance-running" : "canceled-before-fulfillment",
    atMs,
  );
};

const describeSpotPriceHistory =
  (context: Ec2Context) =>
  (call: Call, input: DescribeSpotPriceHistoryCommandInput): DescribeSpotPriceHistoryResult => {
    const region = regionOf(context, call);
    const nameOf = (zoneId: string): string | undefined =>
      region.zones.find((zone) => zone.id === zoneId)?.name;
    const changes = applyFilters(historyOf(context, region, input), input.Filters, {
      "availability-zone": (change) => nameOf(change.zoneId),
      "availability-zone-id": (change) => change.zoneId,
      "instance-type": (change) => change.instanceType,
      "product-description": (change) => change.product,
      "spot-price": (change) => change.hourlyUsd.toFixed(6),
      timestamp: (change) => new Date(change.atMs).toISOString(),
    });
    const { items, ...next } = paginate(changes, input, {
      min: 1,
      max: 1000,
      pageSize: context.settings.pageSize,
    });
    return {
      SpotPriceHistory: items.map((change) => ({
        AvailabilityZone: nameOf(change.zoneId),
        AvailabilityZoneId: change.zoneId,
        InstanceType: change.instanceType as _InstanceType,
        ProductDescription: change.product as RIProductDescription,
        SpotPrice: change.hourlyUsd.toFixed(6),
        Timestamp: new Date(change.atMs),
      })),
      // This operation ends its pages with an empty token.
      NextToken: next.NextToken ?? "",
    };
  };

const getSpotPlacementScores =
  (context: Ec2Context) =>
  (call: Call, input: GetSpotPlacementScoresCommandInput): GetSpotPlacementScoresResult => {
    const region = regionOf(context, call);
    const regions = input.RegionNames ?? [region.region];
    const zones = regions.flatMap((name) =>
      context.market.zones(name).map((zoneId) => ({ region: name, zoneId })),
    );
    const scores = scoresOf(context, input, zones);
    const views: SpotPlacementScore[] =
      input.SingleAvailabilityZone === true
        ? scores.map((each) => ({
            Region: each.region,
            AvailabilityZoneId: each.zoneId,
            Score: each.score,
          }))
        : regions.map((Region) => ({
            Region,
            Score: scores
              .filter((each) => each.region === Region)
              .reduce((most, each) => Math.max(most, each.score), 1),
          }));
    const best = views.sort((one, other) => (other.Score ?? 0) - (one.Score ?? 0)).slice(0, 10);
    return { SpotPlacementScores: best };
  };

const describeSpotInstanceRequests =
  (context: Ec2Context) =>
  (
    call: Call,
    input: DescribeSpotInstanceRequestsCommandInput,
  ): DescribeSpotInstanceRequestsResult => {
    const region = regionOf(context, call);
    const requests = applyFilters(
      selectVisible(context, region.spotRequests, {
        kind: kinds.spotRequest,
        ids: input.SpotInstanceRequestIds,
        filters: input.Filters,
      }).map((request) => requestShown(context, request)),
      input.Filters,
      {
        ...tagFields<SpotRequest>(),
        "spot-instance-request-id": (request) => request.id,
        "instance-id": (request) => request.instanceId,
        state: (request) => request.state,
        "status-code": (request) => request.status.code,
        type: (request) => request.type,
        "launched-availability-zone": (request) => request.zone.name,
        "product-description": (request) => request.product,
      },
    );
    const { items, ...next } = paginate(requests, input, {
      min: 5,
      max: 1000,
      pageSize: context.settings.pageSize,
      ids: input.SpotInstanceRequestIds,
      idsParameter: "spotInstanceRequestIdSet",
    });
    return {
      SpotInstanceRequests: items.map((request) => viewRequest(region, request)),
      ...next,
    };
  };

const cancelSpotInstanceRequests =
  (context: Ec2Context) =>
  (call: Call, input: CancelSpotInstanceRequestsCommandInput): CancelSpotInstanceRequestsResult => {
    const region = regionOf(context, call);
    const requests = findAll(context, region.spotRequests, {
      kind: kinds.spotRequest,
      ids: required(input.SpotInstanceRequestIds, "SpotInstanceRequestIds"),
    });
    for (const request of requests) cancel(context, region, request);
    return {
      CancelledSpotInstanceRequests: requests.map((request) => ({
        SpotInstanceRequestId: request.id,
        State: request.state === "closed" ? "closed" : "cancelled",
      })),
    };
  };

export const spotOperations = (context: Ec2Context) => ({
  DescribeSpotPriceHistory: describeSpotPriceHistory(context),
  GetSpotPlacementScores: getSpotPlacementScores(context),
  DescribeSpotInstanceRequests: describeSpotInstanceRequests(context),
  CancelSpotInstanceRequests: cancelSpotInstanceRequests(context),
});
