import { describe, expect, it } from "@jest/globals";
import { planRollback } from "../../../../../core/decide/linear/roll-back/plan.ts";
import type { RollbackInput } from "../../../../../core/decide/linear/roll-back/world.ts";
import { atHome, bare, changes, intentOf, isolationWithoutAnswer, replacement } from "./samples.ts";

const isolate = intentOf(changes.isolate);
const launch = intentOf(changes.launch);

const left: RollbackInput = {
  ...atHome,
  intents: [isolate, launch],
  replacements: [bare(replacement, "terminated")],
  isolation: [{ groupId: "sg-isolation" }],
};

const deleted = {
  kind: "ACT",
  action: {
    kind: "DELETE_ISOLATION_GROUP",
    id: "DELETE_ISOLATION_GROUP sg-isolation",
    groupId: "sg-isolation",
    undoes: isolate.id,
  },
};

describe("the security group of an isolated replacement", () => {
  it("is deleted once the replacement has ended", () => {
    expect(planRollback(left)).toEqual(deleted);
  });

  it("is looked at then, and not before", () => {
    const { isolation: _unread, ...unread } = left;
    expect(planRollback(unread)).toEqual({ kind: "LOOK", at: ["isolation"] });
    expect(
      planRollback({ ...unread, replacements: [bare(replacement, "shutting-down")] }),
    ).toMatchObject({
      kind: "WAIT",
      on: ["replacements"],
    });
    expect(planRollback({ ...unread, replacements: [bare(replacement)] })).toMatchObject({
      action: { kind: "TERMINATE_REPLACEMENT" },
    });
  });

  it("is asked for by name for minutes where the answer was lost", () => {
    const lost = { ...left, intents: [intentOf(isolationWithoutAnswer, "PLANNED")] };
    expect(planRollback(lost)).toMatchObject({ action: { groupId: "sg-isolation" } });
    const soon = "2026-03-01T11:51:00.000Z";
    expect(planRollback({ ...lost, isolation: [], now: soon })).toMatchObject({
      kind: "WAIT",
      on: ["isolation"],
      takes: "MINUTES",
    });
    expect(planRollback({ ...lost, isolation: [] })).toEqual({ kind: "DONE" });
  });

  it("is not asked for once it was deleted", () => {
    const over = [intentOf(changes.isolate, "UNDONE"), launch];
    expect(planRollback({ ...left, intents: over })).not.toMatchObject({
      action: { kind: "DELETE_ISOLATION_GROUP" },
    });
  });
});
