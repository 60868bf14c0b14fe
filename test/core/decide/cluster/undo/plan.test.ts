import { describe, expect, it } from "@jest/globals";
import { planClusterUndo } from "../../../../../core/decide/cluster/undo/plan.ts";
import type { UndoGroup, UndoInput } from "../../../../../core/decide/cluster/undo/world.ts";
import type { GroupMember } from "../../../../../core/model/group.ts";
import type { Intent, IntentChange } from "../../../../../core/model/intent.ts";
import { groupOf, memberId, plainGroup, plainMember, targetsOf } from "../plain-group.ts";

const begunAt = "2026-03-02T09:00:00.000Z";
const sinceAt = "2026-03-02T09:05:00.000Z";
const now = "2026-03-02T09:30:00.000Z";
const original = memberId(1);
const replacement = memberId(30);

const intentOf = (
  id: string,
  change: IntentChange,
  status: Intent["status"] = "ACTED",
): Intent => ({ id, swapId: "swap-1", status, fence: 1, plannedAt: begunAt, change });

const launch = intentOf("launch", {
  kind: "LAUNCH_INSTANCE",
  clientToken: "so-1",
  poolKey: "us-east-1#use1-az1#m6a.large#Linux/UNIX",
  imageId: "ami-1",
  subnetId: "subnet-1",
  instanceId: replacement,
});
const attach = intentOf("attach", {
  kind: "ATTACH_MEMBERS",
  asgName: "web",
  instanceIds: [replacement],
});
const removal = intentOf(
  "remove",
  { kind: "REMOVE_MEMBER", asgName: "web", instanceId: original, how: "terminate" },
  "PLANNED",
);

const groupWith = (members: readonly GroupMember[], desiredCapacity = members.length): UndoGroup =>
  groupOf(members, {
    desiredCapacity,
    traffic: { ...plainGroup.traffic, targetGroups: [targetsOf(members)] },
  });

const six = Array.from({ length: 6 }, (_, index) => plainMember(index + 1));
/** Launched by the group since, in the first zone (odd) or in the second one. */
const launched = (index: number, change: Partial<GroupMember> = {}): GroupMember =>
  plainMember(index, { ec2: { launchedAt: sinceAt }, ...change });

const planFor = (change: Partial<UndoInput>) =>
  planClusterUndo({
    group: groupWith(six),
    replacements: [{ instanceId: replacement, clientToken: "so-1", state: "terminated" }],
    kept: [],
    intents: [launch, attach],
    refused: [],
    ledger: { asked: 6, absorbed: 0 },
    asgName: "web",
    originals: new Map([["swap-1", original]]),
    now,
    askedSince: begunAt,
    ...change,
  });

const leaves = (instanceId: string) => ({
  kind: "ACT",
  action: { kind: "TERMINATE_SURPLUS", instanceId, undoes: "attach" },
});

describe("the place of an attached replacement that has ended", () => {
  it("is taken off with the member that the group has launched for it", () => {
    expect(planFor({ group: groupWith([...six, launched(7)]) })).toMatchObject(leaves(memberId(7)));
  });

  it("is taken off where most members are, so that zones stay balanced", () => {
    const [, ...rest] = six;
    const group = groupWith([...rest, launched(8), launched(9)]);
    expect(planFor({ group })).toMatchObject(leaves(memberId(8)));
  });

  it("is taken off with the original where a scale-in took the replacement in its stead", () => {
    expect(planFor({ group: groupWith(six), ledger: { asked: 5, absorbed: 0 } })).toMatchObject(
      leaves(original),
    );
  });

  it.each([
    ["the group has launched none yet", groupWith(six, 7)],
    [
      "who is to leave does not serve yet",
      groupWith([...six, launched(7, { lifecycleState: "Pending" })]),
    ],
    [
      "its owner protects it",
      groupWith([...six.slice(1), launched(7, { protectedFromScaleIn: true })], 7),
    ],
  ])("is waited for while %s", (_, group) => {
    expect(planFor({ group, originals: new Map() })).toMatchObject({ kind: "WAIT" });
  });

  it("is not taken off while fewer would serve than are asked for", () => {
    const members = [...six.slice(1), plainMember(11, { healthStatus: "Unhealthy" }), launched(7)];
    expect(planFor({ group: groupWith(members) })).toMatchObject({ kind: "WAIT" });
  });

  it("is not taken off while the group balances its zones, and will end one of those that serve", () => {
    const group = groupWith(
      [...six, launched(7), launched(9, { lifecycleState: "Pending" })],
      six.length + 1,
    );
    expect(planFor({ group })).toMatchObject({ kind: "WAIT" });
  });

  it.each([
    ["its owner has taken it", 9],
    ["it is off already", 6],
  ])("is left where %s", (_, desiredCapacity) => {
    const group = groupWith([...six, launched(7)], desiredCapacity);
    expect(planFor({ group })).toEqual({ kind: "DONE" });
  });
});

describe("an attached replacement that is not needed", () => {
  const attached = plainMember(30, { ec2: { lifecycle: "spot" } });
  const running = [{ instanceId: replacement, clientToken: "so-1", state: "running" as const }];

  it("is detached while as many serve without it as are asked for", () => {
    const group = groupWith([...six, attached]);
    expect(planFor({ group, replacements: running })).toMatchObject({
      kind: "ACT",
      action: { kind: "DETACH", instanceId: replacement },
    });
  });

  it("stays for as long as its group has one more than it is to have, and will end one of those that serve", () => {
    const coming = launched(9, { lifecycleState: "Pending" });
    const group = groupWith([...six, attached, coming], 7);
    expect(planFor({ group, replacements: running })).toMatchObject({
      kind: "WAIT",
      sentence: expect.stringContaining("only 5 of 6") as unknown,
    });
  });
});

describe("an attached replacement without which zones would be uneven", () => {
  const attached = plainMember(30, { ec2: { lifecycle: "spot" } });
  const running = [{ instanceId: replacement, clientToken: "so-1", state: "running" as const }];
  const [first, , ...others] = six;
  /** Of the replacement's zone one has failed, and its successor stands in the other one. */
  const groupOfSuccessor = (successor: GroupMember, own = attached): UndoGroup =>
    groupWith([...(first === undefined ? [] : [first]), ...others, own, successor]);
  const detached = { kind: "ACT", action: { kind: "DETACH", instanceId: replacement } };

  it("stays, and whom the group has launched elsewhere leaves with the place", () => {
    const group = groupOfSuccessor(launched(7));
    expect(planFor({ group, replacements: running })).toMatchObject(leaves(memberId(7)));
  });

  it("is kept once that one has left, whatever is left of the surplus of others", () => {
    const gone = launched(7, { lifecycleState: "Terminating" });
    const intents = [launch, { ...attach, status: "UNDONE" as const }];
    expect(
      planFor({ group: groupOfSuccessor(gone), replacements: running, intents }),
    ).toMatchObject({ kind: "ACT", action: { kind: "KEEP_PAIR", swapId: "swap-1" } });
  });

  it("is detached where AWS refuses to let the other one go", () => {
    const refused = [{ actionId: `TERMINATE_SURPLUS ${memberId(7)}`, sentence: "Refused." }];
    const group = groupOfSuccessor(launched(7));
    expect(planFor({ group, replacements: running, refused })).toMatchObject(detached);
  });

  it("is detached where it does not serve itself", () => {
    const taken = plainMember(30, {
      ec2: { lifecycle: "spot", spotStatus: "marked-for-termination" },
    });
    const group = groupOfSuccessor(launched(7), taken);
    expect(planFor({ group, replacements: running })).toMatchObject(detached);
  });

  it("is waited for while fewer would serve than are asked for with that one away", () => {
    const [one, ...more] = others;
    const ill = one === undefined ? [] : [{ ...one, healthStatus: "Unhealthy" }];
    const members = [...(first === undefined ? [] : [first]), ...ill, ...more, attached];
    const group = groupWith([...members, launched(7)]);
    expect(planFor({ group, replacements: running })).toMatchObject({
      kind: "WAIT",
      sentence: expect.stringContaining(memberId(7)) as unknown,
    });
  });
});

const activityOf = (instanceId: string, cause: string) => ({
  activityId: "1",
  statusCode: "Successful",
  description: `Terminating EC2 instance: ${instanceId}`,
  cause: `At 2026-03-02T09:10:00Z an instance was taken out of service in response to ${cause}`,
  startedAt: sinceAt,
});
const lowered = "a user request, shrinking the capacity from 8 to 7.";
const kept = "a user request, keeping the capacity at the current 8.";

describe("a removal whose answer is not known, and whose original is gone", () => {
  const after = groupWith(six.slice(1));
  const planned = (cause?: string, asked: Intent = removal) =>
    planFor({
      group: after,
      intents: [launch, attach, asked],
      ...(cause === undefined
        ? {}
        : { activities: cause === "" ? [] : [activityOf(original, cause)] }),
    });

  it("is looked up in the group's activities", () => {
    expect(planned()).toEqual({ kind: "LOOK", at: ["activities"] });
  });

  const seenAt = (desiredCapacity: number): Intent => ({ ...removal, before: { desiredCapacity } });

  it("was ours where it left with its place: its replacement stays", () => {
    expect(planned(lowered, seenAt(8))).toMatchObject({
      kind: "ACT",
      action: { kind: "KEEP_PAIR", swapId: "swap-1" },
    });
  });

  it("has met what somebody had set since our look: that is noted first", () => {
    expect(planned(lowered, seenAt(7))).toMatchObject({
      kind: "ACT",
      action: { kind: "NOTE_REMOVED", intentId: "remove", desiredMet: 8 },
    });
  });

  it("was not ours where the group replaces it: the pair is undone", () => {
    expect(planned(kept)).toMatchObject({
      kind: "ACT",
      action: { kind: "NOTE_RESTORED", undoes: "remove" },
    });
  });

  it("is waited for while no activity tells", () => {
    expect(planned("")).toMatchObject({ kind: "WAIT", on: ["activities"] });
  });
});

describe("a place whose member was asked to leave, and the answer is not known", () => {
  const other = memberId(31);
  const noted: Intent = {
    ...attach,
    change: {
      kind: "ATTACH_MEMBERS",
      asgName: "web",
      instanceIds: [replacement],
      leavingId: memberId(7),
    },
  };
  const ofOther: readonly Intent[] = [
    { ...launch, id: "launch-2", swapId: "swap-2" },
    {
      ...attach,
      id: "attach-2",
      swapId: "swap-2",
      change: { kind: "ATTACH_MEMBERS", asgName: "web", instanceIds: [other] },
    },
  ];
  /** Of two places one is left, and of two members that the group has launched for them one. */
  const group = groupWith([...six, launched(9)]);
  const planned = (cause?: string, status: Intent["status"] = "ACTED") =>
    planFor({
      group,
      intents: [launch, { ...noted, status }, ...ofOther],
      ...(cause === undefined
        ? {}
        : { activities: cause === "" ? [] : [activityOf(memberId(7), cause)] }),
    });

  it("is looked up in the group's activities once that one is gone", () => {
    expect(planned()).toEqual({ kind: "LOOK", at: ["activities"] });
  });

  it("is off where it left with it, which is not its owner's wish", () => {
    expect(planned(lowered)).toMatchObject({
      kind: "ACT",
      action: { kind: "NOTE_RESTORED", undoes: "attach", desiredMet: 8 },
    });
  });

  it("leaves the place of another attach to be taken off", () => {
    expect(planned(undefined, "UNDONE")).toMatchObject({
      kind: "ACT",
      action: { kind: "TERMINATE_SURPLUS", instanceId: memberId(9), undoes: "attach-2" },
    });
  });

  it("is waited for while no activity tells", () => {
    expect(planned("")).toMatchObject({ kind: "WAIT", on: ["activities"] });
  });

  it.each([
    ["others took that one, and have it replaced", [...six, launched(8), launched(9)], kept],
    ["that one is still a member", [...six, launched(7), launched(9)], undefined],
  ])("is still there where %s", (_, members, cause) => {
    const activities = cause === undefined ? [] : [activityOf(memberId(7), cause)];
    const intents = [launch, noted, ...ofOther];
    expect(planFor({ group: groupWith(members), intents, activities })).toMatchObject({
      kind: "ACT",
      action: { kind: "TERMINATE_SURPLUS", undoes: "attach" },
    });
  });

  it("is off where the replacement itself was detached with it, and has ended since", () => {
    const change: IntentChange = {
      kind: "ATTACH_MEMBERS",
      asgName: "web",
      instanceIds: [replacement],
      leavingId: replacement,
    };
    const detached = {
      ...activityOf(replacement, ""),
      description: `Detaching EC2 instance: ${replacement}`,
      cause: `At 2026-03-02T09:10:00Z instance ${replacement} was detached in response to ${lowered}`,
    };
    const intents = [launch, { ...attach, change }, ...ofOther];
    expect(planFor({ group, intents })).toEqual({ kind: "LOOK", at: ["activities"] });
    expect(planFor({ group, intents, activities: [detached] })).toMatchObject({
      kind: "ACT",
      action: { kind: "NOTE_RESTORED", undoes: "attach" },
    });
  });
});
