import { describe, expect, it } from "@jest/globals";
import { evaluationIdSchema } from "../../../core/model/ids.ts";
import {
  createKiller,
  harmCall,
  isMutation,
  watchTable,
  type WatchedTable,
} from "../../../local/lab/harm.ts";
import { complaintsAbout } from "../../../local/lab/judge.ts";
import { accountId, createLabLost } from "../../../local/lab/lab.ts";
import {
  at,
  hasServedAfter,
  lossy,
  stepsOf,
  throwKillSwitch,
} from "../../../local/lab/scenarios.ts";
import { createMemoryTable } from "../../../local/platform/memory-table.ts";
import { doubtful } from "../fail-each-call.ts";

type WriteHook = NonNullable<Parameters<WatchedTable["setHook"]>[0]>;

const steps = await stepsOf(lossy, createLabLost);
const cases = steps.flatMap((step) => doubtful.map((harm) => ({ ...step, harm })));

/** What serves stays, and a person decides; what does not is given up, and the target is still to be recovered. */
const givenUpAfter = (nth: number): string =>
  hasServedAfter(steps, nth) ? "NEEDS_OPERATOR" : "ROLLED_BACK";

describe("a recovery, whichever call fails", () => {
  it.each(cases)(
    "is made, given up or held when call $nth ($operation) meets: $harm",
    async ({ harm, nth }) => {
      const lab = await createLabLost(lossy);
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
      const lab = await createLabLost(lossy);
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
  const runWith = async (onWrite: WriteHook) => {
    const table = watchTable(createMemoryTable());
    const lab = await createLabLost({ ...lossy, table });
    const { body } = await lab.evaluate();
    table.setHook(onWrite);
    const story = await lab.finish(evaluationIdSchema.parse(body["evaluation_id"]));
    return { complaints: await complaintsAbout(lab, story), status: story.status, table };
  };

  it("is invoked again, at every fourth of them", async () => {
    const { table } = await runWith(() => undefined);
    const count = table.writes;
    expect(count).toBeGreaterThan(30);
    for (let write = 1; write <= count; write += 4) {
      const killer = createKiller();
      const dying = write % 8 === 1 ? "before" : "after";
      const { complaints, status } = await runWith((moment, nth) =>
        moment === dying && nth === write ? killer.die() : undefined,
      );
      expect([write, killer.deaths, complaints, status]).toEqual([write, 1, [], "SWITCHED"]);
    }
  }, 120_000);
});
