import { describe, expect, it } from "@jest/globals";
import { isJoining, membersToHold } from "../../../../core/decide/cluster/hold.ts";
import { planClusterUndo } from "../../../../core/decide/cluster/undo/plan.ts";
import type { UndoGroup, UndoInput } from "../../../../core/decide/cluster/undo/world.ts";
import type { GroupFacts, GroupMember } from "../../../../core/model/group.ts";
import type { Intent, IntentChange } from "../../../../core/model/intent.ts";
import { observedAt } from "../offers/choice-samples.ts";
import { groupOf, memberId, plainGroup, plainMember } from "./plain-group.ts";

const intentOf = (change: IntentChange, rest: Partial<Intent> = {}): Intent => ({
  id: JSON.stringify(change),
  status: "ACTED",
  fence: 1,
  plannedAt: observedAt,
  change,
  ...rest,
});

const holdOf = (...indexes: readonly number[]): IntentChange => ({
  kind: "HOLD_MEMBERS",
  asgName: "web",
  instanceIds: indexes.map(memberId),
});

const membersOf = (
  count: number,
  change: (index: number) => Partial<GroupMember> = () => ({}),
): readonly GroupMember[] =>
  Array.from({ length: count }, (_, index) => plainMember(index + 1, change(index + 1)));

const heldBy = (
  group: Pick<GroupFacts, "members">,
  rest: Partial<Parameters<typeof membersToHold>[0]> = {},
): readonly (readonly string[])[] =>
  membersToHold({ judged: group, group, intents: [], attached: [], ...rest });

describe("before an attach", () => {
  it("all members in service are held that are not protected, and none of what the batch has attached", () => {
    const members = [
      plainMember(1),
      plainMember(2, { protectedFromScaleIn: true }),
      plainMember(3, { lifecycleState: "Pending" }),
      plainMember(4, { lifecycleState: "Standby" }),
      plainMember(5, { healthStatus: "Unhealthy" }),
      plainMember(6),
    ];
    expect(heldBy({ members }, { attached: [memberId(6)] })).toEqual([[memberId(1), memberId(5)]]);
  });

  // API reference, SetInstanceProtection: at most 50 in one call.
  it("fifty are held by one call, the fifty-first by another", () => {
    expect(heldBy({ members: membersOf(51) }).map(({ length }) => length)).toEqual([50, 1]);
    expect(heldBy({ members: membersOf(50) }).map(({ length }) => length)).toEqual([50]);
    expect(heldBy({ members: [] })).toEqual([]);
  });

  it("one that was pinned since the group was judged does not hinder it; where several changed, they protect themselves", () => {
    const judged = { members: membersOf(4) };
    const changed = (count: number) => ({
      members: membersOf(4, (index) => ({ protectedFromScaleIn: index <= count })),
    });
    expect(heldBy(changed(1), { judged })).toEqual([[memberId(2), memberId(3), memberId(4)]]);
    expect(heldBy(changed(2), { judged })).toEqual([]);
  });

  it("those whom we hold already do not count as changed by others", () => {
    const judged = { members: membersOf(4) };
    const group = { members: membersOf(4, (index) => ({ protectedFromScaleIn: index < 4 })) };
    expect(heldBy(group, { judged, intents: [intentOf(holdOf(1, 2, 3))] })).toEqual([
      [memberId(4)],
    ]);
    const released = intentOf(holdOf(1, 2, 3), { status: "UNDONE" });
    expect(heldBy(group, { judged, intents: [released] })).toEqual([]);
  });
});

describe("what was attached", () => {
  it.each<[string, Partial<GroupMember>, boolean]>([
    ["is on its way while it is Pending", { lifecycleState: "Pending" }, true],
    ["is on its way while it is unhealthy", { healthStatus: "Unhealthy" }, true],
    ["is there once it serves", {}, false],
    ["is not waited for once it leaves again", { lifecycleState: "Terminating" }, false],
  ])("%s", (_, change, isOnItsWay) => {
    const [first, ...others] = plainGroup.members;
    if (first === undefined) throw new Error("The group is empty.");
    const group = { ...plainGroup, members: [{ ...first, ...change }, ...others] };
    expect(isJoining(group, [first.instanceId])).toBe(isOnItsWay);
  });

  it("is on its way while the group does not show it, or its traffic lacks", () => {
    expect(isJoining(plainGroup, [memberId(99)])).toBe(true);
    const traffic = { ...plainGroup.traffic };
    const unknown = plainMember(99);
    expect(isJoining({ members: [...plainGroup.members, unknown], traffic }, [memberId(99)])).toBe(
      true,
    );
    expect(isJoining(plainGroup, [])).toBe(false);
  });
});

const secondsLater = (seconds: number): string =>
  new Date(Date.parse(observedAt) + seconds * 1000).toISOString();

const undoOf = (
  members: readonly GroupMember[],
  intents: readonly Intent[],
  rest: Partial<UndoInput> = {},
) => {
  const group: UndoGroup = groupOf(members);
  return planClusterUndo({
    group,
    replacements: [],
    kept: [],
    originals: new Map(),
    intents,
    refused: [],
    asgName: "web",
    now: secondsLater(5),
    askedSince: observedAt,
    ...rest,
  });
};

const held = { protectedFromScaleIn: true };
const attached = plainMember(9, { lifecycleState: "Pending" });
const attachOf = (status: Intent["status"]): Intent =>
  intentOf(
    { kind: "ATTACH_MEMBERS", asgName: "web", instanceIds: [attached.instanceId] },
    { status },
  );

describe("an undo", () => {
  const hold = intentOf(holdOf(1, 2));
  const members = [plainMember(1, held), plainMember(2, held)];

  it("releases first whom we hold, also one in standby, however the group is set", () => {
    const standby = plainMember(2, { ...held, lifecycleState: "Standby" });
    const plan = undoOf([plainMember(1, held), standby], [hold], {
      group: {
        ...plainGroup,

        members: [plainMember(1, held), standby],
        settings: { ...plainGroup.settings, newInstancesProtected: true },
      },
    });
    expect(plan).toMatchObject({
      kind: "ACT",
      action: { kind: "UNPROTECT", instanceIds: [memberId(1), memberId(2)], undoes: hold.id },
    });
  });

  it.each<Intent["status"]>(["ACTED", "COMMITTED"])(
    "waits with it while what was attached (%s) is on its way, for a minute at most",
    (status) => {
      const intents = [hold, attachOf(status)];
      expect(undoOf([...members, attached], intents)).toMatchObject({
        kind: "WAIT",
        takes: "SECONDS",
      });
      expect(undoOf([...members, attached], intents, { now: secondsLater(60) })).toMatchObject({
        kind: "ACT",
        action: { kind: "UNPROTECT" },
      });
      expect(undoOf([...members, plainMember(9)], intents)).toMatchObject({
        kind: "ACT",
        action: { kind: "UNPROTECT" },
      });
    },
  );

  it("goes on with the next protection where one may not be taken off", () => {
    const other = intentOf({ kind: "PROTECT_MEMBERS", asgName: "web", instanceIds: [memberId(2)] });
    const first = intentOf(holdOf(1));
    const refused = [{ actionId: `UNPROTECT ${memberId(1)}`, sentence: "Not authorized." }];
    expect(undoOf(members, [first, other], { refused })).toMatchObject({
      kind: "ACT",
      action: { kind: "UNPROTECT", instanceIds: [memberId(2)] },
    });
    expect(undoOf(members, [first], { refused })).toMatchObject({ kind: "NEEDS_OPERATOR" });
  });
});
