/** Where an instance takes its capacity from when it starts: as a request says it, and as EC2 shows it. */
import type {
  CapacityReservationSpecification,
  CapacityReservationSpecificationResponse,
} from "@aws-sdk/client-ec2";
import { refuse } from "./refusals.ts";
import type { CapacityChoice } from "./state.ts";

/** @throws CloudError where it names two places at once */
export const choiceOf = (
  specification: CapacityReservationSpecification | undefined,
): CapacityChoice => {
  const { CapacityReservationPreference: preference, CapacityReservationTarget: target = {} } =
    specification ?? {};
  const { CapacityReservationId: reservationId, CapacityReservationResourceGroupArn: groupArn } =
    target;
  if (reservationId !== undefined && groupArn !== undefined) {
    throw refuse(
      "InvalidParameterCombination",
      "Specify either a Capacity Reservation or a Capacity Reservation group.",
    );
  }
  if (reservationId !== undefined) return { reservationId };
  return groupArn === undefined ? { preference: preference ?? "open" } : { groupArn };
};

export const viewChoice = (choice: CapacityChoice): CapacityReservationSpecificationResponse => {
  if ("preference" in choice) return { CapacityReservationPreference: choice.preference };
  return {
    CapacityReservationTarget:
      "groupArn" in choice
        ? { CapacityReservationResourceGroupArn: choice.groupArn }
        : { CapacityReservationId: choice.reservationId },
  };
};
