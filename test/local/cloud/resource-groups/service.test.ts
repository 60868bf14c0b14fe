import {
  CreateGroupCommand,
  DeleteGroupCommand,
  GetGroupCommand,
  GetTagsCommand,
  GroupResourcesCommand,
  ListGroupResourcesCommand,
  ListGroupsCommand,
  ResourceGroupsClient,
  UngroupResourcesCommand,
} from "@aws-sdk/client-resource-groups";
import { describe, expect, it } from "@jest/globals";
import type { ReservationDirectory } from "../../../../local/cloud/ec2/directory.ts";
import { createResourceGroups } from "../../../../local/cloud/resource-groups/service.ts";
import { localClientConfig } from "../../../../local/wire/front/client-config.ts";
import { createFixture, refusalOf } from "../cloud-fixture.ts";

const reservation = "arn:aws:ec2:eu-west-1:111122223333:capacity-reservation/cr-1";
const hidden = "arn:aws:ec2:eu-west-1:111122223333:capacity-reservation/cr-2";

const pool = {
  Name: "ours",
  Configuration: [
    { Type: "AWS::EC2::CapacityReservationPool" },
    {
      Type: "AWS::ResourceGroups::Generic",
      Parameters: [{ Name: "allowed-resource-types", Values: ["AWS::EC2::CapacityReservation"] }],
    },
  ],
  Tags: { run: "1" },
};

const createWorld = () => {
  const { cloud } = createFixture();
  let membersOf: Parameters<ReservationDirectory["useGroups"]>[0] = () => [];
  let changes = 0;
  const groups = createResourceGroups({
    isThere: (_place, arn) => arn === reservation,
    useGroups: (lookup) => {
      membersOf = lookup;
    },
    groupsChanged: () => {
      changes += 1;
    },
  });
  cloud.serve(groups);
  const credentials = cloud.identities.operator;
  const region = "eu-west-1";
  return {
    groups,
    client: new ResourceGroupsClient(localClientConfig(cloud, { region, credentials })),
    accountId: cloud.identities.ownAccountId,
    members: (arn: string) => membersOf({ accountId: cloud.identities.ownAccountId, region }, arn),
    changes: () => changes,
  };
};

describe("a group of capacity reservations", () => {
  it("is made once by its name, told by name and by ARN, and deleted", async () => {
    const { client, groups, accountId } = createWorld();
    const { Group: made } = await client.send(new CreateGroupCommand(pool));
    const arn = `arn:aws:resource-groups:eu-west-1:${accountId}:group/ours`;
    expect(made).toMatchObject({ GroupArn: arn, Name: "ours" });
    expect(groups.groups(accountId)).toMatchObject([{ arn, name: "ours", tags: { run: "1" } }]);
    expect(await refusalOf(client.send(new CreateGroupCommand(pool)))).toMatchObject({
      code: "BadRequestException",
      message: "Cannot create group: group already exists",
    });
    const { Group: found } = await client.send(new GetGroupCommand({ Group: "ours" }));
    expect(found?.GroupArn).toBe(arn);
    await client.send(new DeleteGroupCommand({ Group: arn }));
    expect(await refusalOf(client.send(new GetGroupCommand({ Group: "ours" })))).toMatchObject({
      code: "NotFoundException",
      status: 404,
    });
  });

  it("is listed by its type, a page at a time, and tells its tags by its ARN", async () => {
    const { client } = createWorld();
    for (const Name of ["one", "two"]) await client.send(new CreateGroupCommand({ ...pool, Name }));
    const listOf = (type: string, NextToken?: string) =>
      client.send(
        new ListGroupsCommand({
          Filters: [{ Name: "configuration-type", Values: [type] }],
          MaxResults: 1,
          NextToken,
        }),
      );
    const first = await listOf("AWS::EC2::CapacityReservationPool");
    expect(first.GroupIdentifiers).toMatchObject([{ GroupName: "one" }]);
    const second = await listOf("AWS::EC2::CapacityReservationPool", first.NextToken);
    expect(second.GroupIdentifiers).toMatchObject([{ GroupName: "two" }]);
    expect(second.NextToken).toBeUndefined();
    expect((await listOf("AWS::EC2::HostManagement")).GroupIdentifiers).toEqual([]);
    const Arn = second.GroupIdentifiers?.[0]?.GroupArn;
    expect((await client.send(new GetTagsCommand({ Arn }))).Tags).toEqual({ run: "1" });
    expect(
      await refusalOf(client.send(new GetTagsCommand({ Arn: `${Arn ?? ""}s` }))),
    ).toMatchObject({ code: "NotFoundException" });
  });

  it("takes reservations in that EC2 shows, names the others, and lets go of them", async () => {
    const { client, members, changes } = createWorld();
    const { Group: made } = await client.send(new CreateGroupCommand(pool));
    const Group = made?.GroupArn ?? "";
    const answer = await client.send(
      new GroupResourcesCommand({ Group, ResourceArns: [reservation, hidden] }),
    );
    expect(answer.Succeeded).toEqual([reservation]);
    expect(answer.Failed).toMatchObject([{ ResourceArn: hidden, ErrorCode: "RESOURCE_NOT_FOUND" }]);
    expect(members(Group)).toEqual([reservation]);
    expect(changes()).toBe(1);
    const listed = await client.send(new ListGroupResourcesCommand({ Group: "ours" }));
    expect(listed.Resources?.map((each) => each.Identifier?.ResourceArn)).toEqual([reservation]);
    await client.send(new UngroupResourcesCommand({ Group, ResourceArns: [reservation] }));
    expect(members(Group)).toEqual([]);
  });

  it("must say that it is one, and have a name that is allowed", async () => {
    const { client } = createWorld();
    const without = { ...pool, Configuration: pool.Configuration.slice(0, 1) };
    for (const wrong of [without, { ...pool, Name: "aws-ours" }, { ...pool, Name: "our group" }]) {
      expect(await refusalOf(client.send(new CreateGroupCommand(wrong)))).toMatchObject({
        code: "BadRequestException",
        status: 400,
      });
    }
  });
});
