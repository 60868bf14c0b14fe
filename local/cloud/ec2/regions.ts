/**
 * Accounts and their regions, as they are opened. Zone names are the account's own: which zone id stands behind
 * `us-east-1a` is drawn per account, as AWS does it. Each region has one VPC with its default security
 * group and a public /24 subnet per zone.
 */
import { CloudError, type Call } from "../contract.ts";
import { newId, type Ec2Context } from "./context.ts";
import { emptyKeptState } from "./kept-state.ts";
import { declareGroup, defaultGroup } from "./security-group-records.ts";
import type { AccountState, Egress, RegionState, Subnet, Zone } from "./state.ts";

const shuffled = <T>(context: Ec2Context, name: string, items: readonly T[]): T[] => {
  const random = context.random.fork(name);
  const rest = [...items];
  return items.flatMap(() => rest.splice(random.integer(0, rest.length - 1), 1));
};

export const addSubnet = (
  context: Ec2Context,
  region: RegionState,
  input: { readonly zone: Zone; readonly mapPublicIp?: boolean; readonly egress?: Egress },
): Subnet => {
  const subnet: Subnet = {
    id: newId(context, "subnet-"),
    createdAt: context.clock.now(),
    visibleAt: 0,
    tags: {},
    vpcId: region.vpcId,
    zone: input.zone,
    prefix: `10.0.${String(region.subnets.size)}`,
    mapPublicIp: input.mapPublicIp ?? false,
    egress: input.egress ?? "internet-gateway",
    takenElsewhere: 0,
  };
  region.subnets.set(subnet.id, subnet);
  return subnet;
};

/** What AWS gives. Source: EBS user guide, "Quotas for Amazon EBS", Snapshots per Region. */
export const defaultSnapshotQuota = 100_000;

const createRegion = (context: Ec2Context, accountId: string, region: string): RegionState => {
  if (!context.market.regions.includes(region)) {
    throw new Error(`The market has no region ${region}.`);
  }
  const zones = shuffled(context, `zones:${accountId}:${region}`, context.market.zones(region)).map(
    (id, position): Zone => ({ id, name: `${region}${String.fromCharCode(97 + position)}` }),
  );
  const created: RegionState = {
    accountId,
    region,
    zones,
    vpcId: newId(context, "vpc-"),
    subnets: new Map(),
    instances: new Map(),
    volumes: new Map(),
    snapshots: new Map(),
    images: new Map(),
    deregisteredImages: new Set(),
    kept: emptyKeptState(),
    interfaces: new Map(),
    securityGroups: new Map(),
    addresses: new Map(),
    spotRequests: new Map(),
    capacityReservations: new Map(),
    templates: new Map(),
    keyPairs: new Set(),
    profiles: new Set(),
    licenses: new Set(),
    placementGroups: new Map(),
    rootTasks: new Map(),
    snapshotQuota: defaultSnapshotQuota,
    encryption: { isByDefault: false },
    reserved: [],
    tokens: new Map(),
  };
  declareGroup(context, created, { id: defaultGroup(created), name: "default" });
  for (const zone of zones) addSubnet(context, created, { zone });
  return created;
};

export const newAccount = (context: Ec2Context, accountId: string): AccountState => {
  const account: AccountState = {
    accountId,
    regions: new Map(),
    spotVcpus: { ...context.settings.spotVcpus },
    onDemandVcpus: { ...context.settings.onDemandVcpus },
  };
  context.accounts.set(accountId, account);
  return account;
};

export const openRegion = (context: Ec2Context, accountId: string, region: string): RegionState => {
  const account = context.accounts.get(accountId) ?? newAccount(context, accountId);
  const existing = account.regions.get(region);
  if (existing !== undefined) return existing;
  const created = createRegion(context, accountId, region);
  account.regions.set(region, created);
  return created;
};

/**
 * The caller's region. An account that nobody declared (our own, for market data) has every region of the market.
 * @throws CloudError where the account has not opted in to the region.
 */
export const regionOf = (context: Ec2Context, call: Call): RegionState => {
  const account = context.accounts.get(call.caller.accountId);
  const region = account?.regions.get(call.region);
  if (region !== undefined) return region;
  if (account === undefined && context.market.regions.includes(call.region)) {
    for (const name of context.market.regions) openRegion(context, call.caller.accountId, name);
    return openRegion(context, call.caller.accountId, call.region);
  }
  // A region that is not enabled does not know the credentials at all.
  throw new CloudError(
    "AuthFailure",
    "AWS was not able to validate the provided access credentials",
    401,
  );
};
