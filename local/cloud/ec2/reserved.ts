/** Reserved Instances of the account, as a scenario declares them. */
import type {
  DescribeReservedInstancesCommandInput,
  DescribeReservedInstancesResult,
} from "@aws-sdk/client-ec2";
import type { Call } from "../contract.ts";
import type { Ec2Context } from "./context.ts";
import { applyFilters } from "./filters.ts";
import { refuse } from "./refusals.ts";
import { regionOf } from "./regions.ts";

export const reservedOperations = (context: Ec2Context) => ({
  DescribeReservedInstances: (
    call: Call,
    input: DescribeReservedInstancesCommandInput,
  ): DescribeReservedInstancesResult => {
    const region = regionOf(context, call);
    const ids = input.ReservedInstancesIds ?? [];
    const known = new Set(region.reserved.map((reserved) => reserved.ReservedInstancesId));
    const absent = ids.find((id) => !known.has(id));
    if (absent !== undefined) {
      throw refuse(
        "InvalidReservedInstancesId",
        `The reserved instances ID '${absent}' does not exist`,
      );
    }
    const reserved = region.reserved.filter(
      (each) => ids.length === 0 || ids.includes(each.ReservedInstancesId ?? ""),
    );
    return {
      ReservedInstances: [
        ...applyFilters(reserved, input.Filters, {
          "instance-type": (each) => each.InstanceType,
          "availability-zone": (each) => each.AvailabilityZone,
          "product-description": (each) => each.ProductDescription,
          scope: (each) => each.Scope,
          state: (each) => each.State,
          "reserved-instances-id": (each) => each.ReservedInstancesId,
        }),
      ],
    };
  },
});
