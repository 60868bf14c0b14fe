import { describe, expect, it } from "@jest/globals";
import { ownCallsOf, reckon, type Ledger } from "../../../../core/decide/cluster/capacity.ts";
import {
  ledgerOfBatch,
  reckonWithLeave,
  takenFromOwner,
} from "../../../../core/decide/cluster/hidden-leave.ts";
import type { Intent, IntentChange } from "../../../../core/model/intent.ts";
import { memberId } from "./plain-group.ts";

const [first, second, original] = [memberId(101), memberId(102), memberId(1)];
/** Of seven; two replacements were attached since. */
const seven: Ledger = { asked: 7, absorbed: 0 };
const groupAt = (desiredCapacity: number) => ({ desiredCapacity, minSize: 1, members: [] });

const intentOf = (id: string, change: IntentChange, rest: Partial<Intent> = {}): Intent => ({
  ...{ id, status: "ACTED", fence: 1, plannedAt: "2026-03-02T09:01:00.000Z", change },
  ...rest,
});
const attachOf = (instanceId: string, rest: Partial<Intent> = {}): Intent =>
  intentOf(
    `attach-${instanceId}`,
    { kind: "ATTACH_MEMBERS", asgName: "web", instanceIds: [instanceId] },
    rest,
  );
const attached = [attachOf(first), attachOf(second)];
/** @param met desired capacity that the call met */
const removalAt = (met: number | undefined, { seen = 9, before = 9 } = {}): Intent =>
  intentOf(
    "remove",
    {
      ...{ kind: "REMOVE_MEMBER", asgName: "web", instanceId: original, how: "terminate" },
      desiredSeen: seen,
      ...(met === undefined ? {} : { desiredBefore: met }),
    },
    { plannedAt: "2026-03-02T09:03:00.000Z", before: { desiredCapacity: before } },
  );
const undoneAt = (desiredMet?: number): Intent =>
  intentOf(
    `attach-${second}`,
    {
      ...{ kind: "ATTACH_MEMBERS", asgName: "web", instanceIds: [second], leavingId: second },
      leave: {
        ...{ at: "2026-03-02T09:04:00.000Z", desiredSeen: 9 },
        ...(desiredMet === undefined ? {} : { desiredMet }),
      },
    },
    { status: "UNDONE" },
  );

const reckoned = (desired: number, intents: readonly Intent[], ledger = seven) =>
  reckonWithLeave(ledger, { intents, group: groupAt(desired) });

/** As the next batch begins. */
const batchAt = (desired: number, intents: readonly Intent[], ledger = seven): Ledger =>
  ledgerOfBatch(ledger, { intents, group: groupAt(desired) });

describe("a desired capacity that is set in the instant in which a member leaves with its place", () => {
  it.each([
    ["a removal", [...attached, removalAt(6)], "2026-03-02T09:03:00.000Z"],
    ["an undo", [attachOf(first), undoneAt(6)], "2026-03-02T09:04:00.000Z"],
  ])("is asked for, though one less stands after %s", (_, intents, reckonedTo) => {
    const ledger = { asked: 6, absorbed: 2, reckonedTo };
    const shown = reckoned(5, intents);
    expect(shown).toEqual({ ledger, surplus: -1, change: { from: 9, to: 6, absorbed: 2 } });
    expect(reckoned(5, intents, ledger)).toEqual({ ledger, surplus: -1 });
    expect(batchAt(5, intents)).toEqual(ledger);
    expect(batchAt(5, intents, ledger)).toEqual(ledger);
  });

  it("is asked for where it was set higher, too", () => {
    expect(reckoned(11, [...attached, removalAt(12)])).toMatchObject({
      ledger: { asked: 12 },
      surplus: -1,
    });
  });

  it.each([7, 8, 9])("gives way to %i, set after it: nothing is owed", (desired) => {
    const intents = [...attached, removalAt(6)];
    const later = reckoned(desired, intents);
    expect(later).toMatchObject({
      ledger: { asked: desired },
      surplus: 0,
      change: { from: 5, to: desired },
    });
    expect(reckoned(desired, intents, later.ledger)).not.toHaveProperty("change");
    expect(batchAt(desired, intents)).toMatchObject({ asked: desired });
  });

  it("has been given back by what joins in the next batch", () => {
    const next = attachOf(memberId(103), { plannedAt: "2026-03-02T09:20:00.000Z" });
    const before = [...attached, removalAt(6)];
    const intents = [...before, next];
    const ledger = batchAt(5, before);
    expect(reckoned(6, intents, ledger)).toEqual({ ledger, surplus: 0 });
    expect(batchAt(6, intents, ledger)).toEqual({ ...ledger, absorbed: 2 });
    expect(reckoned(9, intents, ledger)).toMatchObject({ ledger: { asked: 9 }, surplus: 0 });
  });

  it.each([
    ["met what was seen", removalAt(9)],
    ["met what was seen at a later try", removalAt(9, { before: 10 })],
    ["does not tell what it met", removalAt(undefined)],
    ["was not answered", { ...removalAt(6), status: "PLANNED" as const }],
  ])("is not looked for where the removal %s", (_, removal) => {
    const intents = [...attached, removal];
    expect(takenFromOwner(removal)).toBeUndefined();
    expect(reckoned(8, intents).ledger).toEqual(seven);
    expect(reckoned(5, intents)).toMatchObject({ ledger: { asked: 5 }, surplus: 0 });
    expect(batchAt(5, intents)).toMatchObject({ asked: 5 });
  });

  it("is that of the call that acted last, though it was planned before another one", () => {
    const retried: Intent = { ...removalAt(6, { seen: 8 }), actedAt: "2026-03-02T09:08:00.000Z" };
    const other: Intent = {
      ...removalAt(9),
      id: "remove-other",
      plannedAt: "2026-03-02T09:04:00.000Z",
    };
    expect(reckoned(5, [...attached, retried, other])).toMatchObject({
      ledger: { asked: 6 },
      surplus: -1,
    });
  });

  it("is told to its owner", () => {
    expect(takenFromOwner(removalAt(6))).toMatch(
      `to 6 in the instant in which ${original} was asked to leave`,
    );
    expect(takenFromOwner(undoneAt(6))).toMatch(`to 6 in the instant in which ${second}`);
    expect(takenFromOwner(undoneAt())).toBeUndefined();
    expect(takenFromOwner(attachOf(first, { status: "UNDONE" }))).toBeUndefined();
  });
});

describe("the ledger of a batch", () => {
  it("begins without a surplus, also where an attach that its owner took is no longer counted", () => {
    const group = groupAt(3);
    const ended: Intent = { ...attachOf(second), status: "UNDONE" };
    for (const intents of [[], attached, [attachOf(first), ended, removalAt(4, { seen: 4 })]]) {
      const ledger = ledgerOfBatch({ asked: 2, absorbed: 2 }, { intents, group });
      const shown = reckon(ledger, ownCallsOf(intents, group), group);
      expect(shown).toMatchObject({ ledger: { asked: 3 }, surplus: 0 });
    }
    expect(reckoned(2, [], ledgerOfBatch(seven, { intents: [], group })).change).toEqual({
      from: 3,
      to: 2,
      absorbed: 0,
    });
  });
});
