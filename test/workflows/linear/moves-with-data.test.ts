import { describe, expect, it } from "@jest/globals";
import type { Ending, Lab } from "../../../local/lab/contract.ts";
import { harmCall, harms, isMutation } from "../../../local/lab/harm.ts";
import { complaintsAbout } from "../../../local/lab/judge.ts";
import { accountId, type LabOptions } from "../../../local/lab/lab.ts";
import { createLabThatMoves } from "../../../local/lab/moving.ts";
import { at, richOnSpot, stepsOf, throwKillSwitch } from "../../../local/lab/scenarios.ts";
import { doubtful } from "../fail-each-call.ts";
import { evaluationsOf, isSpot, minuteMs, sweep, targetOf, withoutRoom } from "./recovery-lab.ts";

const options: LabOptions = {
  ...richOnSpot["stop-and-image"],
  policy: { max_downtime_minutes_per_30_days: 60 },
};
const toSpot = (given: LabOptions = options): Promise<Lab> => createLabThatMoves(given, "SPOT");
const steps = await stepsOf(options, toSpot);
const nthOf = (operation: string): number =>
  steps.findIndex((step) => step.operation === operation) + 1;
/** The freeze. From here on there is no way but forward. */
const end = nthOf("TerminateInstances");
const rootTask = nthOf("CreateReplaceRootVolumeTask");
const served = steps.findLastIndex(({ operation }) => operation === "AssociateAddress") + 1;

const resumed = async (lab: Lab, { evaluationId }: Ending): Promise<Ending> => {
  await lab.send("PUT", "/kill-switch", { engaged: false, reason: "The drill is over." });
  const body = { reason: "What stopped it is mended." };
  const { status } = await lab.send("POST", `/evaluations/${evaluationId}/resume`, body);
  expect(status).toBe(202);
  return lab.finish(evaluationId);
};

describe("a load with data on Spot that nobody asks for a place", () => {
  it.each(Object.entries(richOnSpot))(
    "moves to another Spot pool with every write and its identity, and nothing of it is deletable there: %s",
    async (_name, each) => {
      const lab = await toSpot({ ...options, ...each });
      const story = await lab.run();
      expect(await complaintsAbout(lab, story)).toEqual([]);
      expect(story.evaluation).toMatchObject({ kind: "MOVE", status: "SWITCHED" });
      expect(story.answer["downtime_seconds"]).toBeGreaterThan(0);
      const target = await targetOf(lab);
      const server = lab.control.find(target?.instanceId ?? "");
      expect(server?.lifecycle).toBe("spot");
      expect(server?.deletedWithIt.filter((id) => id.startsWith("vol-"))).toEqual([]);
      expect(target).toHaveProperty("ownersDeletionFlags");
      expect(target?.downtimes).toHaveLength(2);
    },
  );

  it("goes back to On-Demand by itself, and its owner's flags return", async () => {
    const lab = await createLabThatMoves(options, "ON_DEMAND");
    const story = await lab.run();
    expect(await complaintsAbout(lab, story)).toEqual([]);
    expect(story.evaluation).toMatchObject({ kind: "MOVE", status: "FELL_BACK" });
    expect(await targetOf(lab)).not.toHaveProperty("ownersDeletionFlags");
  });

  it("stays where its budget of downtime is used up", async () => {
    const lab = await toSpot();
    await lab.send("PATCH", `/lab/instances/${lab.targetId}`, {
      policy_overrides: { max_downtime_minutes_per_30_days: 5 },
    });
    const story = await lab.run();
    expect(story.evaluation.outcome).toMatchObject({ status: "STAYED", reason: "DOWNTIME_BUDGET" });
    expect(story.mutations).toEqual([]);
  });

  it("is not ended where its account is frozen while its host starts", async () => {
    const lab = await toSpot();
    const hour = 60 * minuteMs;
    const freeze = {
      from: new Date(lab.clock.now()).toISOString(),
      until: new Date(lab.clock.now() + 4 * hour).toISOString(),
      reason: "Closing",
    };
    const freezes = async (): Promise<void> => {
      await lab.send("PATCH", `/accounts/${accountId}`, { freezes: [freeze] });
    };
    at(lab, { nth: nthOf("RunInstances") }, { when: "after", what: freezes });
    const story = await lab.run();
    expect(await complaintsAbout(lab, story)).toEqual([]);
    expect(story.evaluation.outcome).toMatchObject({ status: "STAYED", reason: "FROZEN" });
    expect(lab.control.find(lab.originalId)?.state).toBe("running");
  });
});

const cases = steps.flatMap((step) =>
  (step.nth < end ? doubtful : harms).map((harm) => ({ ...step, harm })),
);

describe("a move with data, whichever call fails", () => {
  it.each(cases)(
    "is gone, undone or goes on when call $nth ($operation) meets: $harm",
    async ({ harm, nth }) => {
      const lab = await toSpot({ ...options, undisturbedUntil: { change: nth } });
      const harmed = harmCall(lab.platform, { harm, nth, matches: isMutation(accountId) });
      const first = await lab.run();
      expect(harmed.isDone()).toBe(true);
      expect(await complaintsAbout(lab, first)).toEqual([]);
      const isRefused = harm === "unauthorized" && nth <= served && nth !== rootTask;
      if (isRefused && nth <= end) {
        expect(first.status).toBe("ROLLED_BACK");
        return;
      }
      const story = isRefused ? await resumed(lab, first) : first;
      expect(await complaintsAbout(lab, story)).toEqual([]);
      expect(story.status).toBe("SWITCHED");
    },
  );

  it.each(steps)(
    "is undone by the kill switch after call $nth ($operation), or held and resumed",
    async ({ nth }) => {
      const lab = await toSpot({ ...options, undisturbedUntil: { change: nth } });
      at(lab, { nth }, { when: "after", what: () => throwKillSwitch(lab) });
      const first = await lab.run();
      expect(await complaintsAbout(lab, first)).toEqual([]);
      if (nth < end) {
        expect(first.status).toBe("ROLLED_BACK");
        return;
      }
      const story = nth < served ? await resumed(lab, first) : first;
      expect(await complaintsAbout(lab, story)).toEqual([]);
      expect(story.status).toBe("SWITCHED");
    },
  );
});

describe("a move with data that EC2 interrupts", () => {
  it.each([0, 120])(
    "is frozen by that once a host was launched, with a notice of %i s",
    async (noticeSeconds) => {
      const lab = await toSpot();
      at(
        lab,
        { nth: nthOf("RunInstances") },
        {
          when: "after",
          what: () => {
            lab.watch.excuse("original");
            lab.control.interrupt(lab.originalId, { noticeSeconds });
          },
        },
      );
      const story = await lab.run();
      expect(await complaintsAbout(lab, story)).toEqual([]);
      expect(story.status).toBe("SWITCHED");
    },
  );

  it("goes to On-Demand where its host is taken after the freeze and no Spot pool has room", async () => {
    const lab = await createLabThatMoves({ ...options, maxReplacements: 3 }, "SPOT");
    at(
      lab,
      { nth: end },
      {
        when: "after",
        what: () => {
          lab.watch.excuse("replacement");
          lab.control.interrupt(lab.replacement()?.instanceId ?? "", { noticeSeconds: 0 });
          withoutRoom(lab, isSpot);
        },
      },
    );
    const story = await lab.run();
    expect(await complaintsAbout(lab, story)).toEqual([]);
    expect(story.status).toBe("FELL_BACK");
    expect(await targetOf(lab)).not.toHaveProperty("ownersDeletionFlags");
  });

  it("is followed by a recovery where EC2 takes what it has moved to", async () => {
    const lab = await toSpot();
    const { swap } = await lab.run();
    lab.watch.end();
    lab.control.interrupt(swap?.replacement?.instanceId ?? "", { noticeSeconds: 0 });
    await lab.clock.run({ atMostMs: lab.clock.now() + 5 * minuteMs });
    await sweep(lab, 60 * minuteMs);
    expect((await evaluationsOf(lab))[0]).toMatchObject({ kind: "RECOVER", status: "SWITCHED" });
  });
});
