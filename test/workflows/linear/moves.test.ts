import { describe, expect, it } from "@jest/globals";
import { getTarget } from "../../../adapters/store/targets.ts";
import { targetIdSchema } from "../../../core/model/ids.ts";
import type { Lab } from "../../../local/lab/contract.ts";
import { harmCall, isMutation } from "../../../local/lab/harm.ts";
import { complaintsAbout } from "../../../local/lab/judge.ts";
import { accountId } from "../../../local/lab/lab.ts";
import { createLabThatMoves } from "../../../local/lab/moving.ts";
import {
  at,
  atFirst,
  lossy,
  rich,
  stepsOf,
  throwKillSwitch,
} from "../../../local/lab/scenarios.ts";
import { doubtful } from "../fail-each-call.ts";
import { evaluationsOf, minuteMs, pass, sweep, withoutRoom } from "./recovery-lab.ts";

/** How each ends well. */
const ways = { SPOT: "SWITCHED", ON_DEMAND: "FELL_BACK" } as const;
type Way = keyof typeof ways;

const on = async (way: Way) => {
  const steps = await stepsOf(rich.stateless, (options = {}) => createLabThatMoves(options, way));
  /** From here on there is nothing to which anything could go back. */
  const end = steps.findIndex(({ operation }) => operation === "TerminateInstances") + 1;
  return steps.map((step) => ({ ...step, way, end }));
};
const steps = [...(await on("SPOT")), ...(await on("ON_DEMAND"))];

const targetOf = (lab: Lab) => getTarget(lab.table, targetIdSchema.parse(lab.targetId));

describe("a stateless load on Spot that nobody asks for a place", () => {
  it("moves to a Spot pool that costs less, where its owner allows that", async () => {
    const lab = await createLabThatMoves(rich.stateless, "SPOT");
    const story = await lab.run();
    expect(await complaintsAbout(lab, story)).toEqual([]);
    expect(story.evaluation).toMatchObject({
      kind: "MOVE",
      status: "SWITCHED",
      verdict: { kind: "SWITCH", reason: "SAVINGS_WORTH_THE_RISK" },
    });
    expect(story.answer["savings"]).toBeDefined();
    const replayed = await lab.send("POST", `/evaluations/${story.evaluationId}/replay`);
    expect(replayed.body).toMatchObject({ identical: true });
    const [server] = story.replacements;
    expect(server?.lifecycle).toBe("spot");
    const target = await targetOf(lab);
    expect(target).toMatchObject({ instanceId: server?.instanceId });
    expect(target).toHaveProperty("ownersDeletionFlags");
    expect(target ?? {}).not.toHaveProperty("staysOnDemand");
  });

  it("goes back to On-Demand where Spot has become dearer, and may be brought to Spot again", async () => {
    const lab = await createLabThatMoves(rich.stateless, "ON_DEMAND");
    const story = await lab.run();
    expect(await complaintsAbout(lab, story)).toEqual([]);
    expect(story.evaluation).toMatchObject({
      kind: "MOVE",
      status: "FELL_BACK",
      verdict: { kind: "FALLBACK_ON_DEMAND", reason: "ON_DEMAND_IS_CHEAPER" },
    });
    const target = (await targetOf(lab)) ?? {};
    expect(target).toMatchObject({ instanceId: story.replacements[0]?.instanceId });
    expect(story.replacements[0]?.lifecycle).toBeUndefined();
    expect(target).not.toHaveProperty("ownersDeletionFlags");
    expect(target).not.toHaveProperty("staysOnDemand");
  });
});

const cases = steps.flatMap((step) => doubtful.map((harm) => ({ ...step, harm })));

describe("a move, whichever call fails", () => {
  it.each(cases)(
    "to $way is gone or undone when call $nth ($operation) meets: $harm",
    async ({ way, end, harm, nth }) => {
      const lab = await createLabThatMoves(
        { ...rich.stateless, undisturbedUntil: { change: nth } },
        way,
      );
      const harmed = harmCall(lab.platform, { harm, nth, matches: isMutation(accountId) });
      const story = await lab.run();
      expect(harmed.isDone()).toBe(true);
      const isGivenUp = harm === "unauthorized" && nth <= end;
      expect(story.status).toBe(isGivenUp ? "ROLLED_BACK" : ways[way]);
      expect(await complaintsAbout(lab, story)).toEqual([]);
    },
  );

  it.each(steps)(
    "to $way is undone by the kill switch after call $nth ($operation), or stands",
    async ({ way, end, nth }) => {
      const lab = await createLabThatMoves(
        { ...rich.stateless, undisturbedUntil: { change: nth } },
        way,
      );
      at(lab, { nth }, { when: "after", what: () => throwKillSwitch(lab) });
      const story = await lab.run();
      expect(story.status).toBe(nth >= end ? ways[way] : "ROLLED_BACK");
      expect(await complaintsAbout(lab, story)).toEqual([]);
    },
  );
});

describe("a move that finds no capacity", () => {
  it.each(["SPOT", "ON_DEMAND"] as const)("to %s leaves it where it stands", async (way) => {
    const lab = await createLabThatMoves(rich.stateless, way);
    withoutRoom(lab, () => true);
    const story = await lab.run();
    expect(await complaintsAbout(lab, story)).toEqual([]);
    expect(story.evaluation.outcome).toMatchObject({
      status: "STAYED",
      reason: "NO_CAPACITY_IN_ANY_OFFER",
    });
    expect(await targetOf(lab)).toMatchObject({ instanceId: lab.originalId });
  });
});

describe("what stands on Spot", () => {
  it("is not moved to another Spot pool without its owner's consent", async () => {
    const lab = await createLabThatMoves(rich.stateless, "SPOT");
    await lab.send("PATCH", `/lab/instances/${lab.targetId}`, {
      policy_overrides: { allow_moves: false },
    });
    const story = await lab.run();
    expect(story.evaluation.outcome).toMatchObject({
      status: "STAYED",
      reason: "MOVES_NOT_ALLOWED",
      sentence: expect.stringContaining("allow_moves"),
    });
    expect(story.mutations).toEqual([]);
  });

  it("in shadow mode is judged, and nothing is touched", async () => {
    const lab = await createLabThatMoves(rich.stateless, "ON_DEMAND");
    await lab.send("PATCH", `/lab/instances/${lab.targetId}`, { is_shadow_mode: true });
    const story = await lab.run();
    expect(story.status).toBe("SHADOWED");
    expect(story.evaluation.verdict?.kind).toBe("FALLBACK_ON_DEMAND");
    expect(story.mutations).toEqual([]);
  });

  it("is moved by the sweep that judges it, once, also where two sweeps come at once", async () => {
    const lab = await createLabThatMoves(rich.stateless, "ON_DEMAND");
    const { functions } = lab.platform;
    await Promise.all([
      functions.invoke("schedule-sweep", {}),
      functions.invoke("schedule-sweep", {}),
    ]);
    await pass(lab, 60 * minuteMs);
    const [move, ...others] = await evaluationsOf(lab);
    expect(move).toMatchObject({ kind: "MOVE", startedBy: "sweep", status: "FELL_BACK" });
    expect(others).toHaveLength(1);
    expect(lab.watch.broken).toEqual([]);
  });

  it("waits for its maintenance window, and for the freezes of its account", async () => {
    const lab = await createLabThatMoves(rich.stateless, "ON_DEMAND");
    await lab.send("PATCH", `/lab/instances/${lab.targetId}`, {
      policy_overrides: { maintenance_windows: ["Sun 02:00-04:00 UTC"] },
    });
    const story = await lab.run();
    expect(story.evaluation.outcome).toMatchObject({ status: "STAYED", reason: "OUTSIDE_WINDOW" });
    expect(story.mutations).toEqual([]);
  });

  it("is recovered where EC2 takes it in the midst of its move", async () => {
    const lab = await createLabThatMoves(lossy, "SPOT");
    atFirst(lab, "RunInstances", {
      when: "after",
      what: () => {
        lab.watch.excuse("original");
        lab.control.interrupt(lab.originalId, { noticeSeconds: 0 });
      },
    });
    const story = await lab.run();
    expect(lab.watch.broken).toEqual([]);
    expect(story.status).toBe("ROLLED_BACK");
    lab.watch.end();
    await sweep(lab, 40 * minuteMs);
    expect((await evaluationsOf(lab))[0]).toMatchObject({ kind: "RECOVER", status: "SWITCHED" });
  });
});
