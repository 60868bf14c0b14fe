import { describe, expect, it } from "@jest/globals";
import { listEffects } from "../../../adapters/store/evaluations.ts";
import { listIntents, planIntent } from "../../../adapters/store/intents.ts";
import { setKillSwitch } from "../../../adapters/store/kill-switch.ts";
import { acquireLease, releaseLease } from "../../../adapters/store/leases.ts";
import type { UndoAction, UndoPlan } from "../../../core/decide/switch/undo-plan.ts";
import { refusalOf } from "../../../core/decide/switch/undo-plan.ts";
import { SpotOptimizerError, type ErrorName } from "../../../core/errors.ts";
import type { Phase } from "../../../core/model/evaluation.ts";
import { leaseSeconds } from "../../../lambdas/evaluation/lease.ts";
import { recordEffect } from "../../../lambdas/evaluation/perform.ts";
import type { EvaluationSession } from "../../../lambdas/evaluation/session.ts";
import {
  maxActions,
  refusalMinutes,
  undoUntilDone,
  type Undo,
  type Undone,
} from "../../../lambdas/evaluation/undo-loop.ts";
import {
  accountId,
  at,
  evaluationId as anyId,
  instanceId,
  intent,
} from "../../adapters/store/examples.ts";
import { evaluationId, stepUnderTest, type StepUnderTest } from "./step-under-test.ts";

type Lamp = "on" | "going out" | "off";
interface SwitchOff extends UndoAction {
  readonly lamp: string;
}
type Lamps = ReadonlyMap<string, Lamp>;

const idOf = (lamp: string): string => `SWITCH_OFF ${lamp}`;

/** Off they go, one after the other. A lamp that may not be switched off needs a person, once all others are off. */
const planLamps = (
  lamps: Lamps,
  refusalFor: (action: UndoAction) => string | undefined,
): UndoPlan<SwitchOff> => {
  const lit = [...lamps].filter(([, state]) => state === "on").map(([lamp]) => lamp);
  const free = lit.find((lamp) => refusalFor({ id: idOf(lamp) }) === undefined);
  if (free !== undefined) {
    return { kind: "ACT", action: { id: idOf(free), lamp: free, undoes: `light-${free}` } };
  }
  const refusals = lit.map((lamp) => refusalFor({ id: idOf(lamp) }));
  if (refusals.length > 0) return { kind: "NEEDS_OPERATOR", sentence: refusals.join(" ") };
  const waitsFor = [...lamps].find(([, state]) => state === "going out");
  return waitsFor === undefined
    ? { kind: "DONE" }
    : { kind: "WAIT", sentence: `Lamp ${waitsFor[0]} is going out.` };
};

const deadlineMinutes = 60;
const deadlineSeconds = deadlineMinutes * 60;

/** A house of lamps that an evaluation has lit. */
interface House {
  readonly under: StepUnderTest;
  readonly lamps: Map<string, Lamp>;
  /** Each call, in order. */
  readonly calls: string[];
  /** The open intents that each reading was given. */
  readonly readings: string[][];
  /** What a lamp's call throws. */
  readonly refuse: Map<string, Error>;
  undo(): Promise<Undone>;
}

const begun: Phase = { name: "undo", startedAt: at(0), summary: "Begun." };

const house = async (
  names: readonly string[],
  { phases = [], becomes = "off" }: { phases?: readonly Phase[]; becomes?: Lamp } = {},
): Promise<House> => {
  const under = await stepUnderTest({ evaluation: { phases } });
  for (const name of names) {
    await planIntent(under.table, evaluationId, intent(`light-${name}`, { status: "ACTED" }));
  }
  const lamps = new Map<string, Lamp>(names.map((name) => [name, "on"]));
  const calls: string[] = [];
  const readings: string[][] = [];
  const refuse = new Map<string, Error>();
  const undo: Undo<EvaluationSession, Lamps, SwitchOff> = {
    phase: "undo",
    deadlineMinutes,
    read: (_session, intents) => {
      readings.push(intents.filter(({ status }) => status === "ACTED").map(({ id }) => id));
      return Promise.resolve(new Map(lamps));
    },
    plan: (world, refused) => planLamps(world, (action) => refusalOf(refused, action)),
    carryOut: async (session, { lamp }) => {
      calls.push(lamp);
      await recordEffect(session, {
        action: "SwitchOff",
        resource: lamp,
        call: () => {
          const error = refuse.get(lamp);
          if (error !== undefined) return Promise.reject(error);
          lamps.set(lamp, becomes);
          return Promise.resolve({ requestId: `request-${lamp}` });
        },
      });
    },
  };
  return {
    under,
    lamps,
    calls,
    readings,
    refuse,
    undo: async () => undoUntilDone(await under.session(), undo),
  };
};

const refusal = (name: ErrorName): SpotOptimizerError =>
  new SpotOptimizerError(name, `${name}: hands off.`, { resource: "cellar", code: "NoNo" });

const statuses = async ({ under }: House): Promise<readonly string[]> =>
  (await listIntents(under.table, evaluationId)).map(({ id, status }) => `${id} ${status}`);

/** What the record would be told. */
const changeOf = async ({ under }: House, undone: Undone) => {
  const record = await under.record();
  return undone.change?.(record) ?? record;
};

describe("an undo", () => {
  it("acts until nothing is left, looking again after each action", async () => {
    const home = await house(["attic", "cellar"]);
    const undone = await home.undo();
    expect(undone.output).toEqual({
      kind: "UNDONE",
      summary: `${instanceId(1)} is as it was; nothing that we created is left.`,
    });
    expect(home.calls).toEqual(["attic", "cellar"]);
    expect(home.readings).toEqual([["light-attic", "light-cellar"], ["light-cellar"], []]);
    expect(await listEffects(home.under.table, evaluationId)).toMatchObject([
      { resource: "attic", outcome: "DONE" },
      { resource: "cellar", outcome: "DONE" },
    ]);
  });

  it("marks every intent as undone, also one that no action names", async () => {
    const home = await house(["attic"]);
    await planIntent(home.under.table, evaluationId, intent("stop"));
    await home.undo();
    expect(await statuses(home)).toEqual(["light-attic UNDONE", "stop UNDONE"]);
  });

  it("does nothing where nothing was planned, not even take a lease", async () => {
    const home = await house([]);
    home.under.events.length = 0;
    const undone = await home.undo();
    expect(undone).toMatchObject({ output: { kind: "UNDONE" }, refused: [] });
    expect(undone.change).toBeUndefined();
    expect(home.readings).toEqual([]);
    expect(home.under.events).toEqual([]);
  });

  it("is not stopped by the kill switch", async () => {
    const home = await house(["attic"]);
    await setKillSwitch(home.under.table, {
      scope: "global",
      engaged: true,
      reason: "an incident",
      by: "operator",
      now: home.under.context.now(),
    });
    expect((await home.undo()).output.kind).toBe("UNDONE");
  });

  it("ends an invocation after its share of actions, and goes on in the next", async () => {
    const names = Array.from({ length: maxActions + 1 }, (_, index) => `lamp-${String(index)}`);
    const home = await house(names);
    expect((await home.undo()).output).toEqual({
      kind: "WAITING",
      summary: "The roll-back goes on.",
    });
    expect(home.calls).toHaveLength(maxActions);
    expect((await home.undo()).output.kind).toBe("UNDONE");
    expect(home.calls).toEqual(names);
  });
});

describe("an undo that must wait", () => {
  it("says for what, and leaves open what is not certain", async () => {
    const home = await house(["attic"], { becomes: "going out" });
    await planIntent(home.under.table, evaluationId, intent("stop"));
    expect((await home.undo()).output).toEqual({
      kind: "WAITING",
      summary: "Lamp attic is going out.",
    });
    expect(await statuses(home)).toEqual(["light-attic UNDONE", "stop PLANNED"]);
    home.lamps.set("attic", "off");
    expect((await home.undo()).output.kind).toBe("UNDONE");
    expect(home.calls).toEqual(["attic"]);
  });

  it.each([
    ["waits until its deadline", deadlineSeconds, "WAITING"],
    ["asks for a person after it", deadlineSeconds + 1, "NEEDS_OPERATOR"],
  ] as const)("%s", async (_what, seconds, kind) => {
    const home = await house(["attic"], { phases: [begun], becomes: "going out" });
    home.under.pass(seconds);
    const undone = await home.undo();
    expect(undone.output.kind).toBe(kind);
    expect((await changeOf(home, undone)).rollbackProblem).toBe(
      kind === "WAITING" ? undefined : "Lamp attic is going out. Waited 60 minutes for it.",
    );
  });

  it("counts from its own phase alone", async () => {
    const phases = [{ ...begun, name: "launch" }];
    const home = await house(["attic"], { phases, becomes: "going out" });
    home.under.pass(deadlineSeconds + 1);
    expect((await home.undo()).output.kind).toBe("WAITING");
  });
});

describe("an action that AWS refuses", () => {
  it("for lack of a permission is tried once, the rest is undone, and a person is asked", async () => {
    const home = await house(["cellar", "attic"]);
    home.refuse.set("cellar", refusal("BrokenPermission"));
    const undone = await home.undo();
    expect(home.calls).toEqual(["cellar", "attic"]);
    expect(undone.output).toEqual({
      kind: "NEEDS_OPERATOR",
      summary: "BrokenPermission: hands off.",
    });
    expect(await changeOf(home, undone)).toMatchObject({
      rollbackProblem: "BrokenPermission: hands off.",
    });
    expect(await statuses(home)).toEqual(["light-cellar ACTED", "light-attic UNDONE"]);
  });

  it("is told with its error, code and resource: the cause that another attempt would meet", async () => {
    const home = await house(["cellar"]);
    home.refuse.set("cellar", refusal("BrokenQuota"));
    expect((await home.undo()).refused).toMatchObject([
      {
        actionId: "SWITCH_OFF cellar",
        error: { name: "BrokenQuota", code: "NoNo", resource: "cellar" },
      },
    ]);
  });

  it.each(["BrokenRequest", "BrokenNotFound"] as const)(
    "with %s may pass: it is tried again in the next invocation",
    async (name) => {
      const home = await house(["cellar"], { phases: [begun] });
      home.refuse.set("cellar", refusal(name));
      expect((await home.undo()).output).toEqual({
        kind: "WAITING",
        summary: `${name}: hands off.`,
      });
      home.refuse.clear();
      expect((await home.undo()).output.kind).toBe("UNDONE");
      expect(home.calls).toEqual(["cellar", "cellar"]);
    },
  );

  it("lastingly needs a person after some minutes, long before the deadline", async () => {
    const home = await house(["cellar"], { phases: [begun] });
    home.refuse.set("cellar", refusal("BrokenRequest"));
    home.under.pass(refusalMinutes * 60 - 1);
    expect((await home.undo()).output.kind).toBe("WAITING");
    home.under.pass(1);
    expect((await home.undo()).output.kind).toBe("NEEDS_OPERATOR");
  });

  it.each([
    ["what the workflow repeats", refusal("RetryableThrottled")],
    ["a changed world", refusal("StaleOriginal")],
    ["an error that nobody knows", new TypeError("a bug")],
  ])("is not %s: that is thrown, and the intents stay open", async (_what, error) => {
    const home = await house(["cellar"]);
    home.refuse.set("cellar", error);
    await expect(home.undo()).rejects.toBe(error);
    expect(await statuses(home)).toEqual(["light-cellar ACTED"]);
  });
});

describe("the lease of an undo", () => {
  const takenByAnother = async ({ under }: House): Promise<void> => {
    under.pass(leaseSeconds + 1);
    await acquireLease(under.table, {
      resource: under.resource,
      owner: anyId(2),
      now: under.context.now(),
      seconds: deadlineSeconds * 2,
    });
  };

  it("is waited for while another evaluation has it: nothing is read, called or written", async () => {
    const home = await house(["attic"]);
    await takenByAnother(home);
    home.under.events.length = 0;
    const undone = await home.undo();
    expect(undone.output).toEqual({
      kind: "WAITING",
      summary: `Evaluation ${anyId(2)} holds ${instanceId(1)} by now.`,
    });
    expect(undone.change).toBeUndefined();
    expect([home.calls, home.readings, home.under.events]).toEqual([[], [], []]);
  });

  it("is waited for until the deadline", async () => {
    const home = await house(["attic"], { phases: [begun] });
    await takenByAnother(home);
    home.under.pass(deadlineSeconds);
    const undone = await home.undo();
    expect(undone.output).toMatchObject({ kind: "NEEDS_OPERATOR" });
    expect((await changeOf(home, undone)).rollbackProblem).toContain(
      `Evaluation ${anyId(2)} holds`,
    );
    expect(home.calls).toEqual([]);
  });

  it("is taken again after another had it, and the record is told the number that holds now", async () => {
    const home = await house(["attic"]);
    await takenByAnother(home);
    const { resource, table } = home.under;
    await releaseLease(table, { resource, owner: anyId(2), fence: 2 });
    const undone = await home.undo();
    expect(undone.output.kind).toBe("UNDONE");
    expect((await changeOf(home, undone)).leases).toEqual([
      { resource: `instance#${accountId}#${instanceId(1)}`, fence: 3 },
    ]);
  });
});
