import {
  CreateGroupCommand,
  DeleteGroupCommand,
  GetGroupCommand,
  GetTagsCommand,
  GroupResourcesCommand,
  ListGroupsCommand,
  ResourceGroupsClient,
} from "@aws-sdk/client-resource-groups";
import { beforeEach, describe, expect, it } from "@jest/globals";
import { mockClient } from "aws-sdk-client-mock";
import {
  deleteReservationGroup,
  findTaggedGroups,
  groupReservation,
  makeReservationGroup,
} from "../../../adapters/aws/resource-groups.ts";
import { awsError, metadata } from "./aws-error.ts";

const client = new ResourceGroupsClient({ region: "eu-central-1" });
const mock = mockClient(client);

const groupArn = "arn:aws:resource-groups:eu-central-1:1:group/ours";
const reservationArn = "arn:aws:ec2:eu-central-1:1:capacity-reservation/cr-1";
const wanted = { name: "ours", description: "For the way back.", tags: { run: "1" } };
const member = { groupArn, reservationArn };

beforeEach(() => {
  mock.reset();
});

describe("a group of capacity reservations", () => {
  it("is made as one that holds nothing else", async () => {
    mock
      .on(CreateGroupCommand)
      .resolves({ Group: { GroupArn: groupArn, Name: "ours" }, $metadata: metadata("r1") });
    await expect(makeReservationGroup(client, wanted)).resolves.toEqual({
      groupArn,
      requestId: "r1",
    });
    expect(mock.commandCalls(CreateGroupCommand)[0]?.args[0].input).toEqual({
      Name: "ours",
      Description: "For the way back.",
      Configuration: [
        { Type: "AWS::EC2::CapacityReservationPool" },
        {
          Type: "AWS::ResourceGroups::Generic",
          Parameters: [
            { Name: "allowed-resource-types", Values: ["AWS::EC2::CapacityReservation"] },
          ],
        },
      ],
      Tags: { run: "1" },
    });
  });

  it("that is there already is used", async () => {
    mock
      .on(CreateGroupCommand)
      .rejects(awsError("BadRequestException", { message: "group already exists" }));
    mock.on(GetGroupCommand, { Group: "ours" }).resolves({
      Group: { GroupArn: groupArn, Name: "ours" },
    });
    const made = await makeReservationGroup(client, wanted);
    expect(made.groupArn).toBe(groupArn);
    expect(made.doneBefore).toContain("group already exists");
  });

  it("that is refused for another reason is not there", async () => {
    mock.on(CreateGroupCommand).rejects(awsError("BadRequestException"));
    mock.on(GetGroupCommand).rejects(awsError("NotFoundException"));
    await expect(makeReservationGroup(client, wanted)).rejects.toMatchObject({
      name: "BrokenRequest",
    });
  });

  it("takes a reservation in", async () => {
    mock
      .on(GroupResourcesCommand, { Group: groupArn, ResourceArns: [reservationArn] })
      .resolves({ Succeeded: [reservationArn], $metadata: metadata("r1") });
    await expect(groupReservation(client, member)).resolves.toEqual({
      kind: "GROUPED",
      requestId: "r1",
    });
  });

  it.each([
    [{ Pending: [{ ResourceArn: reservationArn }] }],
    [{ Failed: [{ ResourceArn: reservationArn, ErrorCode: "RESOURCE_NOT_FOUND" }] }],
  ])("has not taken it in yet: %j", async (answer) => {
    mock.on(GroupResourcesCommand).resolves({ ...answer, $metadata: metadata("r1") });
    await expect(groupReservation(client, member)).resolves.toMatchObject({ kind: "NOT_YET" });
  });

  it("that will not have it says why", async () => {
    mock.on(GroupResourcesCommand).resolves({
      Failed: [
        { ResourceArn: reservationArn, ErrorCode: "NOT_ALLOWED", ErrorMessage: "Another type." },
      ],
      $metadata: metadata("r1"),
    });
    await expect(groupReservation(client, member)).rejects.toThrow("NOT_ALLOWED: Another type.");
  });

  it("is deleted; one that is gone was deleted before", async () => {
    mock
      .on(DeleteGroupCommand, { Group: "ours" })
      .resolvesOnce({ $metadata: metadata("r1") })
      .rejectsOnce(awsError("NotFoundException"))
      .rejectsOnce(awsError("ForbiddenException"));
    await expect(deleteReservationGroup(client, "ours")).resolves.toEqual({ requestId: "r1" });
    const again = await deleteReservationGroup(client, "ours");
    expect(again.doneBefore).toBeDefined();
    await expect(deleteReservationGroup(client, "ours")).rejects.toMatchObject({
      name: "BrokenPermission",
    });
  });
});

describe("groups that carry a tag", () => {
  const arnOf = (name: string): string => `arn:aws:resource-groups:eu-central-1:1:group/${name}`;
  const group = (name: string) => ({ GroupName: name, GroupArn: arnOf(name) });
  const wanted = { namePrefix: "spot-optimizer-dpl-1", key: "run", value: "1" };

  it("are asked for their tags by name, over all pages; one that is gone by then is not there", async () => {
    mock
      .on(ListGroupsCommand)
      .resolvesOnce({
        GroupIdentifiers: [group("others"), group("spot-optimizer-dpl-1-i-1")],
        NextToken: "n",
      })
      .resolvesOnce({
        GroupIdentifiers: [group("spot-optimizer-dpl-1-i-2"), group("spot-optimizer-dpl-1-i-3")],
      });
    mock
      .on(GetTagsCommand, { Arn: arnOf("spot-optimizer-dpl-1-i-1") })
      .resolves({ Tags: { run: "1", Name: "x" } });
    mock
      .on(GetTagsCommand, { Arn: arnOf("spot-optimizer-dpl-1-i-2") })
      .resolves({ Tags: { run: "2" } });
    mock
      .on(GetTagsCommand, { Arn: arnOf("spot-optimizer-dpl-1-i-3") })
      .rejects(awsError("NotFoundException"));
    const name = "spot-optimizer-dpl-1-i-1";
    await expect(findTaggedGroups(client, wanted)).resolves.toEqual([
      { kind: "resource-group", id: name, name, state: "available", tags: { run: "1", Name: "x" } },
    ]);
    expect(mock.commandCalls(ListGroupsCommand)[0]?.args[0].input).toEqual({
      Filters: [{ Name: "configuration-type", Values: ["AWS::EC2::CapacityReservationPool"] }],
      MaxResults: 50,
    });
    expect(mock.commandCalls(GetTagsCommand)).toHaveLength(3);
  });
});
