import { describe, expect, it } from "@jest/globals";
import { getTarget } from "../../../adapters/store/targets.ts";
import { targetIdSchema } from "../../../core/model/ids.ts";
import { claimTag } from "../../../core/model/tags.ts";
import type { Ending, Lab } from "../../../local/lab/contract.ts";
import { harmCall, harms, isMutation } from "../../../local/lab/harm.ts";
import { complaintsAbout } from "../../../local/lab/judge.ts";
import { accountId, createLabOnSpot, type LabOptions } from "../../../local/lab/lab.ts";
import {
  actionsOf,
  asOwner,
  at,
  richOnSpot,
  stepsOf,
  throwKillSwitch,
  whenItBegins,
} from "../../../local/lab/scenarios.ts";
import { doubtful } from "../fail-each-call.ts";
import { dieAtWrites, writesOf, type OpenLab } from "./deaths-at-writes.ts";

const options: LabOptions = richOnSpot["stop-and-image"];
const steps = await stepsOf(options, createLabOnSpot);
/** The freeze. From here on there is no way but forward. */
const end = steps.findIndex(({ operation }) => operation === "TerminateInstances") + 1;
const rootTask =
  steps.findIndex(({ operation }) => operation === "CreateReplaceRootVolumeTask") + 1;
/** From here on the owner's deletion flags return, and the load serves whatever becomes of that. */
const served = steps.findLastIndex(({ operation }) => operation === "AssociateAddress") + 1;

const targetOf = (lab: Lab) => getTarget(lab.table, targetIdSchema.parse(lab.targetId));
const hourMs = 3_600_000;

/** As its owner may have it. */
const makeDeletable = async (lab: Lab): Promise<void> => {
  const owner = asOwner(lab);
  const { volumes = [] } = lab.control.find(lab.originalId) ?? {};
  await owner("ModifyInstanceAttribute", {
    InstanceId: lab.originalId,
    BlockDeviceMappings: volumes.map(({ deviceName }) => ({
      DeviceName: deviceName,
      Ebs: { DeleteOnTermination: true },
    })),
  });
};

/** A person follows the runbook. */
const resumed = async (lab: Lab, { evaluationId }: Ending): Promise<Ending> => {
  await lab.send("PUT", "/kill-switch", { engaged: false, reason: "The drill is over." });
  const body = { reason: "What stopped it is mended." };
  const { status } = await lab.send("POST", `/evaluations/${evaluationId}/resume`, body);
  expect(status).toBe(202);
  return lab.finish(evaluationId);
};

describe("a load with data on Spot that is asked back to On-Demand", () => {
  it.each(Object.entries(richOnSpot))(
    "stands there with every write, its identity and its owner's flags: %s",
    async (_name, each) => {
      const lab = await createLabOnSpot(each);
      const story = await lab.run();
      expect(await complaintsAbout(lab, story)).toEqual([]);
      expect(story.status).toBe("FELL_BACK");
      const [server] = story.replacements;
      expect(server?.instanceType).toBe("m5.large");
      expect(server?.lifecycle).toBeUndefined();
      expect(story.evaluation.progress).toMatchObject({
        rootTransfer: "move-root-volume",
        movedRootVolumeId: lab.watch.rootVolumeId,
      });
      expect(story.original?.state).toBe("terminated");
      expect(await targetOf(lab)).toMatchObject({
        instanceId: server?.instanceId,
        staysOnDemand: { evaluationId: story.evaluationId },
        downtimes: expect.arrayContaining([
          expect.objectContaining({ seconds: story.answer["downtime_seconds"] }),
        ]),
      });
      expect((await targetOf(lab)) ?? {}).not.toHaveProperty("ownersDeletionFlags");
      const replayed = await lab.send("POST", `/evaluations/${story.evaluationId}/replay`);
      expect(replayed.body).toMatchObject({ identical: true });
    },
  );

  it("is frozen by the end of the Spot Instance: after the proof, before anything moves", async () => {
    const lab = await createLabOnSpot(options);
    const actions = actionsOf(await lab.run());
    expect(actions.slice(0, end)).toEqual([
      "CreateTags",
      "CreateSecurityGroup",
      "CreateImage",
      "RevokeSecurityGroupEgress",
      "RunInstances",
      "TerminateInstances",
    ]);
    expect(actions.filter((action) => /^(Detach|Stop|Start|Create.*Reserv)/.test(action))).toEqual(
      [],
    );
  });

  it("is looked at by the janitor: the group that isolated its host is deleted", async () => {
    const lab = await createLabOnSpot(options);
    const story = await lab.run();
    await lab.platform.functions.invoke("schedule-janitor", {});
    await lab.clock.run({ atMostMs: lab.clock.now() + hourMs / 12 });
    const { body } = await lab.send("GET", `/evaluations/${story.evaluationId}`);
    expect(body["settlements"]).toEqual(
      expect.arrayContaining([expect.objectContaining({ of: "ISOLATE", kind: "REMOVED" })]),
    );
    expect(lab.watch.broken).toEqual([]);
  });

  it("is refused where a private address would be free for anybody meanwhile", async () => {
    const instance = { ...options.instance, secondaryPrivateIps: 1 };
    const lab = await createLabOnSpot({ ...options, instance });
    const story = await lab.run();
    expect(story.evaluation.outcome).toMatchObject({
      status: "REFUSED",
      reason: "STATEFUL_ON_SPOT",
      sentence: expect.stringContaining("secondary interface"),
    });
    expect(story.mutations).toEqual([]);
  });
});

/** From the freeze on a mere 503 counts, too: the load is down. */
const cases = steps.flatMap((step) =>
  (step.nth < end ? doubtful : harms).map((harm) => ({ ...step, harm })),
);

describe("a way back with data, whichever call fails", () => {
  it.each(cases)(
    "is gone, undone or goes on when call $nth ($operation) meets: $harm",
    async ({ harm, nth }) => {
      const lab = await createLabOnSpot({ ...options, undisturbedUntil: { change: nth } });
      const harmed = harmCall(lab.platform, { harm, nth, matches: isMutation(accountId) });
      const first = await lab.run();
      expect(harmed.isDone()).toBe(true);
      expect(await complaintsAbout(lab, first)).toEqual([]);
      // The role may not give a volume as a root: an image of it is another way.
      const isRefused = harm === "unauthorized" && nth <= served && nth !== rootTask;
      if (isRefused && nth <= end) {
        expect(first.status).toBe("ROLLED_BACK");
        return;
      }
      if (isRefused) {
        expect(first.evaluation.outcome).toMatchObject({ status: "NEEDS_OPERATOR", isHeld: true });
      }
      const story = isRefused ? await resumed(lab, first) : first;
      expect(await complaintsAbout(lab, story)).toEqual([]);
      expect(story.status).toBe("FELL_BACK");
    },
  );

  it.each(steps)(
    "is undone by the kill switch after call $nth ($operation), or held and resumed",
    async ({ nth }) => {
      const lab = await createLabOnSpot({ ...options, undisturbedUntil: { change: nth } });
      at(lab, { nth }, { when: "after", what: () => throwKillSwitch(lab) });
      const first = await lab.run();
      expect(await complaintsAbout(lab, first)).toEqual([]);
      if (nth < end) {
        expect(first.status).toBe("ROLLED_BACK");
        return;
      }
      const isHeld = nth < served;
      if (isHeld) {
        expect(first.evaluation.outcome).toMatchObject({ status: "NEEDS_OPERATOR", isHeld: true });
      }
      const story = isHeld ? await resumed(lab, first) : first;
      expect(await complaintsAbout(lab, story)).toEqual([]);
      expect(story.status).toBe("FELL_BACK");
    },
  );
});

/** EC2 takes the Spot Instance right after that call. */
const takenAfter = (lab: Lab, nth: number, noticeSeconds: number): void => {
  const what = () => {
    lab.watch.excuse("original");
    lab.control.interrupt(lab.originalId, { noticeSeconds });
  };
  at(lab, { nth }, { when: "after", what });
};

describe("a Spot Instance with data that EC2 takes back while it goes back", () => {
  const launched = steps.findIndex(({ operation }) => operation === "RunInstances") + 1;

  it.each([0, 120])(
    "is frozen by that, with a notice of %i s: what was launched takes over",
    async (noticeSeconds) => {
      const lab = await createLabOnSpot(options);
      takenAfter(lab, launched, noticeSeconds);
      const story = await lab.run();
      expect(await complaintsAbout(lab, story)).toEqual([]);
      expect(story.status).toBe("FELL_BACK");
      expect(story.answer["downtime_seconds"]).toBeGreaterThan(0);
    },
  );

  it.each(steps.filter(({ nth }) => nth < launched))(
    "before anything was launched, after call $nth ($operation): it gives way to the recovery",
    async ({ nth }) => {
      const lab = await createLabOnSpot({ ...options, undisturbedUntil: { change: nth } });
      takenAfter(lab, nth, 0);
      const story = await lab.run();
      expect(lab.watch.broken).toEqual([]);
      expect(lab.control.find(lab.originalId)?.tags).not.toHaveProperty(claimTag);
      expect(story.evaluation.outcome).toMatchObject({
        status: "ROLLED_BACK",
        sentence: expect.stringContaining("what it had made is taken away"),
      });
      expect(lab.control.writesOn(lab.watch.rootVolumeId)).toBeGreaterThan(0);
    },
  );
});

describe("what the freeze of a way back with data waits for", () => {
  it("is each flag: what its owner made deletable meanwhile is kept, and read back", async () => {
    const lab = await createLabOnSpot(options);
    at(lab, { nth: end - 1 }, { when: "after", what: () => makeDeletable(lab) });
    const story = await lab.run();
    expect(await complaintsAbout(lab, story)).toEqual([]);
    expect(story.status).toBe("FELL_BACK");
  });

  it("is the volumes, where EC2 lets go of them only minutes after the instance has ended", async () => {
    const lab = await createLabOnSpot({
      ...options,
      settings: { volumesFreeAfterMs: 5 * 60_000 },
    });
    const story = await lab.run();
    expect(await complaintsAbout(lab, story)).toEqual([]);
    expect(story.status).toBe("FELL_BACK");
    expect(story.answer["downtime_seconds"]).toBeGreaterThan(300);
  });

  it("is told with the volume that is not free in time, and goes on when a person resumes", async () => {
    const lab = await createLabOnSpot({
      ...options,
      settings: { volumesFreeAfterMs: 40 * 60_000 },
    });
    const held = await lab.run();
    expect(await complaintsAbout(lab, held)).toEqual([]);
    expect(held.evaluation.outcome).toMatchObject({
      status: "NEEDS_OPERATOR",
      reason: "ONLY_FORWARD",
      sentence: expect.stringContaining("not available yet"),
    });
    await lab.clock.run({ atMostMs: lab.clock.now() + hourMs });
    const story = await resumed(lab, held);
    expect(await complaintsAbout(lab, story)).toEqual([]);
    expect(story.status).toBe("FELL_BACK");
  });

  it("is a host that passes its checks: one that fails them right before costs nothing", async () => {
    const lab = await createLabOnSpot(options);
    whenItBegins(lab, "linear-end-spot", () => {
      lab.control.failChecks(({ lifecycle }) => lifecycle !== "spot", "system");
    });
    lab.watch.excuse("replacement");
    const story = await lab.run();
    expect(await complaintsAbout(lab, story)).toEqual([]);
    expect(story.status).toBe("ROLLED_BACK");
    expect(story.original?.state).toBe("running");
  });
});

describe("a root volume that EC2 does not bring over", () => {
  it("is asked for again, by another task", async () => {
    const lab = await createLabOnSpot(options);
    const mend = lab.control.failRootTasks(() => true);
    let tasks = 0;
    lab.platform.cloud.faults.before(({ operation }) => {
      if (operation !== "CreateReplaceRootVolumeTask") return;
      tasks += 1;
      if (tasks === 2) mend();
    });
    const story = await lab.run();
    expect(await complaintsAbout(lab, story)).toEqual([]);
    expect(story.status).toBe("FELL_BACK");
    expect(story.evaluation.progress.failedRootTasks).toHaveLength(1);
  });
});

describe("a function of a way back with data that dies at a write of its own", () => {
  it("is invoked again, at every third of them", async () => {
    const open: OpenLab = (begin) => createLabOnSpot({ ...options, ...begin });
    const count = await writesOf(open);
    expect(count).toBeGreaterThan(40);
    const endings = await dieAtWrites(open, { count, every: 3 });
    expect(endings).toEqual(
      endings.map(({ write }) => ({ write, deaths: 1, complaints: [], status: "FELL_BACK" })),
    );
  }, 120_000);
});
