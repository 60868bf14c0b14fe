import { describe, expect, it } from "@jest/globals";
import type { Ending, Lab } from "../../../local/lab/contract.ts";
import { harmCall, isMutation } from "../../../local/lab/harm.ts";
import { complaintsAbout } from "../../../local/lab/judge.ts";
import { accountId, createLabLost, type LabOptions } from "../../../local/lab/lab.ts";
import { at, richOnSpot, stepsOf, throwKillSwitch } from "../../../local/lab/scenarios.ts";
import { doubtful } from "../fail-each-call.ts";
import { dieAtWrites, writesOf, type OpenLab } from "./deaths-at-writes.ts";
import { evaluationsOf, minuteMs, pass, sweep } from "./recovery-lab.ts";

const options: LabOptions = richOnSpot["stop-and-image"];
const steps = await stepsOf(options, createLabLost);
/** From here on the root is on its way: nothing is given up by itself. */
const rootTask =
  steps.findIndex(({ operation }) => operation === "CreateReplaceRootVolumeTask") + 1;
const cases = steps.flatMap((step) => doubtful.map((harm) => ({ ...step, harm })));

/** A person follows the runbook. */
const resumed = async (lab: Lab, { evaluationId }: Ending): Promise<Ending> => {
  await lab.send("PUT", "/kill-switch", { engaged: false, reason: "The drill is over." });
  const body = { reason: "What stopped it is mended." };
  const { status } = await lab.send("POST", `/evaluations/${evaluationId}/resume`, body);
  expect(status).toBe(202);
  return lab.finish(evaluationId);
};

/** Of a host that was given up. */
const leftVolumes = ({ control, watch }: Lab): readonly string[] =>
  control
    .orphans({ accountId, except: [...watch.resourcesBefore] })
    .flatMap(({ kind, id }) => (kind === "volume" ? [id] : []));

const expectRecoveredLater = async (lab: Lab): Promise<void> => {
  await lab.send("PUT", "/kill-switch", { engaged: false, reason: "The drill is over." });
  await pass(lab, 15 * minuteMs);
  await sweep(lab, 40 * minuteMs);
  expect((await evaluationsOf(lab))[0]).toMatchObject({ kind: "RECOVER", status: "SWITCHED" });
  expect(lab.watch.broken).toEqual([]);
};

const expectHeldOrGivenUp = (story: Ending, isHeld: boolean): void => {
  expect(story.evaluation.outcome).toMatchObject(
    isHeld ? { status: "NEEDS_OPERATOR", isHeld: true } : { status: "ROLLED_BACK" },
  );
};

describe("a recovery with data, whichever call fails", () => {
  it.each(cases)(
    "is made, given up or held when call $nth ($operation) meets: $harm",
    async ({ harm, nth }) => {
      const lab = await createLabLost({
        ...options,
        maxReplacements: 2,
        undisturbedUntil: { change: nth },
      });
      const harmed = harmCall(lab.platform, { harm, nth, matches: isMutation(accountId) });
      const first = await lab.run();
      expect(harmed.isDone()).toBe(true);
      expect(await complaintsAbout(lab, first)).toEqual([]);
      // The role may not give a volume as a root: an image of it is another way.
      const isRefused = harm === "unauthorized" && nth !== rootTask;
      if (isRefused) expectHeldOrGivenUp(first, nth > rootTask);
      if (isRefused && nth < rootTask) {
        expect(leftVolumes(lab)).toEqual([]);
        return;
      }
      const story = isRefused ? await resumed(lab, first) : first;
      expect(await complaintsAbout(lab, story)).toEqual([]);
      expect(story.status).toBe("SWITCHED");
    },
  );

  it.each(steps)(
    "is given up by the kill switch after call $nth ($operation), or held and resumed",
    async ({ nth }) => {
      const lab = await createLabLost({ ...options, undisturbedUntil: { change: nth } });
      at(lab, { nth }, { when: "after", what: () => throwKillSwitch(lab) });
      const first = await lab.run();
      expect(await complaintsAbout(lab, first)).toEqual([]);
      const isLast = nth === steps.length;
      if (!isLast) expectHeldOrGivenUp(first, nth >= rootTask);
      if (nth < rootTask) {
        expect(leftVolumes(lab)).toEqual([]);
        await expectRecoveredLater(lab);
        return;
      }
      const story = isLast ? first : await resumed(lab, first);
      expect(await complaintsAbout(lab, story)).toEqual([]);
      expect(story.status).toBe("SWITCHED");
    },
  );
});

describe("a function of a recovery with data that dies at a write of its own", () => {
  it("is invoked again, at every fifth of them", async () => {
    const open: OpenLab = (begin) => createLabLost({ ...options, ...begin });
    const count = await writesOf(open);
    expect(count).toBeGreaterThan(30);
    const endings = await dieAtWrites(open, { count, every: 5 });
    expect(endings).toEqual(
      endings.map(({ write }) => ({ write, deaths: 1, complaints: [], status: "SWITCHED" })),
    );
  }, 120_000);
});
