import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { canonicalJson } from "../../../../../core/canonical.ts";
import { planRollback } from "../../../../../core/decide/linear/roll-back/plan.ts";
import { isIrreversible } from "../../../../../core/decide/linear/roll-back/parts.ts";
import { wait } from "../../../../../core/decide/linear/roll-back/return.ts";
import type {
  RollbackAction,
  RollbackPlan,
} from "../../../../../core/decide/linear/roll-back/world.ts";
import {
  type Forward,
  ModelWorld,
  type ModelOptions,
  type Reach,
  statefulOrder,
  statelessOrder,
} from "./model-world.ts";

interface Story extends ModelOptions {
  /** The forward steps that were planned before the crash, and how far each got. */
  readonly steps: readonly {
    readonly name: Forward;
    readonly reach: Reach;
    readonly isNoted: boolean;
  }[];
  readonly hasOrphan: boolean;
  /** Turns of the roll-back during which EC2 does not show what was made: at most four minutes. */
  readonly hiddenTurns: number;
  /** Turn of the roll-back at which EC2 takes the replacement back. */
  readonly interruptedAt: number | undefined;
  /** What becomes of each turn: the call acts, is lost, acts twice; or the world that was read is of the turn before. */
  readonly turns: readonly ("acts" | "lost" | "twice" | "stale")[];
}

const step = (name: Forward): fc.Arbitrary<Story["steps"][number]> =>
  fc.record({
    name: fc.constant(name),
    reach: fc.constantFrom<Reach>("none", "half", "full", "full"),
    isNoted: fc.boolean(),
  });

/** Any crash point; any of the steps left out, since not every instance has everything. */
const stepsIn = (order: readonly Forward[]): fc.Arbitrary<Story["steps"]> =>
  fc
    .tuple(...order.map((name) => fc.option(step(name), { freq: 4, nil: undefined })))
    .chain((all) =>
      fc
        .nat({ max: all.length })
        .map((crash) => all.slice(0, crash).filter((one) => one !== undefined)),
    );

/** Nothing moves away from a stateful load that was not stopped. */
const stateful = stepsIn(statefulOrder).map((planned) => {
  const stop = planned.findIndex(({ name }) => name === "stop");
  return stop < 0
    ? planned.filter(({ name }) => /image|launch|reserve|capacity/i.test(name))
    : planned;
});

const storyOf = (isStateless: boolean): fc.Arbitrary<Story> =>
  fc.record({
    isStateless: fc.constant(isStateless),
    steps: isStateless ? stepsIn(statelessOrder) : stateful,
    isReplacementWell: fc.boolean(),
    isDeletable: fc.boolean(),
    hasOrphan: fc.boolean(),
    hiddenTurns: fc.oneof(fc.constant(0), fc.nat({ max: 12 })),
    delay: fc.nat({ max: 3 }),
    interruptedAt: fc.option(fc.nat({ max: 12 }), { nil: undefined, freq: 2 }),
    turns: fc.array(fc.constantFrom("acts", "acts", "lost", "twice", "stale"), { maxLength: 40 }),
  });

const story = fc.oneof(storyOf(true), storyOf(false));

interface End {
  readonly plan: RollbackPlan;
  readonly actions: readonly RollbackAction[];
}

const isHeld = ({ plan }: End): boolean => plan.kind === "NEEDS_OPERATOR" && plan.isHeld === true;

const untouched = { actions: [], isStateless: false } as const;

/** More turns than any story can need: 12 things that each take a few ticks and may fail 40 times in all. */
const turnLimit = 200;

const rollBack = (world: ModelWorld, { turns, interruptedAt }: Story): End => {
  const actions: RollbackAction[] = [];
  let lastRead = world.read();
  for (let turn = 0; turn < turnLimit; turn += 1) {
    if (turn === interruptedAt) world.interrupt();
    const fate = turns[turn] ?? "acts";
    const read = fate === "stale" ? lastRead : world.read();
    lastRead = world.read();
    // As the loop does: on a world of which all was read right before.
    const first = planRollback(read);
    const isAgain = first.kind === "ACT" && isIrreversible(first.action);
    const plan = isAgain ? planRollback(world.read()) : first;
    if (plan.kind === "DONE" || plan.kind === "NEEDS_OPERATOR") return { plan, actions };
    if (plan.kind === "ACT") {
      actions.push(plan.action);
      if (fate !== "lost") world.perform(plan.action);
      if (fate === "twice") world.perform(plan.action);
    }
    world.tick();
  }
  return { plan: wait("the turns ran out", []), actions };
};

const play = (told: Story): { readonly world: ModelWorld; readonly end: End } => {
  const world = new ModelWorld(told);
  for (const { name, reach, isNoted } of told.steps) world.forward(name, reach, isNoted);
  if (told.hasOrphan) world.launchOrphan();
  world.hide(told.hiddenTurns);
  return { world, end: rollBack(world, told) };
};

describe("planRollback, from every state a crash can leave", () => {
  it("ends with the original running with all that is its own, and nothing left that we created", () => {
    fc.assert(
      fc.property(story, (told) => {
        const { world, end } = play(told);
        if (isHeld(end)) return;
        expect(end.plan).toEqual({ kind: "DONE" });
        expect(world.isRestored()).toBe(true);
        expect(world.isClean()).toBe(true);
      }),
      { numRuns: 1500 },
    );
  });

  it("leaves all as it is while a healthy replacement of a stateful load has served, and only then", () => {
    fc.assert(
      fc.property(story, (told) => {
        const world = new ModelWorld(told);
        for (const { name, reach, isNoted } of told.steps) world.forward(name, reach, isNoted);
        const mustHold = world.isHeld() && told.interruptedAt === undefined;
        const { end } = play(told);
        if (isHeld(end)) expect({ ...end, isStateless: told.isStateless }).toMatchObject(untouched);
        else expect(mustHold).toBe(false);
      }),
      { numRuns: 1500 },
    );
  });

  it("never loses identity, and never ends the replacement before the original is restored", () => {
    fc.assert(
      fc.property(story, (told) => {
        expect(play(told).world.violations).toEqual([]);
      }),
      { numRuns: 1500 },
    );
  });

  it("needs a bounded number of actions: at most three per thing that may have moved", () => {
    fc.assert(
      fc.property(story, (told) => {
        const failed = told.turns.filter((fate) => fate === "lost" || fate === "stale").length;
        const { end } = play(told);
        // detach, attach and restore per move; two per image; one per launch, orphan, loose Elastic IP; the writes that are kept.
        expect(end.actions.length).toBeLessThanOrEqual(3 * told.steps.length + 3 + failed);
      }),
      { numRuns: 1500 },
    );
  });

  it("gives two actions the same id only where they are the same call", () => {
    fc.assert(
      fc.property(story, (told) => {
        const { actions } = play(told).end;
        const calls = new Set(actions.map(canonicalJson));
        expect(new Set(actions.map(({ id }) => id)).size).toBe(calls.size);
      }),
    );
  });

  it("has nothing left to do when it is asked again after the end", () => {
    fc.assert(
      fc.property(story, (told) => {
        const { world, end } = play(told);
        if (isHeld(end)) return;
        expect(planRollback(world.read())).toEqual({ kind: "DONE" });
      }),
    );
  });
});
