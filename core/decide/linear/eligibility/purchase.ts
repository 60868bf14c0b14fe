/** Rules about what the instance is and how it was bought: only running, shared, On-Demand capacity is replaced. */
import { hasEnded } from "../../../model/instance.ts";
import { isReturnGroup } from "../return-capacity.ts";
import { spotProductOf, spotProducts } from "../../offers/spot-product.ts";
import { listed, type OriginalRule } from "./rule.ts";

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

const typeIsSoldOnSpot: OriginalRule = ({ instance, type }) =>
  type === undefined || type.supportsSpot
    ? undefined
    : {
        code: "TYPE_WITHOUT_SPOT",
        sentence: `Type ${instance.instanceType} of ${instance.instanceId} is not sold as Spot: move it to a type that is.`,
      };

const isNotSpotYet: OriginalRule = ({ instance }) =>
  instance.lifecycle !== "spot"
    ? undefined
    : {
        code: "ALREADY_SPOT",
        sentence: `Instance ${instance.instanceId} is a Spot instance (${instance.instanceType} in ${instance.zoneId}) already: there is nothing to do.`,
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

const platformIsSoldOnSpot: OriginalRule = ({ instance }) =>
  spotProductOf(instance.platformDetails) !== undefined
    ? undefined
    : {
        code: "PLATFORM_WITHOUT_SPOT_PRODUCT",
        sentence: `Platform "${instance.platformDetails}" of ${instance.instanceId} has no Spot product (Spot sells ${listed(spotProducts)}): keep it On-Demand, or move the load to one of these.`,
      };

export const purchaseRules: readonly OriginalRule[] = [
  isNotSpotYet,
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
