import { describe, expect, it } from "@jest/globals";
import { harmCall, isMutation } from "../../../local/lab/harm.ts";
import { complaintsAbout } from "../../../local/lab/judge.ts";
import { accountId, createLabLost } from "../../../local/lab/lab.ts";
import {
  at,
  hasServedAfter,
  lossy,
  stepsOf,
  throwKillSwitch,
} from "../../../local/lab/scenarios.ts";
import { doubtful } from "../fail-each-call.ts";
import { dieAtWrites, writesOf, type OpenLab } from "./deaths-at-writes.ts";

const steps = await stepsOf(lossy, createLabLost);
const cases = steps.flatMap((step) => doubtful.map((harm) => ({ ...step, harm })));

/** What serves stays, and a person decides; what does not is given up, and the target is still to be recovered. */
const givenUpAfter = (nth: number): string =>
  hasServedAfter(steps, nth) ? "NEEDS_OPERATOR" : "ROLLED_BACK";

describe("a recovery, whichever call fails", () => {
  it.each(cases)(
    "is made, given up or held when call $nth ($operation) meets: $harm",
    async ({ harm, nth }) => {
      const lab = await createLabLost({ ...lossy, undisturbedUntil: { change: nth } });
      const harmed = harmCall(lab.platform, { harm, nth, matches: isMutation(accountId) });
      const story = await lab.run();
      expect(harmed.isDone()).toBe(true);
      expect(story.status).toBe(harm === "unauthorized" ? givenUpAfter(nth - 1) : "SWITCHED");
      expect(await complaintsAbout(lab, story)).toEqual([]);
    },
  );

  it.each(steps)(
    "is given up or held by the kill switch after call $nth ($operation)",
    async ({ nth }) => {
      const lab = await createLabLost({ ...lossy, undisturbedUntil: { change: nth } });
      at(lab, { nth }, { when: "after", what: () => throwKillSwitch(lab) });
      const story = await lab.run();
      expect(story.status).toBe(nth === steps.length ? "SWITCHED" : givenUpAfter(nth));
      expect(await complaintsAbout(lab, story)).toEqual([]);
    },
  );

  it("that is held goes on when a person resumes it", async () => {
    const lab = await createLabLost(lossy);
    const nth = steps.length - 1;
    at(lab, { nth }, { when: "after", what: () => throwKillSwitch(lab) });
    const held = await lab.run();
    expect(held.evaluation.outcome).toMatchObject({ isHeld: true, reason: "REPLACEMENT_SERVES" });
    await lab.send("PUT", "/kill-switch", { engaged: false, reason: "The drill is over." });
    const path = `/evaluations/${held.evaluationId}/resume`;
    expect((await lab.send("POST", path, { reason: "The switch is lifted." })).status).toBe(202);
    const story = await lab.finish(held.evaluationId);
    expect(story.status).toBe("SWITCHED");
    expect(await complaintsAbout(lab, story)).toEqual([]);
  });
});

describe("a function of a recovery that dies at a write of its own", () => {
  it("is invoked again, at every fourth of them", async () => {
    const open: OpenLab = (begin) => createLabLost({ ...lossy, ...begin });
    const count = await writesOf(open);
    expect(count).toBeGreaterThan(30);
    const endings = await dieAtWrites(open, { count, every: 4 });
    expect(endings).toEqual(
      endings.map(({ write }) => ({ write, deaths: 1, complaints: [], status: "SWITCHED" })),
    );
  }, 120_000);
});
