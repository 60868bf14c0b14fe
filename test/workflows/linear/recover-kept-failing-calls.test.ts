import { describe, expect, it } from "@jest/globals";
import { harmCall, isMutation } from "../../../local/lab/harm.ts";
import { complaintsAbout } from "../../../local/lab/judge.ts";
import { accountId, createLabLost } from "../../../local/lab/lab.ts";
import { at, hasServedAfter, stepsOf, throwKillSwitch } from "../../../local/lab/scenarios.ts";
import { doubtful } from "../fail-each-call.ts";
import { dieAtWrites, writesOf, type OpenLab } from "./deaths-at-writes.ts";
import { kept, originalOf, retirementOf, settlementsOf } from "./recovery-kept.ts";
import { evaluationsOf, minuteMs, pass, sweep, targetOf } from "./recovery-lab.ts";

const steps = await stepsOf(kept, createLabLost);
const cases = steps.flatMap((step) => doubtful.map((harm) => ({ ...step, harm })));
const start = steps.findIndex(({ operation }) => operation === "StartInstances") + 1;

/** What serves stays, and a person decides; what does not is left to the next recovery. */
const givenUpAfter = (nth: number): string =>
  hasServedAfter(steps, nth) ? "NEEDS_OPERATOR" : "ROLLED_BACK";

/** Where the role may not start it, another is launched. */
const afterRefusal = (nth: number): string => (nth === start ? "SWITCHED" : givenUpAfter(nth - 1));

describe("a recovery that starts the kept original, whichever call fails", () => {
  it.each(cases)(
    "is made, given up or held when call $nth ($operation) meets: $harm",
    async ({ harm, nth }) => {
      const lab = await createLabLost({ ...kept, undisturbedUntil: { change: nth } });
      const harmed = harmCall(lab.platform, { harm, nth, matches: isMutation(accountId) });
      const story = await lab.run();
      expect(harmed.isDone()).toBe(true);
      expect(story.status).toBe(harm === "unauthorized" ? afterRefusal(nth) : "FELL_BACK");
      expect(await complaintsAbout(lab, story)).toEqual([]);
      // Undone, it alone may serve.
      const isLeft = story.status === "SWITCHED";
      expect((await originalOf(lab))?.state).toBe(isLeft ? "stopped" : "running");
    },
  );

  it.each(steps)(
    "is given up or held by the kill switch after call $nth ($operation)",
    async ({ nth }) => {
      const lab = await createLabLost({ ...kept, undisturbedUntil: { change: nth } });
      at(lab, { nth }, { when: "after", what: () => throwKillSwitch(lab) });
      const story = await lab.run();
      expect(story.status).toBe(nth >= steps.length - 1 ? "FELL_BACK" : givenUpAfter(nth));
      expect(await complaintsAbout(lab, story)).toEqual([]);
    },
  );

  it("that is undone leaves it running where nothing else serves, and the next recovery takes it", async () => {
    const lab = await createLabLost(kept);
    at(lab, { nth: start }, { when: "after", what: () => throwKillSwitch(lab) });
    expect((await lab.run()).status).toBe("ROLLED_BACK");
    const original = await originalOf(lab);
    expect(original).toMatchObject({ state: "running" });
    expect(await settlementsOf(lab)).toMatchObject([{ kind: "KEPT", reason: "STARTED_AGAIN" }]);
    await lab.send("PUT", "/kill-switch", { engaged: false, reason: "The drill is over." });
    await pass(lab, 15 * minuteMs);
    await sweep(lab, 30 * minuteMs);
    expect((await evaluationsOf(lab))[0]).toMatchObject({ kind: "RECOVER", status: "FELL_BACK" });
    expect((await targetOf(lab))?.instanceId).toBe(original?.instanceId);
    expect(lab.watch.broken).toEqual([]);
    expect(await originalOf(lab)).toMatchObject({
      state: "running",
      allocationIds: [...lab.watch.allocationIds],
    });
    expect(await settlementsOf(lab)).toMatchObject([{ kind: "KEPT", reason: "SERVES" }]);
  });

  it("that is undone while the one that EC2 takes still serves has stopped it again, and its cool-off goes on", async () => {
    const lab = await createLabLost(kept, { noticeSeconds: 120 });
    at(lab, { nth: start }, { when: "after", what: () => throwKillSwitch(lab) });
    const story = await lab.run();
    expect(story.status).toBe("ROLLED_BACK");
    const original = await originalOf(lab);
    expect(original).toMatchObject({ state: "stopped" });
    expect(original?.tags).toHaveProperty(["spot-optimizer:retire-after"]);
    expect(await retirementOf(lab)).toMatchObject({
      status: "COMMITTED",
      change: { takenBy: story.evaluationId },
    });
  });
});

describe("a function of a recovery that starts the kept original and dies at a write of its own", () => {
  it("is invoked again, whichever write it is", async () => {
    const open: OpenLab = (begin) => createLabLost({ ...kept, ...begin });
    const count = await writesOf(open);
    expect(count).toBeGreaterThan(30);
    // Before each, so that no record is told apart from the swap that was written right before it; and after some, before the call that follows.
    const endings = [
      ...(await dieAtWrites(open, { count, every: 1, moment: "before" })),
      ...(await dieAtWrites(open, { count, every: 3, moment: "after" })),
    ];
    expect(endings).toEqual(
      endings.map(({ write }) => ({ write, deaths: 1, complaints: [], status: "FELL_BACK" })),
    );
  }, 120_000);
});
