import { describe, expect, it } from "@jest/globals";
import { judgeRemoval } from "../../../../core/decide/cluster/removal.ts";
import { standInFor } from "../../../../core/decide/cluster/stand-in.ts";
import type { GroupMember } from "../../../../core/model/group.ts";
import type { Intent, IntentChange } from "../../../../core/model/intent.ts";
import { hoursBefore, observedAt } from "../offers/choice-samples.ts";
import { groupOf, memberId, plainMember, plainMembers, spotMember } from "./plain-group.ts";

const since = hoursBefore(1);
const original = memberId(1);
const replacement = spotMember(101, { ec2: { launchedAt: hoursBefore(2) } });

const intentOf = (change: IntentChange, before: Intent["before"] = {}): Intent => ({
  id: change.kind,
  status: "ACTED",
  fence: 1,
  plannedAt: since,
  change,
  before,
});
const attach = intentOf({
  kind: "ATTACH_MEMBERS",
  asgName: "web",
  instanceIds: [replacement.instanceId],
});
const suspended = (spread: number) =>
  intentOf({ kind: "SUSPEND_AZ_REBALANCE", asgName: "web" }, { spread });

const [, second, , ...others] = plainMembers;
/** Of three in each zone one has failed beside the original and its replacement, and its successor stands in the other zone. */
const successor = (change: Partial<GroupMember> = {}): GroupMember =>
  plainMember(8, { ec2: { launchedAt: observedAt }, ...change });
const groupWith = (...members: readonly GroupMember[]) =>
  groupOf([
    plainMember(1),
    ...(second === undefined ? [] : [second]),
    ...others,
    replacement,
    ...members,
  ]);
const uneven = groupWith(successor());

describe("who leaves in the stead of another", () => {
  it("is whom the group has launched since, where zones stay balanced with that one away alone", () => {
    expect(standInFor(original, uneven, { intents: [attach], since })?.instanceId).toBe(
      memberId(8),
    );
  });

  it.each<readonly [string, GroupMember]>([
    ["is protected", successor({ protectedFromScaleIn: true })],
    ["is not in service yet", successor({ lifecycleState: "Pending" })],
    ["was there before", plainMember(8)],
    ["stands where as few are", plainMember(9, { ec2: { launchedAt: observedAt } })],
  ])("is nobody where the only one %s", (_, member) => {
    expect(standInFor(original, groupWith(member), { intents: [attach], since })).toBeUndefined();
  });

  it("is none that we have launched", () => {
    const launch = intentOf({
      kind: "LAUNCH_INSTANCE",
      clientToken: "so-1",
      poolKey: "us-east-1#use1-az1#m6a.large#Linux/UNIX",
      imageId: "ami-1",
      subnetId: "subnet-1",
      instanceId: memberId(8),
    });
    expect(standInFor(original, uneven, { intents: [attach, launch], since })).toBeUndefined();
  });

  it("is nobody where zones differed by as many before they were left to us", () => {
    const intents = [suspended(2), attach];
    expect(standInFor(original, uneven, { intents, since })).toBeUndefined();
    expect(standInFor(original, uneven, { intents: [suspended(1), attach], since })).toBeDefined();
  });
});

describe("an original without which zones would be uneven", () => {
  const judged = (intents: readonly Intent[]) =>
    judgeRemoval({
      originalId: original,
      replacementId: replacement.instanceId,
      joinedAt: since,
      group: uneven,
      settings: uneven.settings,
      reckoning: { ledger: { asked: 6, absorbed: 0 }, surplus: 1 },
      intents,
      now: observedAt,
    });

  it("stays where another one can leave in its stead, who is named", () => {
    expect(judged([attach])).toMatchObject({
      kind: "UNDO",
      sentence: expect.stringContaining(memberId(8)) as unknown,
    });
  });

  it("leaves where zones were as uneven before", () => {
    expect(judged([suspended(2), attach])).toEqual({ kind: "REMOVE" });
  });
});
