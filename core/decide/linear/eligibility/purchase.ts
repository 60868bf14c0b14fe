/** Rules about what the instance is and how it was bought: only running, shared, On-Demand capacity is replaced. */
import { hasEnded } from "../../../model/instance.ts";
import { addressesAtRisk, takesDataBack } from "../data-way-back.ts";
import { isReturnGroup } from "../return-capacity.ts";
import { spotProductOf, spotProducts } from "../../offers/spot-product.ts";
import { leavesSpot } from "../../../model/evaluation-kind.ts";
import { evaluationTag } from "../../../model/tags.ts";
import { listed } from "../../switch/objection.ts";
import type { OriginalFacts, OriginalRule } from "./rule.ts";

const isWayBack = ({ kind }: Pick<OriginalFacts, "kind">): boolean => kind === "FALL_BACK";

const isRunning: OriginalRule = ({ instance }) => {
  if (instance.state === "running") return undefined;
  const next = hasEnded(instance.state)
    ? "delete the target"
    : "start it, and evaluate when it runs";
  return {
    code: "INSTANCE_NOT_RUNNING",
    sentence: `Instance ${instance.instanceId} is ${instance.state}: ${next}.`,
  };
};

/** If not, the wrong instance may have been registered. After a switch the target has the type of the replacement. */
const isAsRegistered: OriginalRule = ({ instance, target }) =>
  target.instanceType === instance.instanceType
    ? undefined
    : {
        code: "WRONG_INSTANCE_TYPE_REGISTERED",
        sentence: `Instance ${instance.instanceId} is ${instance.instanceType}, but target ${target.targetId} was registered as ${target.instanceType}: check the instance id, and register it with its present type.`,
      };

const typeIsKnown: OriginalRule = ({ instance, type }) =>
  type !== undefined
    ? undefined
    : {
        code: "INSTANCE_TYPE_UNKNOWN",
        sentence: `The catalogue of ${instance.region} does not have type ${instance.instanceType}, so nothing can be compared with it: move ${instance.instanceId} to a type of that region.`,
      };

const typeIsSoldOnSpot: OriginalRule = ({ instance, type, ...asked }) =>
  isWayBack(asked) || type === undefined || type.supportsSpot
    ? undefined
    : {
        code: "TYPE_WITHOUT_SPOT",
        sentence: `Type ${instance.instanceType} of ${instance.instanceId} is not sold as Spot: move it to a type that is.`,
      };

const isNotSpotYet: OriginalRule = ({ instance, placedBy, ...asked }) => {
  if (leavesSpot(asked) || instance.lifecycle !== "spot") return undefined;
  const { instanceId, instanceType, zoneId } = instance;
  const found = `Instance ${instanceId} is a Spot instance (${instanceType} in ${zoneId}) already`;
  return placedBy === undefined
    ? { code: "ALREADY_SPOT", sentence: `${found}: there is nothing to do.` }
    : {
        code: "ALREADY_SPOT",
        sentence: `${found}, by evaluation ${placedBy.evaluationId}. Ask for {"to": "ON_DEMAND"} if it is to go back.`,
        isThereAlready: true,
      };
};

const isNotOnDemandYet: OriginalRule = ({ instance, ...asked }) =>
  !isWayBack(asked) || instance.lifecycle !== undefined
    ? undefined
    : {
        code: "ALREADY_ON_DEMAND",
        sentence: `Instance ${instance.instanceId} is an On-Demand instance (${instance.instanceType} in ${instance.zoneId}) already: there is no way back to go.`,
        isThereAlready: true,
      };

/** What its owner bought on Spot is not ended by us. */
const wasPlacedBySwitch: OriginalRule = ({ instance, placedBy, ...asked }) =>
  !isWayBack(asked) || instance.lifecycle !== "spot" || placedBy !== undefined
    ? undefined
    : {
        code: "NOT_PLACED_BY_A_SWITCH",
        sentence: `Instance ${instance.instanceId} is a Spot instance that no switch of this target has launched, or its tag ${evaluationTag} is gone: it is its owner's, who alone ends it. Write the tag back, or launch the On-Demand instance yourself.`,
      };

/** It is ended before its parts are taken, and what is on its primary interface is free for anybody then. */
const keepsAddresses: OriginalRule = ({ instance, policy, placedBy, kind }) => {
  if (placedBy === undefined || !takesDataBack({ policy, ...(kind && { kind }) })) return undefined;
  const atRisk = addressesAtRisk(instance);
  return atRisk.length === 0
    ? undefined
    : {
        code: "STATEFUL_ON_SPOT",
        sentence: `Instance ${instance.instanceId} holds the newer writes and can't be stopped: it is terminated before its volumes are taken. Private address ${listed(atRisk)} on its primary interface would be free for anybody's launch meanwhile. Next: move that to a secondary interface, or see "The way back" in the runbook.`,
        // Nobody asked: it stays where it stands.
        ...(kind === "MOVE" && { isThereAlready: true as const }),
      };
};

const isOnDemand: OriginalRule = ({ instance }) =>
  instance.lifecycle === undefined || instance.lifecycle === "spot"
    ? undefined
    : {
        code: "LIFECYCLE_NOT_ON_DEMAND",
        sentence: `Instance ${instance.instanceId} was bought as ${instance.lifecycle}, not On-Demand: let that purchase end first.`,
      };

const isOnSharedHardware: OriginalRule = ({ instance }) =>
  instance.tenancy === "default"
    ? undefined
    : {
        code: "TENANCY_NOT_SHARED",
        sentence: `Instance ${instance.instanceId} has tenancy ${instance.tenancy}, which its replacement would lose: set it to default if it does not need that.`,
      };

const isOutsideReservations: OriginalRule = ({ instance }) =>
  instance.capacityReservationId === undefined
    ? undefined
    : {
        code: "CAPACITY_RESERVATION",
        sentence: `Instance ${instance.instanceId} runs in capacity reservation ${instance.capacityReservationId}, which is paid whether used or not: take it out, or cancel the reservation.`,
      };

/** Its owner wants it in there: it may not start outside, and the reservation would stand empty. */
const targetsNoReservation: OriginalRule = ({ instance }) => {
  const { instanceId, capacityReservationId, capacityChoice = {} } = instance;
  const { reservationId, groupArn, preference } = capacityChoice;
  const place =
    groupArn !== undefined && isReturnGroup(groupArn, instanceId)
      ? undefined
      : (reservationId ?? groupArn);
  const onlyThere = preference === "capacity-reservations-only";
  if (capacityReservationId !== undefined || (place === undefined && !onlyThere)) return undefined;
  return {
    code: "CAPACITY_RESERVATION",
    sentence: `Instance ${instanceId} is to start in ${place ?? "capacity reservations only"}, by its Capacity Reservation settings: a roll-back may not be able to start it. Set these to open or none (it must be stopped for that).`,
  };
};

const isWithoutProductCodes: OriginalRule = ({ instance }) =>
  instance.productCodes.length === 0
    ? undefined
    : {
        code: "PRODUCT_CODES",
        sentence: `Instance ${instance.instanceId} carries product code ${listed(instance.productCodes)} (Marketplace), whose licence may not cover a clone on Spot: rebuild it from an image without product codes.`,
      };

/** By the words in the platform's details. Source of the details: EC2 user guide, "AMI billing information fields". */
const licences: readonly (readonly [pattern: RegExp, because: string, next: string])[] = [
  [
    /BYOL/,
    "its licence is the owner's own (BYOL)",
    "keep it On-Demand, or convert it to a licence that AWS includes (License Manager, license type conversion)",
  ],
  [
    /SQL Server/,
    "the licence of SQL Server is billed with it",
    "keep it On-Demand, or move the database to an instance whose platform is one of these",
  ],
];

const platformIsSoldOnSpot: OriginalRule = ({ instance, ...asked }) => {
  const { instanceId, platformDetails } = instance;
  if (isWayBack(asked) || spotProductOf(platformDetails) !== undefined) return undefined;
  const licence = licences.find(([pattern]) => pattern.test(platformDetails));
  const [, because, next] = licence ?? [];
  return {
    code: "PLATFORM_WITHOUT_SPOT_PRODUCT",
    sentence:
      `Platform "${platformDetails}" of ${instanceId} has no Spot product` +
      `${because === undefined ? "" : `: ${because}`} (Spot sells ${listed(spotProducts)}): ` +
      `${next ?? "keep it On-Demand, or move the load to one of these"}.`,
  };
};

export const purchaseRules: readonly OriginalRule[] = [
  isNotSpotYet,
  isNotOnDemandYet,
  wasPlacedBySwitch,
  keepsAddresses,
  isRunning,
  isOnDemand,
  isAsRegistered,
  typeIsKnown,
  typeIsSoldOnSpot,
  platformIsSoldOnSpot,
  isWithoutProductCodes,
  isOnSharedHardware,
  isOutsideReservations,
  targetsNoReservation,
];
