import { describe, expect, it } from "@jest/globals";
import { planRollback } from "../../../../../core/decide/linear/roll-back/plan.ts";
import type { RollbackInput } from "../../../../../core/decide/linear/roll-back/world.ts";
import {
  atHome,
  before,
  capacityGroupArn,
  capacityGroupName,
  changes,
  intentOf,
  original,
  reservationWithoutAnswer,
} from "./samples.ts";

const held = [{ reservationId: "cr-1", state: "active" }];
const reserve = intentOf(changes.reserve);
const group = intentOf(changes.capacityGroup);
const stop = intentOf(changes.stop);

const stopped: RollbackInput = {
  ...atHome,
  original: { ...before, state: "stopped" },
  intents: [reserve, group, stop],
  reservations: held,
};

const pointing = {
  kind: "POINT_ORIGINAL",
  id: `POINT_ORIGINAL ${original} ${capacityGroupArn}`,
  instanceId: original,
  groupArn: capacityGroupArn,
};

describe("an original that is to start again", () => {
  it("is pointed at the capacity that is held for it, and then started", () => {
    expect(planRollback(stopped)).toEqual({ kind: "ACT", action: pointing });
    const pointed = { ...before, state: "stopped" as const, capacityGroupArn };
    expect(planRollback({ ...stopped, original: pointed })).toMatchObject({
      action: { kind: "START_ORIGINAL" },
    });
  });

  it.each([
    ["EC2 refuses it", { refused: [{ actionId: pointing.id, sentence: "No." }] }],
    ["it has expired", { reservations: [{ reservationId: "cr-1", state: "expired" }] }],
    ["EC2 does not show it", { reservations: [] }],
    ["there is none", { intents: [stop] }],
    ["its group is not known", { intents: [reserve, stop] }],
  ])("is started all the same where %s", (_why, change) => {
    expect(planRollback({ ...stopped, ...change })).toMatchObject({
      action: { kind: "START_ORIGINAL" },
    });
  });

  it("may use what EC2 still shows as pending", () => {
    const pending = [{ reservationId: "cr-1", state: "pending" }];
    expect(planRollback({ ...stopped, reservations: pending })).toMatchObject({ action: pointing });
  });
});

describe("capacity that is no longer needed", () => {
  const running: RollbackInput = { ...stopped, original: before };

  it("is cancelled once the original runs and has passed its checks", () => {
    expect(planRollback({ ...running, isOriginalHealthy: false })).toMatchObject({ kind: "WAIT" });
    expect(planRollback(running)).toEqual({
      kind: "ACT",
      action: {
        kind: "CANCEL_RESERVATION",
        id: "CANCEL_RESERVATION cr-1",
        reservationId: "cr-1",
        undoes: reserve.id,
      },
    });
  });

  it("is waited for while it can't be cancelled", () => {
    const reservations = [{ reservationId: "cr-1", state: "pending" }];
    expect(planRollback({ ...running, reservations })).toMatchObject({
      kind: "WAIT",
      on: ["reservations"],
    });
  });

  it("whose answer was lost is found by its tag, and waited for until it has been asked for long enough", () => {
    const lost = { ...intentOf(reservationWithoutAnswer, "PLANNED"), id: "reserve" };
    const unknown: RollbackInput = { ...running, intents: [lost], reservations: [] };
    expect(planRollback({ ...unknown, askedSince: unknown.now })).toMatchObject({
      kind: "WAIT",
      sentence: expect.stringContaining("not known") as unknown,
    });
    expect(planRollback(unknown)).toEqual({ kind: "DONE" });
    expect(planRollback({ ...unknown, reservations: held })).toMatchObject({
      action: { kind: "CANCEL_RESERVATION", undoes: "reserve" },
    });
  });

  it("has ended by itself: its group goes, unless the original is pointed at it", () => {
    const over = { ...running, reservations: [{ reservationId: "cr-1", state: "expired" }] };
    expect(planRollback(over)).toEqual({
      kind: "ACT",
      action: {
        kind: "DELETE_CAPACITY_GROUP",
        id: `DELETE_CAPACITY_GROUP ${capacityGroupName}`,
        groupName: capacityGroupName,
        undoes: group.id,
      },
    });
    expect(planRollback({ ...over, original: { ...before, capacityGroupArn } })).toEqual({
      kind: "DONE",
    });
  });

  it("of an older evaluation is cancelled, and the group left to the one that was begun since", () => {
    const older = { ...running, supersededBy: "evl-2" as RollbackInput["supersededBy"] & string };
    expect(planRollback(older)).toMatchObject({ action: { kind: "CANCEL_RESERVATION" } });
    const undone = { ...reserve, status: "UNDONE" as const };
    expect(planRollback({ ...older, intents: [undone, group, stop] })).toEqual({ kind: "DONE" });
  });
});
