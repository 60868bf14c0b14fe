/** A place that holds one eligible instance, and the target on it: the base which each case spoils in one place. */
import type { InPlaceInput } from "../../../../core/decide/fleet/judge-in-place.ts";
import { deploymentIdSchema } from "../../../../core/model/ids.ts";
import type { GroupFacts } from "../../../../core/model/group.ts";
import type { InstanceFacts } from "../../../../core/model/instance.ts";
import type { RegionMarket } from "../../../../core/model/market.ts";
import type {
  BulkGroup,
  BulkInstance,
  PlaceReading,
} from "../../../../core/model/place-reading.ts";
import { findModel } from "../../../../core/risk/registry.ts";
import {
  labAccount,
  linearTarget,
  openMarket,
  openPolicy,
  plainInstance,
} from "../linear/eligible-facts.ts";

/** As the lists show an instance of which more is known. */
const asListed = (instance: InstanceFacts): BulkInstance => {
  const {
    disableApiTermination: _termination,
    disableApiStop: _stop,
    targetGroups: _groups,
    classicLoadBalancers: _balancers,
    directoryDomain: _domain,
    ...listed
  } = instance;
  return listed;
};

/** As the lists show a group of which more is known. */
export const asListedGroup = (group: GroupFacts): BulkGroup => {
  const {
    hooks: _hooks,
    refreshes: _refreshes,
    activities: _activities,
    alarmsInBreach: _breaches,
    stack: _stack,
    stopProtected: _protected,
    linearTargets: _targets,
    placed: _placed,
    unenrolled: _unenrolled,
    traffic,
    placementGroup,
    ...listed
  } = group;
  return {
    ...listed,
    trafficSources: [
      ...traffic.targetGroups.map(({ arn }) => arn),
      ...traffic.classic.map(({ name }) => name),
      ...traffic.missing,
      ...traffic.unreadable,
    ],
    ...(placementGroup !== undefined && { placementGroupName: placementGroup.name }),
  };
};

const {
  losses,
  quarantined,
  subnets,
  reserved: _reserved,
  placementScores: _scores,
  observedAt,
  ...region
} = openMarket;

export const regionMarket: RegionMarket = region;
const memory = { losses, quarantined };

export const placeOf = (...instances: readonly InstanceFacts[]): PlaceReading => ({
  accountId: plainInstance.accountId,
  region: plainInstance.region,
  readAt: observedAt,
  instances: instances.map(asListed),
  subnets: subnets.map((subnet) => ({ ...subnet, vpcId: plainInstance.vpcId })),
  reserved: [],
  groups: { kind: "NOT_ASKED" },
  unreadable: [],
});

/** Whatever the mode. */
export const commonInput: Omit<InPlaceInput<"LINEAR">, "target" | "closeLook" | "placedBy"> = {
  reading: placeOf(plainInstance),
  account: labAccount,
  policy: openPolicy(),
  policyVersion: "pol-0123456789ab",
  model: findModel(),
  riskModel: { version: findModel().version, status: "graduated" },
  market: regionMarket,
  memory,
  deploymentId: deploymentIdSchema.parse("dpl-0123456789"),
  linearTargets: [],
};

export const linearInput: InPlaceInput<"LINEAR"> = { ...commonInput, target: linearTarget };
