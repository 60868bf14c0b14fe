import { beforeEach, describe, expect, it } from "@jest/globals";
import {
  CancelCapacityReservationCommand,
  CreateCapacityReservationCommand,
  DescribeCapacityReservationsCommand,
  EC2Client,
  ModifyInstanceCapacityReservationAttributesCommand,
  type CapacityReservation,
} from "@aws-sdk/client-ec2";
import { mockClient } from "aws-sdk-client-mock";
import {
  cancelReservation,
  capacityChoiceOf,
  findReservations,
  pointAtGroup,
  readReservation,
  reserveCapacity,
} from "../../../../adapters/aws/ec2/capacity-reservations.ts";
import { awsError, metadata } from "../aws-error.ts";

const ec2 = new EC2Client({ region: "eu-central-1" });
const mock = mockClient(ec2);

const arn = "arn:aws:ec2:eu-central-1:1:capacity-reservation/cr-1";

const reservation = (change: Partial<CapacityReservation> = {}): CapacityReservation => ({
  CapacityReservationId: "cr-1",
  CapacityReservationArn: arn,
  State: "active",
  Tags: [{ Key: "run", Value: "1" }],
  ...change,
});

const facts = { reservationId: "cr-1", reservationArn: arn, state: "active", tags: { run: "1" } };

const wanted = {
  clientToken: "token",
  instanceType: "m5.large",
  zoneName: "eu-central-1a",
  platform: "Linux/UNIX",
  tenancy: "default",
  endsAt: "2026-03-02T12:00:00.000Z",
  tags: { run: "1" },
};

beforeEach(() => {
  mock.reset();
});

describe("a reservation", () => {
  it("is of one place that only what names it can use, with an end", async () => {
    mock
      .on(CreateCapacityReservationCommand)
      .resolves({ CapacityReservation: reservation(), $metadata: metadata("r1") });
    await expect(reserveCapacity(ec2, wanted)).resolves.toEqual({
      kind: "RESERVED",
      ...facts,
      requestId: "r1",
    });
    expect(mock.commandCalls(CreateCapacityReservationCommand)[0]?.args[0].input).toEqual({
      ClientToken: "token",
      InstanceType: "m5.large",
      InstancePlatform: "Linux/UNIX",
      AvailabilityZone: "eu-central-1a",
      Tenancy: "default",
      InstanceCount: 1,
      InstanceMatchCriteria: "targeted",
      EndDateType: "limited",
      EndDate: new Date("2026-03-02T12:00:00.000Z"),
      TagSpecifications: [
        { ResourceType: "capacity-reservation", Tags: [{ Key: "run", Value: "1" }] },
      ],
    });
  });

  it.each([
    "InsufficientInstanceCapacity",
    "VcpuLimitExceeded",
    "InstanceLimitExceeded",
    "Unsupported",
    "UnsupportedOperation",
  ])("that EC2 refuses with %s is an answer", async (code) => {
    mock.on(CreateCapacityReservationCommand).rejects(awsError(code));
    await expect(reserveCapacity(ec2, wanted)).resolves.toMatchObject({ kind: "REFUSED", code });
  });

  it("that has failed is refused", async () => {
    mock.on(CreateCapacityReservationCommand).resolves({
      CapacityReservation: reservation({ State: "failed" }),
      $metadata: metadata("r1"),
    });
    await expect(reserveCapacity(ec2, wanted)).resolves.toMatchObject({
      kind: "REFUSED",
      code: "failed",
    });
  });

  it.each([
    ["UnauthorizedOperation", "BrokenPermission"],
    ["InvalidParameterValue", "BrokenRequest"],
    ["RequestLimitExceeded", "RetryableThrottled"],
  ])("is not refused by %s", async (code, name) => {
    mock.on(CreateCapacityReservationCommand).rejects(awsError(code));
    await expect(reserveCapacity(ec2, wanted)).rejects.toMatchObject({ name });
  });

  it("is read by its id, and undefined where EC2 does not show it", async () => {
    mock
      .on(DescribeCapacityReservationsCommand)
      .resolvesOnce({ CapacityReservations: [reservation()] })
      .rejectsOnce(awsError("InvalidCapacityReservationId.NotFound"));
    await expect(readReservation(ec2, "cr-1")).resolves.toEqual(facts);
    await expect(readReservation(ec2, "cr-1")).resolves.toBeUndefined();
  });

  it("is found by a tag among all that hold capacity: EC2 has no filter for it", async () => {
    mock
      .on(DescribeCapacityReservationsCommand)
      .resolvesOnce({
        CapacityReservations: [reservation({ CapacityReservationId: "cr-0", Tags: [] })],
        NextToken: "n",
      })
      .resolvesOnce({ CapacityReservations: [reservation()] });
    await expect(findReservations(ec2, { key: "run", value: "1" })).resolves.toEqual([facts]);
    const asked = {
      Filters: [{ Name: "state", Values: ["active", "pending"] }],
      MaxResults: 1000,
    };
    expect(
      mock.commandCalls(DescribeCapacityReservationsCommand).map(({ args }) => args[0].input),
    ).toEqual([asked, { ...asked, NextToken: "n" }]);
  });

  it("is cancelled; one that EC2 does not know yet is asked for again", async () => {
    mock
      .on(CancelCapacityReservationCommand, { CapacityReservationId: "cr-1" })
      .resolvesOnce({ Return: true, $metadata: metadata("r1") })
      .rejectsOnce(awsError("InvalidCapacityReservationId.NotFound"));
    await expect(cancelReservation(ec2, "cr-1")).resolves.toEqual({ requestId: "r1" });
    await expect(cancelReservation(ec2, "cr-1")).rejects.toMatchObject({
      name: "RetryableNotVisible",
    });
  });
});

describe("where an instance takes its capacity from", () => {
  it("is set to a group", async () => {
    mock
      .on(ModifyInstanceCapacityReservationAttributesCommand)
      .resolves({ Return: true, $metadata: metadata("r1") });
    await pointAtGroup(ec2, { instanceId: "i-1", groupArn: "arn:group" });
    expect(
      mock.commandCalls(ModifyInstanceCapacityReservationAttributesCommand)[0]?.args[0].input,
    ).toEqual({
      InstanceId: "i-1",
      CapacityReservationSpecification: {
        CapacityReservationTarget: { CapacityReservationResourceGroupArn: "arn:group" },
      },
    });
  });

  it.each([
    [undefined, undefined],
    [{ CapacityReservationPreference: "open" }, { preference: "open" }],
    [{ CapacityReservationTarget: { CapacityReservationId: "cr-1" } }, { reservationId: "cr-1" }],
    [
      { CapacityReservationTarget: { CapacityReservationResourceGroupArn: "arn:group" } },
      { groupArn: "arn:group" },
    ],
  ] as const)("is told of %j as %j", (CapacityReservationSpecification, choice) => {
    expect(
      capacityChoiceOf(
        CapacityReservationSpecification === undefined ? {} : { CapacityReservationSpecification },
      ),
    ).toEqual(choice);
  });
});
