import { describe, expect, it } from "@jest/globals";
import { dueTimeOf, type Intent, type IntentChange } from "../../../core/model/intent.ts";
import type { IntentStatus } from "../../../core/model/intents/base.ts";

const plannedAt = "2026-03-02T09:00:00.000Z";
const dueAt = "2026-03-03T09:00:00.000Z";

const intent = (change: IntentChange, status: IntentStatus): Intent => ({
  id: "one",
  fence: 1,
  plannedAt,
  change,
  status,
});

const retire = (status: IntentStatus): Intent =>
  intent({ kind: "RETIRE_ORIGINAL", instanceId: "i-1", dueAt, launchedAt: plannedAt }, status);

const settings: readonly IntentChange[] = [
  { kind: "PROTECT_MEMBERS", asgName: "web", instanceIds: ["i-1"] },
  { kind: "SUSPEND_AZ_REBALANCE", asgName: "web" },
  { kind: "RAISE_MAX", asgName: "web", maxOriginal: 3, maxRaised: 5 },
];

const node = { clusterName: "shop", nodeName: "one", nodeUid: "uid-1", instanceId: "i-1" };
const marks: readonly IntentChange[] = [
  { kind: "CORDON_NODE", ...node, claim: "dep#1" },
  { kind: "HOLD_NODE", ...node, claim: "dep#1" },
  { kind: "KEEP_NODE", ...node },
];

describe("the time at which an intent is the janitor's", () => {
  it.each(["PLANNED", "ACTED", "UNDONE", "SETTLED"] as const)(
    "is never for what is retired and %s",
    (status) => {
      expect(dueTimeOf(retire(status))).toBeUndefined();
    },
  );

  it("is its due time once it is committed", () => {
    expect(dueTimeOf(retire("COMMITTED"))).toBe(dueAt);
  });

  it.each(settings)(
    "is soon after it was written, for what a dead execution leaves: $kind",
    (change) => {
      for (const status of ["PLANNED", "ACTED", "COMMITTED"] as const) {
        expect(dueTimeOf(intent(change, status))).toBe("2026-03-02T09:20:00.000Z");
      }
      for (const status of ["UNDONE", "SETTLED"] as const) {
        expect(dueTimeOf(intent(change, status))).toBeUndefined();
      }
    },
  );

  it.each(marks)("is soon after it was written for what is left on a node: $kind", (change) => {
    for (const status of ["PLANNED", "ACTED"] as const) {
      expect(dueTimeOf(intent(change, status))).toBe("2026-03-02T09:20:00.000Z");
    }
    for (const status of ["COMMITTED", "UNDONE", "SETTLED"] as const) {
      expect(dueTimeOf(intent(change, status))).toBeUndefined();
    }
  });

  it("is never for what has no due time", () => {
    const claim = { kind: "CLAIM_GROUP", asgName: "web", claim: "dep#1" } as const;
    expect(dueTimeOf(intent(claim, "COMMITTED"))).toBeUndefined();
  });
});
