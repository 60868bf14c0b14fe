import { describe, expect, it } from "@jest/globals";
import { listIntents, planIntent } from "../../../../adapters/store/intents.ts";
import { acquireLease, releaseLease } from "../../../../adapters/store/leases.ts";
import { updateTarget } from "../../../../adapters/store/targets.ts";
import {
  evaluationIdSchema,
  instanceIdSchema,
  targetIdSchema,
} from "../../../../core/model/ids.ts";
import { accountId } from "../../../../local/lab/lab.ts";
import { afterSwitch, type JanitorLab } from "./janitor-lab.ts";

const cooloffHours = 24.1;
const retryHours = 0.51;
/** Of what has been due for days. */
const longestPauseHours = 6.1;

const terminated = ({ calls }: JanitorLab): number =>
  calls().filter((operation) => operation === "TerminateInstances").length;

const another = evaluationIdSchema.parse("evl-00000000000000000000");

/** Another evaluation has begun at that instance; returns its end. */
const begin = async ({ lab }: JanitorLab, instanceId: string): Promise<() => Promise<unknown>> => {
  const resource = `instance#${accountId}#${instanceId}`;
  const now = new Date(lab.clock.now());
  const wanted = { resource, owner: another, now, seconds: 900, begins: true };
  const taken = await acquireLease(lab.table, wanted);
  if (taken.kind !== "HELD") throw new Error(`The lease was not to be had: ${taken.kind}.`);
  return () => releaseLease(lab.table, { resource, owner: another, fence: taken.fence });
};

const subjects = {
  "the original": ({ lab }: JanitorLab) => lab.originalId,
  "what serves instead": ({ lab }: JanitorLab) => lab.replacement()?.instanceId ?? "",
} as const;

describe.each(["the original", "what serves instead"] as const)(
  "an original that is due while an evaluation works on %s",
  (which) => {
    it("is kept until that has ended, and terminated then", async () => {
      const janitor = await afterSwitch();
      await janitor.pass(cooloffHours);
      const end = await begin(janitor, subjects[which](janitor));
      expect(await janitor.tidy()).toBe("0 settled, 1 postponed, 0 failed.");
      expect(janitor.originalState()).toBe("stopped");
      expect(await janitor.told()).toMatchObject({
        kind: "WAITING",
        sentence: expect.stringContaining(`${another} works on`),
      });
      await end();
      await janitor.pass(retryHours);
      expect(await janitor.tidy()).toBe("1 settled, 0 postponed, 0 failed.");
      expect(terminated(janitor)).toBe(1);
    });

    it("is kept while that one has left something open", async () => {
      const janitor = await afterSwitch();
      await janitor.pass(cooloffHours);
      const end = await begin(janitor, subjects[which](janitor));
      await planIntent(janitor.lab.table, another, {
        id: "stop-original",
        status: "ACTED",
        fence: 9,
        plannedAt: new Date(janitor.lab.clock.now()).toISOString(),
        change: { kind: "STOP_INSTANCE", instanceId: janitor.lab.originalId },
      });
      await end();
      expect(await janitor.tidy()).toBe("0 settled, 1 postponed, 0 failed.");
      expect(terminated(janitor)).toBe(0);
      expect(await janitor.told()).toMatchObject({
        sentence: expect.stringContaining(`${another} has left open`),
      });
    });

    it("leaves no lease behind: the next evaluation begins at once", async () => {
      const janitor = await afterSwitch();
      await janitor.pass(cooloffHours);
      await janitor.tidy();
      expect((await janitor.lab.evaluate()).status).toBe(202);
    });
  },
);

describe("images that are due while an evaluation works on what serves", () => {
  it("are kept until that has ended", async () => {
    const janitor = await afterSwitch({ consistency: "stop-and-image" });
    await janitor.pass(9 * 24);
    const end = await begin(janitor, subjects["what serves instead"](janitor));
    await janitor.tidy();
    expect(janitor.calls()).toEqual([]);
    await end();
    await janitor.pass(longestPauseHours);
    await janitor.tidy();
    expect(janitor.calls()).toContain("DeregisterImage");
  });
});

/** Its owner starts it, ends the replacement, and the target is the original's again. */
const goBack = async ({ lab, asOwner, pass }: JanitorLab): Promise<void> => {
  const replacementId = lab.replacement()?.instanceId;
  await asOwner("TerminateInstances", { InstanceIds: [replacementId] });
  await asOwner("StartInstances", { InstanceIds: [lab.originalId] });
  await updateTarget(lab.table, targetIdSchema.parse(lab.targetId), (target) => ({
    ...target,
    instanceId: instanceIdSchema.parse(lab.originalId),
    instanceType: "m5.large",
  }));
  await pass(1.1);
};

describe("an original to which its owner went back within the cool-off", () => {
  it("and that is switched again, is retired once: by the evaluation that replaced it last", async () => {
    const janitor = await afterSwitch({ policy: { dwell_hours: 1 } });
    const { lab, story } = janitor;
    await goBack(janitor);
    const again = await lab.run();
    expect(again.status).toBe("SWITCHED");
    expect(again.evaluation.subject.instanceId).toBe(lab.originalId);
    const retirements = async (id: typeof story.evaluationId) =>
      (await listIntents(lab.table, id)).filter(({ change }) => change.kind === "RETIRE_ORIGINAL");
    expect((await retirements(story.evaluationId)).map(({ status }) => status)).toEqual([
      "SETTLED",
    ]);
    expect((await retirements(again.evaluationId)).map(({ status }) => status)).toEqual([
      "COMMITTED",
    ]);
    expect((await janitor.evaluation())["settlements"]).toEqual([
      expect.objectContaining({
        kind: "KEPT",
        reason: "NOT_OURS",
        sentence: expect.stringContaining(`${again.evaluationId} replaces ${lab.originalId} again`),
      }),
    ]);
    await janitor.pass(23);
    await janitor.tidy();
    expect(janitor.originalState()).toBe("stopped");
    await janitor.pass(1.2);
    await janitor.tidy();
    await janitor.pass(0.1);
    expect(janitor.originalState()).toBe("terminated");
    expect(await janitor.told()).toMatchObject({ kind: "REMOVED" });
  });

  it("and that is only judged in shadow mode, is left to the janitor as before", async () => {
    const janitor = await afterSwitch({ policy: { dwell_hours: 1 } });
    const { lab, story } = janitor;
    await goBack(janitor);
    await lab.send("PATCH", `/lab/instances/${lab.targetId}`, { is_shadow_mode: true });
    const again = await lab.run();
    expect(again.status).toBe("SHADOWED");
    const [retirement] = (await listIntents(lab.table, story.evaluationId)).filter(
      ({ change }) => change.kind === "RETIRE_ORIGINAL",
    );
    expect(retirement?.status).toBe("COMMITTED");
  });
});
