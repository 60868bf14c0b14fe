import { describe, expect, it } from "@jest/globals";
import { leftRaise, leftSettings } from "../../../../core/decide/cluster/left-settings.ts";
import { planClusterUndo } from "../../../../core/decide/cluster/undo/plan.ts";
import type { UndoInput } from "../../../../core/decide/cluster/undo/world.ts";
import type { Intent, IntentChange } from "../../../../core/model/intent.ts";
import type { IntentStatus } from "../../../../core/model/intents/base.ts";
import { plainGroup } from "./plain-group.ts";

const at = (minutes: number): string =>
  new Date(Date.parse("2026-03-02T09:00:00Z") + minutes * 60_000).toISOString();

const intent = (id: string, change: IntentChange, status: IntentStatus = "ACTED"): Intent => ({
  id,
  fence: 1,
  plannedAt: at(0),
  change,
  status,
});

const raise = (maxRaised: number, status?: IntentStatus): Intent =>
  intent(
    `raise-${String(maxRaised)}`,
    { kind: "RAISE_MAX", asgName: "web", maxOriginal: 4, maxRaised },
    status,
  );

const claim = intent("claim", { kind: "CLAIM_GROUP", asgName: "web", claim: "dep#1" });

/** Six members are wanted, and the maximum was four. */
const input = (intents: readonly Intent[], minutes: number): UndoInput => ({
  group: { ...plainGroup, maxSize: 8, desiredCapacity: 6, claim: "dep#1" },
  replacements: [],
  kept: [],
  originals: new Map<string, string>(),
  intents,
  refused: [],
  asgName: "web",
  askedSince: at(0),
  now: at(minutes),
});

describe("a maximum that its owner's wish keeps us from handing back", () => {
  it("is waited for at first: a group shows what it was asked within minutes", () => {
    expect(planClusterUndo(input([raise(8), claim], 14))).toMatchObject({
      kind: "WAIT",
      sentence: expect.stringContaining("stays 8 instead of 4"),
    });
  });

  it("is left to the janitor then, and the claim is taken off the group", () => {
    expect(planClusterUndo(input([raise(8), claim], 15))).toMatchObject({
      kind: "ACT",
      action: { kind: "LEAVE_TO_JANITOR", intentIds: ["raise-8"] },
    });
    expect(planClusterUndo(input([raise(8, "COMMITTED"), claim], 15))).toMatchObject({
      kind: "ACT",
      action: { kind: "RELEASE_CLAIM" },
    });
  });

  it("does not keep what can be put back from being put back first", () => {
    const suspended = intent("rest", {
      kind: "SUSPEND_AZ_REBALANCE",
      asgName: "web",
      reason: "User suspended at 2026-03-02T09:00:01Z",
    });
    const both = input([raise(8), suspended], 30);
    const group = {
      ...plainGroup,
      ...both.group,
      suspendedProcesses: [
        { process: "AZRebalance", reason: "User suspended at 2026-03-02T09:00:01Z" },
      ],
    };
    expect(planClusterUndo({ ...both, group })).toMatchObject({
      kind: "ACT",
      action: { kind: "RESUME_AZ_REBALANCE" },
    });
  });

  it("is a person's where AWS refuses the call: that does not pass by itself", () => {
    const fits = { ...plainGroup, maxSize: 8, desiredCapacity: 4, members: [] };
    const refused = [{ actionId: "RESTORE_MAX web 4", sentence: "You are not authorized." }];
    const plan = planClusterUndo({ ...input([raise(8)], 30), group: fits, refused });
    expect(plan).toMatchObject({ kind: "NEEDS_OPERATOR" });
  });
});

describe("what an evaluation has left to the janitor", () => {
  it("is told once for each kind, by its last value", () => {
    const left = leftSettings([raise(6, "COMMITTED"), raise(8, "COMMITTED"), claim], at(1));
    expect(left).toMatchObject([{ of: "RAISE_MAX", resource: "web", kind: "WAITING", at: at(1) }]);
    expect(left[0]?.sentence).toContain("stays 8 instead of 4");
  });

  it.each(["PLANNED", "ACTED", "UNDONE", "SETTLED"] as const)("is not what is %s", (status) => {
    expect(leftSettings([raise(8, status)], at(1))).toEqual([]);
    expect(leftRaise([raise(8, status)])).toBeUndefined();
  });

  it("names what stands above the maximum", () => {
    expect(leftRaise([raise(8, "COMMITTED")])).toMatchObject({ maxOriginal: 4, maxRaised: 8 });
  });

  it("names every kind of setting", () => {
    const protect = { kind: "PROTECT_MEMBERS", asgName: "web", instanceIds: ["i-1"] } as const;
    const rest = { kind: "SUSPEND_AZ_REBALANCE", asgName: "web" } as const;
    const left = leftSettings(
      [intent("p", protect, "COMMITTED"), intent("r", rest, "COMMITTED")],
      at(1),
    );
    expect(left.map(({ sentence }) => sentence)).toEqual([
      expect.stringContaining("i-1"),
      expect.stringContaining("AZRebalance of group web stays suspended"),
    ]);
  });
});
