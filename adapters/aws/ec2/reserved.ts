/** Reserved Instances of the account in a region, and what of them is in use. */
import {
  DescribeReservedInstancesCommand,
  type EC2Client,
  type Filter,
  type Instance,
} from "@aws-sdk/client-ec2";
import type { ReservedCoverage } from "../../../core/model/market.ts";
import {
  reservedCountOf,
  reservedCoverage,
  reservedProducts,
  type ReservationUser,
  type ReservedInstances,
} from "../../../core/model/reserved.ts";
import { required } from "../required.ts";
import { callAws } from "../translate-error.ts";
import { withoutUndefined } from "../without-undefined.ts";
import { describeInstances, instanceState } from "./describe.ts";

/** Active ones; all that match the filters. One call without pages: an account has few of these. */
export const readReservations = async (
  ec2: EC2Client,
  input: { readonly resource?: string; readonly filters: readonly Filter[] },
): Promise<readonly ReservedInstances[]> => {
  const { filters, ...named } = input;
  const answer = await callAws({ action: "DescribeReservedInstances", ...named }, () =>
    ec2.send(
      new DescribeReservedInstancesCommand({
        Filters: [{ Name: "state", Values: ["active"] }, ...filters],
      }),
    ),
  );
  return (
    (answer.ReservedInstances ?? [])
      // Those of `dedicated` tenancy don't cover instances on shared hardware.
      .filter(({ InstanceTenancy }) => InstanceTenancy !== "dedicated")
      .map(({ InstanceType, ProductDescription, InstanceCount }) => ({
        instanceType: required(InstanceType, "the type of a reservation"),
        product: required(ProductDescription, "the product of a reservation"),
        count: InstanceCount ?? 0,
      }))
  );
};

const reservationUser = (instance: Instance): ReservationUser => {
  const instanceId = required(instance.InstanceId, "an instance's id");
  return withoutUndefined({
    instanceId,
    instanceType: required(instance.InstanceType, `the type of ${instanceId}`),
    platformDetails: required(instance.PlatformDetails, `the platform of ${instanceId}`),
    state: required(instanceState(instance.State?.Name), `the state of ${instanceId}`),
    lifecycle: instance.InstanceLifecycle,
  });
};

/** As `reservedCoverage` counts it: two calls, or one where nothing is reserved. */
export const readReservedCoverage = async (
  ec2: EC2Client,
  input: {
    readonly instanceType: string;
    readonly platform: string;
    readonly leaving: readonly string[];
  },
): Promise<ReservedCoverage> => {
  const { instanceType, platform } = input;
  const reserved = await readReservations(ec2, {
    resource: instanceType,
    filters: [
      { Name: "instance-type", Values: [instanceType] },
      { Name: "product-description", Values: [...reservedProducts(platform)] },
    ],
  });
  const found =
    reservedCountOf(reserved, input) === 0
      ? []
      : await describeInstances(ec2, [
          { Name: "instance-type", Values: [instanceType] },
          { Name: "instance-state-name", Values: ["running"] },
        ]);
  return reservedCoverage({ reserved, instances: found.map(reservationUser) }, input);
};
