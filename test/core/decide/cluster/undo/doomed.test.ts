import { describe, expect, it } from "@jest/globals";
import { registerAgain } from "../../../../../core/decide/cluster/undo/doomed.ts";
import type { UndoGroup } from "../../../../../core/decide/cluster/undo/world.ts";
import type { GroupMember } from "../../../../../core/model/group.ts";
import type { Intent } from "../../../../../core/model/intent.ts";
import {
  groupOf,
  memberId,
  plainGroup,
  plainMember,
  targetArn,
  targetsOf,
} from "../plain-group.ts";

const plannedAt = "2026-03-02T09:00:00.000Z";
const first = memberId(1);
const port = plainGroup.traffic.targetGroups[0]?.port ?? 0;

const intent: Intent = {
  id: "leave",
  swapId: "swap-1",
  status: "ACTED",
  fence: 1,
  plannedAt,
  change: { kind: "DEREGISTER_TARGET", targetGroupArn: targetArn, port, instanceId: first },
};

/** @param registered those of its members that are targets */
const group = (members: readonly GroupMember[], registered: readonly GroupMember[]): UndoGroup =>
  groupOf(members, {
    desiredCapacity: members.length,
    traffic: { ...plainGroup.traffic, targetGroups: [targetsOf(registered)] },
  });

const spot = (spotStatus: string, change: Partial<GroupMember> = {}): GroupMember =>
  plainMember(1, { ec2: { lifecycle: "spot", spotStatus }, ...change });
const other = plainMember(2);

const planned = (world: UndoGroup | undefined, minutes: number) =>
  registerAgain(
    {
      group: world,
      now: new Date(Date.parse(plannedAt) + minutes * 60_000).toISOString(),
    },
    { swapId: "swap-1", intents: [intent] },
  );

const again = { kind: "ACT", action: { kind: "REGISTER_AGAIN", instanceId: first, port } };
const taken = "instance-terminated-no-capacity";

describe("a member that was taken out of its balancer because EC2 takes it", () => {
  it.each<[string, UndoGroup | undefined, number, object]>([
    [
      "is registered again once EC2 has let it be",
      group([spot("fulfilled"), other], [other]),
      3,
      again,
    ],
    [
      "is waited for while EC2 may take it",
      group([spot(taken), other], [other]),
      9,
      { kind: "WAIT" },
    ],
    [
      "is registered again where it runs on all the same",
      group([spot(taken), other], [other]),
      10,
      again,
    ],
    [
      "is left where it is registered",
      group([spot("fulfilled"), other], [spot("fulfilled"), other]),
      3,
      { kind: "UNDONE" },
    ],
    [
      "is left where it leaves its group",
      group([spot("fulfilled", { lifecycleState: "Terminating:Wait" }), other], [other]),
      3,
      { kind: "UNDONE" },
    ],
    ["is left where it has gone", group([other], [other]), 3, { kind: "UNDONE" }],
    ["is left where its group has gone", undefined, 3, { kind: "UNDONE" }],
  ])("%s", (_, world, minutes, expected) => {
    expect(planned(world, minutes)).toMatchObject(expected);
  });
});
