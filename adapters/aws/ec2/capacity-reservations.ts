/**
 * On-Demand capacity reservations: made, read, cancelled, and the setting by which a stopped instance is to start in one. EC2 does not find them
 * by tag: those that hold capacity are all read, and looked through.
 */
import {
  CancelCapacityReservationCommand,
  CreateCapacityReservationCommand,
  DescribeCapacityReservationsCommand,
  ModifyInstanceCapacityReservationAttributesCommand,
  type CapacityReservation,
  type CapacityReservationInstancePlatform,
  type CapacityReservationTenancy,
  type EC2Client,
  type Filter,
  type Instance,
} from "@aws-sdk/client-ec2";
import type { CapacityChoice } from "../../../core/model/instance.ts";
import { acted, type Acted } from "../acted.ts";
import { isReservationRefusal } from "../error-codes.ts";
import { orAbsent } from "../or-absent.ts";
import { readAllPages } from "../paging.ts";
import { required } from "../required.ts";
import { callAws, expectRefusal } from "../translate-error.ts";
import { withoutUndefined } from "../without-undefined.ts";
import { largestPage, tagList, tagRecord } from "./describe.ts";

export interface ReservationFacts {
  readonly reservationId: string;
  readonly reservationArn: string;
  /** `pending`, `active`, `cancelled`, `expired`, `failed`; others are of kinds that we do not make. */
  readonly state: string;
  readonly tags: Readonly<Record<string, string>>;
}

const toFacts = (found: CapacityReservation): ReservationFacts => {
  const reservationId = required(found.CapacityReservationId, "a capacity reservation's id");
  return {
    reservationId,
    reservationArn: required(found.CapacityReservationArn, `the ARN of ${reservationId}`),
    state: required(found.State, `the state of ${reservationId}`),
    tags: tagRecord(found.Tags),
  };
};

export type ReservationResult = Acted &
  (
    | ({ readonly kind: "RESERVED" } & ReservationFacts)
    /** EC2's code and words. */
    | { readonly kind: "REFUSED"; readonly code: string; readonly message: string }
  );

/** A request that has failed is answered, and shown for an hour. */
const failed = "failed";

/**
 * Reserves capacity for one instance that names the reservation, or a group that has it; nobody else can use it. The same token and parameters
 * give the reservation of the first call.
 * @throws BrokenPermission and the like; Retryable… when the call may have acted
 */
export const reserveCapacity = async (
  ec2: EC2Client,
  input: {
    readonly clientToken: string;
    readonly instanceType: string;
    readonly zoneName: string;
    readonly platform: string;
    readonly tenancy: string;
    /** ISO 8601 */
    readonly endsAt: string;
    readonly tags: Readonly<Record<string, string>>;
  },
): Promise<ReservationResult> => {
  const resource = `${input.instanceType} in ${input.zoneName}`;
  try {
    const answer = await callAws({ action: "CreateCapacityReservation", resource }, () =>
      ec2.send(
        new CreateCapacityReservationCommand({
          ClientToken: input.clientToken,
          InstanceType: input.instanceType,
          InstancePlatform: input.platform as CapacityReservationInstancePlatform,
          AvailabilityZone: input.zoneName,
          Tenancy: input.tenancy as CapacityReservationTenancy,
          InstanceCount: 1,
          InstanceMatchCriteria: "targeted",
          EndDateType: "limited",
          EndDate: new Date(input.endsAt),
          TagSpecifications: [{ ResourceType: "capacity-reservation", Tags: tagList(input.tags) }],
        }),
      ),
    );
    const made = toFacts(required(answer.CapacityReservation, `the reservation of ${resource}`));
    const { reservationId, state } = made;
    return state === failed
      ? {
          ...acted(answer),
          kind: "REFUSED",
          code: failed,
          message: `CreateCapacityReservation (${resource}) made ${reservationId}, which has failed.`,
        }
      : { ...acted(answer), kind: "RESERVED", ...made };
  } catch (error) {
    const { code, requestId, error: refused } = expectRefusal(error, isReservationRefusal);
    return { kind: "REFUSED", code, message: refused.message, requestId };
  }
};

/** By its id. Undefined when EC2 does not show it (not yet, or no longer). */
export const readReservation = async (
  ec2: EC2Client,
  reservationId: string,
): Promise<ReservationFacts | undefined> => {
  const answer = await orAbsent(() =>
    callAws({ action: "DescribeCapacityReservations", resource: reservationId }, () =>
      ec2.send(
        new DescribeCapacityReservationsCommand({ CapacityReservationIds: [reservationId] }),
      ),
    ),
  );
  const found = answer?.CapacityReservations?.find(
    ({ CapacityReservationId }) => CapacityReservationId === reservationId,
  );
  return found === undefined ? undefined : toFacts(found);
};

const holdingCapacity: Filter = { Name: "state", Values: ["active", "pending"] };

/** Those of the account and region that hold capacity and carry the tag, as EC2 shows them. */
export const describeReservations = async (
  ec2: EC2Client,
  { key, value }: { readonly key: string; readonly value: string },
): Promise<readonly CapacityReservation[]> => {
  const all = await readAllPages({
    fetch: (token) =>
      callAws({ action: "DescribeCapacityReservations", resource: value }, () =>
        ec2.send(
          new DescribeCapacityReservationsCommand({
            Filters: [holdingCapacity],
            MaxResults: largestPage,
            NextToken: token,
          }),
        ),
      ),
    items: (page) => page.CapacityReservations,
    next: (page) => page.NextToken,
  });
  return all.filter(({ Tags }) => tagRecord(Tags)[key] === value);
};

/** Their facts. */
export const findReservations = async (
  ec2: EC2Client,
  tag: { readonly key: string; readonly value: string },
): Promise<readonly ReservationFacts[]> => (await describeReservations(ec2, tag)).map(toFacts);

/** What runs in it runs on. "Not found" means that EC2 does not know it *yet* by its id: RetryableNotVisible. */
export const cancelReservation = async (ec2: EC2Client, reservationId: string): Promise<Acted> =>
  acted(
    await callAws(
      {
        action: "CancelCapacityReservation",
        resource: reservationId,
        notFoundMeans: "not-visible",
      },
      () =>
        ec2.send(new CancelCapacityReservationCommand({ CapacityReservationId: reservationId })),
    ),
  );

/** From its next start on the stopped instance takes what the group has for it, and On-Demand capacity otherwise. */
export const pointAtGroup = async (
  ec2: EC2Client,
  { instanceId, groupArn }: { readonly instanceId: string; readonly groupArn: string },
): Promise<Acted> =>
  acted(
    await callAws(
      { action: "ModifyInstanceCapacityReservationAttributes", resource: instanceId },
      () =>
        ec2.send(
          new ModifyInstanceCapacityReservationAttributesCommand({
            InstanceId: instanceId,
            CapacityReservationSpecification: {
              CapacityReservationTarget: { CapacityReservationResourceGroupArn: groupArn },
            },
          }),
        ),
    ),
  );

/** Where EC2 says that the instance takes its capacity from when it starts; undefined where it says nothing. */
export const capacityChoiceOf = ({
  CapacityReservationSpecification: specification,
}: Pick<Instance, "CapacityReservationSpecification">): CapacityChoice | undefined =>
  specification === undefined
    ? undefined
    : withoutUndefined({
        preference: specification.CapacityReservationPreference,
        reservationId: specification.CapacityReservationTarget?.CapacityReservationId,
        groupArn: specification.CapacityReservationTarget?.CapacityReservationResourceGroupArn,
      });
