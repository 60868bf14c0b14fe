import { describe, expect, it } from "@jest/globals";
import { nextOfCommand, sentenceOnEnd } from "../../../../core/decide/switch/command.ts";
import { findOut } from "../../../../core/decide/switch/found-out.ts";
import { hookRuns, withHooks } from "../../../../core/decide/switch/hooks.ts";
import { areProvedAt, proofAttempt } from "../../../../core/decide/switch/proof.ts";
import type { Effect, Outcome } from "../../../../core/model/evaluation.ts";
import type { IntentWithCalls } from "../../../../core/model/intent.ts";
import type { CommandChange } from "../../../../core/model/intents/command.ts";
import { effectivePolicy } from "../../../../core/policy/policy.ts";

const at = (seconds: number): string => new Date(Date.UTC(2026, 2, 2, 9, 0, seconds)).toISOString();
const now = (seconds: number): Date => new Date(at(seconds));

const planned = (
  change: Partial<CommandChange> = {},
  ...outcomes: readonly Effect["outcome"][]
): IntentWithCalls => ({
  intent: {
    id: "proof-after-0-1",
    status: "PLANNED",
    fence: 1,
    plannedAt: at(0),
    change: {
      kind: "RUN_COMMAND",
      document: "check",
      instanceId: "i-1",
      comment: "evl-1 proof",
      ...change,
    },
  },
  effects: outcomes.map((outcome, index) => ({
    action: "SendCommand",
    resource: "i-1",
    at: at(index),
    requestId: "r",
    outcome,
    message: "Rate exceeded.",
  })),
});

const success = { status: "Success", hasSucceeded: true, exitCode: 0, at: at(10) };
const failure = { status: "Failed", hasSucceeded: false, exitCode: 7, at: at(10) };

describe("what comes next of a command", () => {
  it.each<readonly [string, IntentWithCalls | undefined, number, string]>([
    ["that was not planned", undefined, 0, "SEND"],
    ["that AWS has turned away each time", planned({}, "REFUSED", "REFUSED"), 600, "SEND"],
    ["of which one call has no answer", planned({}, "REFUSED", "UNKNOWN"), 60, "FIND"],
    ["that was looked for long enough", planned({}, "UNKNOWN"), 181, "UNKNOWN"],
    ["that was sent", planned({ commandId: "c-1" }, "UNKNOWN"), 600, "READ"],
    ["that has ended", planned({ commandId: "c-1", end: failure }, "DONE"), 600, "ENDED"],
  ])("%s", (_, intent, seconds, kind) => {
    expect(nextOfCommand(intent, now(seconds)).kind).toBe(kind);
  });

  it("is told with its exit code, and where its output is", () => {
    const about = { document: "check", instanceId: "i-1", commandId: "c-1" };
    expect(sentenceOnEnd(about, failure)).toBe(
      "Document check on i-1 did not succeed: Failed, exit code 7 (command c-1; its output is in Systems Manager).",
    );
  });
});

describe("an attempt at a proof by a document", () => {
  const attempt = (id: string, change: Partial<CommandChange>) => ({
    ...planned(change).intent,
    id,
  });

  it.each<readonly [string, readonly ReturnType<typeof attempt>[], number, string]>([
    ["is the first where none was made", [], 0, "p-1"],
    ["goes on while it runs", [attempt("p-1", { commandId: "c-1" })], 3_600, "p-1"],
    ["counts for a minute when it succeeded", [attempt("p-1", { end: success })], 70, "p-1"],
    ["is another one after that", [attempt("p-1", { end: success })], 71, "p-2"],
    ["is not another one at once when it failed", [attempt("p-1", { end: failure })], 40, "p-1"],
    ["is another one half a minute later", [attempt("p-1", { end: failure })], 41, "p-2"],
    ["is another one where nobody knows of the last", [attempt("p-1", {})], 241, "p-2"],
    [
      "is not taken for that of another proof",
      [attempt("p-1", { end: failure }), attempt("p-2", { end: success }), attempt("q-1", {})],
      50,
      "p-2",
    ],
  ])("%s", (_, intents, seconds, id) => {
    expect(proofAttempt("p", intents, now(seconds))).toBe(id);
  });
});

describe("proofs of a stage", () => {
  const reading = {
    stage: "final_root",
    name: "n",
    holds: true,
    sentence: "s",
    at: at(0),
  } as const;

  it("hold when each of them does, and at least one was asked", () => {
    expect(areProvedAt([reading], "final_root")).toBe(true);
    expect(areProvedAt([reading, { ...reading, holds: false }], "final_root")).toBe(false);
    expect(areProvedAt([reading], "after")).toBe(false);
    expect(areProvedAt(undefined, "after")).toBe(false);
  });
});

describe("what is told of hooks", () => {
  const outcome: Outcome = { status: "SWITCHED", reason: "r", sentence: "It has." };
  const rolledBack: Outcome = { ...outcome, status: "ROLLED_BACK" };
  const before = planned({ hook: "before_freeze", commandId: "c-1", end: success }, "DONE");
  const after = planned({ hook: "after_switch", commandId: "c-2", end: failure }, "DONE");
  const hook = { kind: "after_switch", document: "tell", seconds: 60 } as const;
  const policy = { ...effectivePolicy("LINEAR"), hooks: [hook] };
  const quiet = { policy: effectivePolicy("LINEAR") };

  it("is nothing of one that succeeded", () => {
    expect(withHooks(outcome, quiet, hookRuns([before], now(60)))).toEqual(outcome);
  });

  it("is that one before the freeze ran for nothing", () => {
    expect(withHooks(rolledBack, quiet, hookRuns([before], now(60))).sentence).toContain(
      "before_freeze was run on i-1: see that what it did is taken back",
    );
  });

  it("is nothing of one that was never sent before the freeze: the failure says so", () => {
    const refused = planned({ hook: "before_freeze" }, "REFUSED");
    expect(withHooks(rolledBack, quiet, hookRuns([refused], now(60)))).toEqual(rolledBack);
  });

  it.each([
    ["failed", after, "exit code 7"],
    ["was turned away", planned({ hook: "after_switch" }, "REFUSED"), "Rate exceeded."],
    ["has no known end", planned({ hook: "after_switch" }, "UNKNOWN"), "is not known"],
  ] as const)("is that one after the switch %s", (_, intent, words) => {
    const runs = hookRuns([intent], now(600));
    expect(runs.map(({ hasSucceeded }) => hasSucceeded)).toEqual([false]);
    expect(withHooks(outcome, { policy }, runs).sentence).toContain(words);
  });

  it("is that one after the switch was not run at all", () => {
    expect(withHooks(outcome, { policy }, []).sentence).toContain("run document tell by hand");
    expect(withHooks(rolledBack, { policy }, [])).toEqual(rolledBack);
  });

  it("is that one before the freeze was not run on what EC2 took, with what that means", () => {
    const quiesce = { kind: "before_freeze", document: "quiesce", seconds: 60 } as const;
    const taken = {
      kind: "RECOVER" as const,
      policy: { ...policy, consistency: "stop-and-image" as const, hooks: [quiesce] },
    };
    expect(withHooks(outcome, taken, []).sentence).toContain("before_freeze was not run");
    expect(withHooks(outcome, { policy: taken.policy }, [])).toEqual(outcome);
    const stateless = { ...taken, policy: { ...taken.policy, consistency: "stateless" as const } };
    expect(withHooks(outcome, stateless, [])).toEqual(outcome);
  });
});

describe("a command whose answer is not known", () => {
  const told = (intent: IntentWithCalls) =>
    findOut({ status: "ROLLED_BACK", intents: [intent], alone: [] }).map(
      ({ found }) => found?.kind,
    );

  it("is never told as undone: nothing undoes what it did", () => {
    const undone = planned({}, "UNKNOWN");
    const intent = { ...undone.intent, status: "UNDONE" as const };
    expect(told({ ...undone, intent })).toEqual([undefined]);
  });

  it("was sent where SSM has shown it", () => {
    expect(told(planned({ commandId: "c-1" }, "UNKNOWN"))).toEqual(["DONE"]);
  });
});
