import { describe, expect, it } from "@jest/globals";
import { getTarget } from "../../../adapters/store/targets.ts";
import { evaluationIdSchema, targetIdSchema } from "../../../core/model/ids.ts";
import type { Lab } from "../../../local/lab/contract.ts";
import { harmCall, isMutation, refusals } from "../../../local/lab/harm.ts";
import { complaintsAbout } from "../../../local/lab/judge.ts";
import { accountId, createLab, createLabOnSpot } from "../../../local/lab/lab.ts";
import { actionsOf, at, rich, stepsOf, throwKillSwitch } from "../../../local/lab/scenarios.ts";
import { doubtful } from "../fail-each-call.ts";
import { dieAtWrites, writesOf, type OpenLab } from "./deaths-at-writes.ts";
import { judgedRunsOf } from "./judged.ts";

const steps = await stepsOf(rich.stateless, createLabOnSpot);
/** From here on there is nothing to which anything could go back. */
const end = steps.findIndex(({ operation }) => operation === "TerminateInstances") + 1;

const targetOf = (lab: Lab) => getTarget(lab.table, targetIdSchema.parse(lab.targetId));

const hourMs = 3_600_000;

describe("a stateless load on Spot that is asked back to On-Demand", () => {
  it("stands there with its whole identity and its owner's flags, and the Spot Instance ends last", async () => {
    const lab = await createLabOnSpot(rich.stateless);
    const story = await lab.run();
    expect(await complaintsAbout(lab, story)).toEqual([]);
    expect(story.status).toBe("FELL_BACK");
    expect(story.evaluation.verdict).toMatchObject({
      kind: "FALLBACK_ON_DEMAND",
      reason: "ASKED_FOR",
    });
    expect(story.answer).toMatchObject({ kind: "FALL_BACK", status: "FELL_BACK" });
    expect(story.answer["savings"]).toBeUndefined();
    const replayed = await lab.send("POST", `/evaluations/${story.evaluationId}/replay`);
    expect(replayed.body).toMatchObject({ identical: true });
    expect(story.answer["downtime_seconds"]).toBeUndefined();
    const [server] = story.replacements;
    expect(server?.instanceType).toBe("m5.large");
    expect(server?.lifecycle).toBeUndefined();
    expect(await targetOf(lab)).toMatchObject({
      instanceId: server?.instanceId,
      staysOnDemand: { evaluationId: story.evaluationId },
    });
    expect((await targetOf(lab)) ?? {}).not.toHaveProperty("ownersDeletionFlags");
    // What only clears or returns flags comes after the end of the Spot Instance.
    const ended = actionsOf(story).indexOf("TerminateInstances");
    expect(
      actionsOf(story)
        .slice(ended + 1)
        .every((action) => action.startsWith("Modify")),
    ).toBe(true);
  });

  it("is not switched by the sweep again, and is when somebody evaluates it", async () => {
    const lab = await createLabOnSpot(rich.stateless);
    const { swap } = await lab.run();
    await lab.clock.run({ atMostMs: lab.clock.now() + 30 * hourMs });
    await lab.platform.functions.invoke("schedule-sweep", {});
    await lab.clock.run({ atMostMs: lab.clock.now() + hourMs });
    const { body: swept } = await lab.send("GET", `/evaluations?target_id=${lab.targetId}`);
    expect(swept).toMatchObject({
      items: [{ status: "FELL_BACK" }, { status: "SWITCHED" }],
    });
    const judged = (await judgedRunsOf(lab.account, lab.targetId)).at(-1);
    expect(judged).toMatchObject({ kind: "STAY", reason: "ASKED_TO_STAY" });
    const again = await lab.send("POST", `/lab/instances/${lab.targetId}/evaluate`, {
      to: "SPOT",
    });
    const story = await lab.finish(evaluationIdSchema.parse(again.body["evaluation_id"]));
    expect(story.status).toBe("SWITCHED");
    expect(story.evaluation.subject.instanceId).toBe(swap?.replacement?.instanceId);
    expect((await targetOf(lab)) ?? {}).not.toHaveProperty("staysOnDemand");
  });

  it("leaves the original of the switch to the janitor, who ends it after its cool-off", async () => {
    const lab = await createLabOnSpot(rich.stateless);
    const resting = lab.control.instances(accountId).find(({ state }) => state === "stopped");
    const stateOf = () => lab.control.find(resting?.instanceId ?? "")?.state;
    expect((await lab.run()).status).toBe("FELL_BACK");
    expect(stateOf()).toBe("stopped");
    await lab.clock.run({ atMostMs: lab.clock.now() + 25 * hourMs });
    await lab.platform.functions.invoke("schedule-janitor", {});
    await lab.clock.run({ atMostMs: lab.clock.now() + hourMs / 12 });
    expect(stateOf()).toBe("terminated");
    expect(lab.watch.broken).toEqual([]);
  });

  it("goes to another type where EC2 has no room for its owner's", async () => {
    const lab = await createLabOnSpot(rich.stateless);
    const pool = { zoneId: "use1-az4", instanceType: "m5.large", purchase: "on-demand" } as const;
    lab.control.setCapacity(pool, 0);
    const story = await lab.run();
    expect(await complaintsAbout(lab, story)).toEqual([]);
    expect(story.status).toBe("FELL_BACK");
    expect(story.replacements[0]?.instanceType).not.toBe("m5.large");
  });

  it("in shadow mode is judged, and nothing is touched", async () => {
    const lab = await createLabOnSpot(rich.stateless);
    await lab.send("PATCH", `/lab/instances/${lab.targetId}`, { is_shadow_mode: true });
    const story = await lab.run();
    expect(story.status).toBe("SHADOWED");
    expect(story.evaluation.verdict?.reason).toBe("ASKED_FOR");
    expect(story.mutations).toEqual([]);
  });
});

describe("what has no way back", () => {
  it("is left where it is: it stands on On-Demand", async () => {
    const lab = await createLab(rich.stateless);
    const { body } = await lab.send("POST", `/lab/instances/${lab.targetId}/evaluate`, {
      to: "ON_DEMAND",
    });
    const story = await lab.finish(evaluationIdSchema.parse(body["evaluation_id"]));
    expect(story.evaluation.outcome).toMatchObject({
      status: "STAYED",
      reason: "ALREADY_ON_DEMAND",
    });
    expect(story.mutations).toEqual([]);
  });

  it("is left where it is by an evaluation that asks for Spot", async () => {
    const lab = await createLabOnSpot(rich.stateless);
    const { body } = await lab.send("POST", `/lab/instances/${lab.targetId}/evaluate`);
    const story = await lab.finish(evaluationIdSchema.parse(body["evaluation_id"]));
    expect(story.evaluation).toMatchObject({
      kind: "MOVE",
      outcome: { status: "STAYED", reason: "WITHIN_DWELL_TIME" },
    });
    expect(story.mutations).toEqual([]);
  });
});

const cases = steps.flatMap((step) => doubtful.map((harm) => ({ ...step, harm })));

describe("a way back, whichever call fails", () => {
  it.each(cases)(
    "is gone or undone when call $nth ($operation) meets: $harm",
    async ({ harm, nth }) => {
      const lab = await createLabOnSpot({ ...rich.stateless, undisturbedUntil: { change: nth } });
      const harmed = harmCall(lab.platform, { harm, nth, matches: isMutation(accountId) });
      const story = await lab.run();
      expect(harmed.isDone()).toBe(true);
      const isGivenUp = harm === "unauthorized" && nth <= end;
      expect(story.status).toBe(isGivenUp ? "ROLLED_BACK" : "FELL_BACK");
      expect(await complaintsAbout(lab, story)).toEqual([]);
      // A flag that EC2 refuses is told, and returns when the target is deleted.
      if (harm !== "unauthorized" || nth <= end) return;
      expect(story.evaluation.outcome?.sentence).toContain("deletion flags are not returned");
      expect((await targetOf(lab)) ?? {}).toHaveProperty("ownersDeletionFlags");
    },
  );

  it.each(steps)(
    "is undone by the kill switch after call $nth ($operation), or stands",
    async ({ nth }) => {
      const lab = await createLabOnSpot({ ...rich.stateless, undisturbedUntil: { change: nth } });
      at(lab, { nth }, { when: "after", what: () => throwKillSwitch(lab) });
      const story = await lab.run();
      expect(story.status).toBe(nth >= end ? "FELL_BACK" : "ROLLED_BACK");
      expect(await complaintsAbout(lab, story)).toEqual([]);
    },
  );
});

describe("a way back that fails after its Spot Instance was ended", () => {
  it("is held: what serves stays, and a person's resume ends it", async () => {
    const lab = await createLabOnSpot(rich.stateless);
    let isRefused = true;
    lab.platform.cloud.faults.before(({ operation }) => {
      if (isRefused && operation === "ModifyInstanceAttribute") throw refusals.unavailable();
    });
    const held = await lab.run();
    expect(held.evaluation.outcome).toMatchObject({
      status: "NEEDS_OPERATOR",
      isHeld: true,
      reason: "REPLACEMENT_SERVES",
    });
    expect(lab.watch.broken).toEqual([]);
    isRefused = false;
    const path = `/evaluations/${held.evaluationId}/resume`;
    const resumed = await lab.send("POST", path, { reason: "EC2 answers again." });
    expect(resumed.status).toBe(202);
    const story = await lab.finish(held.evaluationId);
    expect(await complaintsAbout(lab, story)).toEqual([]);
    expect(story.status).toBe("FELL_BACK");
  });

  it("is undone as long as it was not, also where the replacement is lost right before", async () => {
    const lab = await createLabOnSpot(rich.stateless);
    at(
      lab,
      { nth: end - 1 },
      {
        when: "after",
        what: () => {
          lab.control.failChecks(({ lifecycle }) => lifecycle !== "spot", "system");
        },
      },
    );
    lab.watch.excuse("replacement");
    const story = await lab.run();
    expect(await complaintsAbout(lab, story)).toEqual([]);
    expect(story.status).toBe("ROLLED_BACK");
  });
});

describe("a Spot Instance that EC2 takes back while it goes back", () => {
  it("is given nothing any longer: what serves stays, and a person adopts it", async () => {
    const lab = await createLabOnSpot(rich.stateless);
    const last = { nth: end - 1 };
    at(lab, last, {
      when: "after",
      what: async () => {
        await throwKillSwitch(lab);
        lab.watch.excuse("original");
        lab.control.interrupt(lab.originalId, { noticeSeconds: 120 });
      },
    });
    const story = await lab.run();
    expect(lab.watch.broken).toEqual([]);
    expect(story.evaluation.outcome).toMatchObject({
      status: "NEEDS_OPERATOR",
      sentence: expect.stringContaining(`Nothing is given back to ${lab.originalId}`),
    });
    const serving = story.swap?.replacement?.instanceId ?? "";
    expect(lab.control.find(serving)?.allocationIds).toEqual([...lab.watch.allocationIds]);
    const adopted = await lab.send("POST", `/evaluations/${story.evaluationId}/adopt`, {
      serving,
      reason: "EC2 took the other one.",
    });
    expect(adopted.status).toBe(202);
    expect((await lab.finish(story.evaluationId)).status).toBe("ADOPTED");
    expect(await targetOf(lab)).toMatchObject({
      instanceId: serving,
      staysOnDemand: { evaluationId: story.evaluationId },
    });
  });
});

describe("a function of a way back that dies at a write of its own", () => {
  it("is invoked again, at every third of them", async () => {
    const open: OpenLab = (begin) => createLabOnSpot({ ...rich.stateless, ...begin });
    const count = await writesOf(open);
    expect(count).toBeGreaterThan(40);
    const endings = await dieAtWrites(open, { count, every: 3 });
    expect(endings).toEqual(
      endings.map(({ write }) => ({ write, deaths: 1, complaints: [], status: "FELL_BACK" })),
    );
  }, 120_000);
});
