import { describe, expect, it } from "@jest/globals";
import { listEffects, updateEvaluation } from "../../../adapters/store/evaluations.ts";
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
import type { Undo } from "../../../lambdas/evaluation/undo.ts";
import {
  refusalMinutes,
  undoUntilDone,
  type Undone,
} from "../../../lambdas/evaluation/undo-loop.ts";
import { maxCalls, maxPlans } from "../../../lambdas/evaluation/undo-round.ts";
import type { LastRound } from "../../../lambdas/evaluation/undo-wait.ts";
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
/** Two parts that are read on their own. Nothing that is done to a lamp changes who is in the house. */
interface World {
  readonly lamps: Readonly<Record<string, Lamp>>;
  readonly guests: number;
}

/** Takes longer to go out than the undo may last. */
const candle = "candle";
const candleMinutes = 70;

/** Lamps of a chain hang on one wire: those go off together. */
const isOfChain = (lamp: string): boolean => lamp.startsWith("chain-");

/** Never while there are guests: nobody can plug it in again. */
const fuse = "fuse";

const idOf = (lamp: string): string => `SWITCH_OFF ${lamp}`;

const switchOff = (lamp: string): SwitchOff => ({
  id: idOf(lamp),
  lamp,
  undoes: `light-${lamp}`,
});

/** Off they go, one after the other, but for those of the chain. A lamp that may not be switched off needs a person, once all others are off. */
const planLamps = (
  { lamps, guests }: World,
  refusalFor: (action: UndoAction) => string | undefined,
): UndoPlan<SwitchOff, keyof World> => {
  const lit = Object.entries(lamps)
    .filter(([, state]) => state === "on")
    .map(([lamp]) => lamp);
  const [free, ...others] = lit.filter((lamp) => refusalFor({ id: idOf(lamp) }) === undefined);
  if (free === fuse && guests > 0) {
    return { kind: "WAIT", sentence: "There are guests.", on: ["guests"], takes: "MINUTES" };
  }
  if (free !== undefined) {
    const alike = isOfChain(free) ? others.filter(isOfChain).map(switchOff) : [];
    return { kind: "ACT", action: switchOff(free), ...(alike.length > 0 && { alike }) };
  }
  const refusals = lit.map((lamp) => refusalFor({ id: idOf(lamp) }));
  if (refusals.length > 0) return { kind: "NEEDS_OPERATOR", sentence: refusals.join(" ") };
  const waitsFor = Object.entries(lamps).find(([, state]) => state === "going out");
  return waitsFor === undefined
    ? { kind: "DONE" }
    : {
        kind: "WAIT",
        sentence: `Lamp ${waitsFor[0]} is going out.`,
        on: ["lamps"],
        takes: "SECONDS",
        ...(waitsFor[0] === candle ? { minutes: candleMinutes } : {}),
      };
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
  /** Each part that was read, in order. */
  readonly parts: string[];
  /** Who is in the house. */
  guests: number;
  /** Called after each call. */
  afterCall: () => void;
  /** What a lamp's call throws. */
  readonly refuse: Map<string, Error>;
  /** Told what the last round answered, as the workflow does. */
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
  const parts: string[] = [];
  const undo: Undo<EvaluationSession, World, SwitchOff> = {
    phase: "undo",
    deadlineMinutes,
    readers: () => ({
      lamps: (intents) => {
        parts.push("lamps");
        readings.push(intents.filter(({ status }) => status === "ACTED").map(({ id }) => id));
        return Promise.resolve(Object.fromEntries(lamps));
      },
      guests: () => {
        parts.push("guests");
        return Promise.resolve(home.guests);
      },
    }),
    touches: () => ["lamps"],
    isIrreversible: ({ lamp }) => lamp === fuse,
    leavesRest: () => false,
    plan: ({ world, refused }) => planLamps(world, (action) => refusalOf(refused, action)),
    carryOut: async (session, { lamp }) => {
      calls.push(lamp);
      await recordEffect(session, {
        action: "SwitchOff",
        resource: lamp,
        call: () => {
          const error = refuse.get(lamp);
          if (error !== undefined) return Promise.reject(error);
          lamps.set(lamp, becomes);
          home.afterCall();
          return Promise.resolve({ requestId: `request-${lamp}` });
        },
      });
    },
  };
  let last: LastRound;
  const home: House = {
    under,
    lamps,
    calls,
    readings,
    parts,
    guests: 0,
    afterCall: () => undefined,
    refuse,
    undo: async () => {
      const undone = await undoUntilDone(await under.session(), undo, last);
      last = undone.output;
      return undone;
    },
  };
  return home;
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
      waitSeconds: 0,
      wait: null,
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
    const names = Array.from({ length: maxPlans + 1 }, (_, index) => `lamp-${String(index)}`);
    const home = await house(names);
    expect((await home.undo()).output).toMatchObject({
      kind: "WAITING",
      summary: "The roll-back goes on.",
    });
    expect(home.calls).toHaveLength(maxPlans);
    expect((await home.undo()).output.kind).toBe("UNDONE");
    expect(home.calls).toEqual(names);
  });
});

describe("what an undo plans together", () => {
  const chain = (length: number): readonly string[] =>
    Array.from({ length }, (_, index) => `chain-${String(index)}`);

  it("is carried out before anything is read again", async () => {
    const home = await house(["attic", ...chain(3), "cellar"]);
    expect((await home.undo()).output.kind).toBe("UNDONE");
    expect(home.calls).toEqual(["attic", ...chain(3), "cellar"]);
    expect(home.parts.filter((part) => part === "lamps")).toHaveLength(4);
    expect(await statuses(home)).toContain("light-chain-1 UNDONE");
  });

  it("does not end with one of them that is refused", async () => {
    const home = await house(chain(3));
    home.refuse.set("chain-1", refusal("BrokenPermission"));
    const undone = await home.undo();
    expect(home.calls).toEqual(chain(3));
    expect(undone.output).toMatchObject({
      kind: "NEEDS_OPERATOR",
      summary: "BrokenPermission: hands off.",
    });
    expect(await statuses(home)).toEqual([
      "light-chain-0 UNDONE",
      "light-chain-1 ACTED",
      "light-chain-2 UNDONE",
    ]);
  });

  it("is not done twice where a reading is behind: only what is new is", async () => {
    const home = await house(chain(2), { becomes: "on" });
    home.afterCall = () => {
      home.lamps.set("chain-2", "on");
    };
    expect((await home.undo()).output.kind).toBe("WAITING");
    expect(home.calls).toEqual(chain(3));
  });

  it("ends the invocation when the calls take too long together", async () => {
    const home = await house([...chain(maxCalls), "attic"]);
    expect((await home.undo()).output).toMatchObject({ summary: "The roll-back goes on." });
    expect(home.calls).toHaveLength(maxCalls);
    expect((await home.undo()).output.kind).toBe("UNDONE");
  });
});

describe("what an undo reads", () => {
  it("is everything once, and after an action what it touched", async () => {
    const home = await house(["attic", "cellar"]);
    await home.undo();
    // The end is planned on a world of which all was read after the last action.
    expect(home.parts).toEqual(["lamps", "guests", "lamps", "lamps", "guests"]);
  });

  it("is everything right before what nothing brings back", async () => {
    const home = await house(["attic", fuse]);
    await home.undo();
    expect(home.calls).toEqual(["attic", fuse]);
    expect(home.parts).toEqual(["lamps", "guests", "lamps", "guests", "lamps", "guests"]);
  });

  it("keeps it from that, if the world has changed since the action before", async () => {
    const home = await house(["attic", fuse]);
    home.afterCall = () => {
      home.guests = 1;
    };
    expect((await home.undo()).output).toMatchObject({
      kind: "WAITING",
      summary: "There are guests.",
      waitSeconds: 15,
    });
    expect(home.calls).toEqual(["attic"]);
  });

  it("is behind when it shows what was done as still to be done: that is not done again at once", async () => {
    const home = await house(["attic"], { becomes: "on" });
    expect((await home.undo()).output).toMatchObject({
      kind: "WAITING",
      summary: "AWS does not show yet what was done: SWITCH_OFF attic.",
    });
    expect(home.calls).toEqual(["attic"]);
    await home.undo();
    expect(home.calls).toEqual(["attic", "attic"]);
    home.lamps.set("attic", "off");
    expect((await home.undo()).output.kind).toBe("UNDONE");
    expect(home.calls).toEqual(["attic", "attic"]);
  });
});

describe("a round after one that waits", () => {
  const waitingHouse = async (): Promise<House> => {
    const home = await house([fuse], { phases: [begun] });
    home.guests = 1;
    await home.undo();
    home.parts.length = 0;
    return home;
  };

  it("looks at what is waited for, and at nothing else while that stays so", async () => {
    const home = await waitingHouse();
    const undone = await home.undo();
    expect(undone.output).toMatchObject({ kind: "WAITING", summary: "There are guests." });
    expect(home.parts).toEqual(["guests"]);
    const record = await home.under.record();
    expect(undone.change?.(record)).toBe(record);
  });

  it("looks at everything once that has changed, and acts", async () => {
    const home = await waitingHouse();
    home.guests = 0;
    expect((await home.undo()).output.kind).toBe("UNDONE");
    expect(home.parts).toEqual(["guests", "lamps", "lamps", "guests"]);
  });

  it("looks at everything every five minutes", async () => {
    const home = await waitingHouse();
    home.under.pass(299);
    await home.undo();
    expect(home.parts).toEqual(["guests"]);
    home.under.pass(1);
    await home.undo();
    expect(home.parts).toEqual(["guests", "lamps", "guests"]);
  });

  it("looks at everything before it asks for a person", async () => {
    const home = await waitingHouse();
    home.under.pass(deadlineSeconds + 1);
    expect((await home.undo()).output.kind).toBe("NEEDS_OPERATOR");
    expect(home.parts).toEqual(["lamps", "guests"]);
  });

  it("tries again what was refused, whatever it sees", async () => {
    const home = await house(["attic", fuse], { phases: [begun] });
    home.guests = 1;
    home.refuse.set("attic", refusal("BrokenRequest"));
    await home.undo();
    home.refuse.clear();
    await home.undo();
    expect(home.calls).toEqual(["attic", "attic"]);
  });

  it("comes by less often the longer it lasts", async () => {
    const home = await waitingHouse();
    const seconds: number[] = [];
    for (let round = 0; round < 80; round += 1) {
      const { waitSeconds } = (await home.undo()).output;
      seconds.push(waitSeconds);
      home.under.pass(waitSeconds);
    }
    expect(seconds.slice(0, 20)).toEqual(Array<number>(20).fill(15));
    expect(seconds).toEqual(seconds.toSorted((one, other) => one - other));
    expect(seconds.at(-1)).toBe(60);
  });
});

describe("an undo that must wait", () => {
  it("says for what, and leaves open what is not certain", async () => {
    const home = await house(["attic"], { becomes: "going out" });
    await planIntent(home.under.table, evaluationId, intent("stop"));
    expect((await home.undo()).output).toMatchObject({
      kind: "WAITING",
      summary: "Lamp attic is going out.",
      waitSeconds: 5,
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

  /** What the record is told, it holds in the next round. */
  const store = async (home: House, undone: Undone): Promise<void> => {
    const { waits } = await changeOf(home, undone);
    await updateEvaluation(home.under.table, evaluationId, (record) => ({ ...record, waits }));
  };

  it.each([
    ["the longer deadline of what takes longer", candle, "Lamp candle is going out."],
    ["the same for what follows it", "attic", "Lamp attic is going out."],
  ])("waits until %s, counted from when that began", async (_what, last, sentence) => {
    const home = await house([candle], { phases: [begun], becomes: "going out" });
    home.under.pass(deadlineSeconds - 60);
    await store(home, await home.undo());
    if (last !== candle) {
      home.lamps.set(candle, "off");
      home.lamps.set(last, "going out");
    }
    home.under.pass(candleMinutes * 60);
    expect((await home.undo()).output).toMatchObject({ kind: "WAITING", summary: sentence });
    home.under.pass(1);
    const undone = await home.undo();
    expect(undone.output.kind).toBe("NEEDS_OPERATOR");
    expect((await changeOf(home, undone)).rollbackProblem).toBe(
      `${sentence} Waited 129 minutes for it.`,
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
      waitSeconds: 0,
      wait: null,
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
      expect((await home.undo()).output).toMatchObject({
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
    [
      "our own table that refuses the record of it",
      new SpotOptimizerError("BrokenPermission", "PutItem: denied", { code: "No", isOwn: true }),
    ],
    ["an intent that is gone", new SpotOptimizerError("BrokenNotFound", "There is no intent.")],
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
    expect(undone.output).toMatchObject({
      kind: "WAITING",
      summary: `Evaluation ${anyId(2)} holds ${instanceId(1)} by now.`,
    });
    expect(undone.change).toBeUndefined();
    expect([home.calls, home.readings, home.under.events]).toEqual([[], [], ["read LEASE"]]);
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
    expect((await changeOf(home, undone)).leases).toMatchObject([
      { resource: `instance#${accountId}#${instanceId(1)}`, fence: 3 },
    ]);
  });
});
