import { describe, expect, it } from "@jest/globals";
import { getEvaluation } from "../../../adapters/store/evaluations.ts";
import { listIntents } from "../../../adapters/store/intents.ts";
import { readRaisedMax } from "../../../adapters/store/raised-maxima.ts";
import { getTarget } from "../../../adapters/store/targets.ts";
import { isOpenIntent } from "../../../core/decide/switch/outcome.ts";
import { evaluationIdSchema, targetIdSchema, type EvaluationId } from "../../../core/model/ids.ts";
import { evaluationSchema } from "../../../lambdas/api/schemas/evaluations.ts";
import type { GroupSummary } from "../../../local/cloud/autoscaling/control.ts";
import { complaintsAboutGroup } from "../../../local/lab/group-judge.ts";
import {
  createGroupLab,
  type GroupEnding,
  type GroupLab,
  type GroupLabOptions,
} from "../../../local/lab/group-lab.ts";
import { registerGroup } from "../../../local/lab/group-subject.ts";
import { createKiller, isMutation, refusals } from "../../../local/lab/harm.ts";
import { hourMs, keepSchedules } from "../../../local/lab/schedules.ts";
import { startEvaluation } from "../../../local/lab/subject.ts";

type Lab = GroupLab & { readonly before: GroupSummary };

const labOf = async (options: GroupLabOptions): Promise<Lab> => {
  const lab = await createGroupLab(options);
  const before = lab.group();
  if (before === undefined) throw new Error("The laboratory has no group.");
  return { ...lab, before };
};

/** Once, right after our nth call of the operation. */
const after = (
  { platform, name }: GroupLab,
  operation: string,
  nth: number,
  happens: () => unknown,
): void => {
  let seen = 0;
  platform.cloud.faults.after(async (call) => {
    const isOurs = call.caller.accountId === name.accountId && call.caller.sessionName;
    if (call.operation !== operation || isOurs === undefined) return;
    seen += 1;
    if (seen === nth) await happens();
  });
};

const desire = ({ platform, name }: GroupLab, desired: number): void => {
  platform.autoScaling.control.applyPolicy(name, { desired });
};

const pass = ({ account: { clock } }: GroupLab, hours: number): Promise<void> =>
  clock.run({ atMostMs: clock.now() + hours * hourMs });

/** The janitor comes each five minutes. */
const withJanitor = async (lab: GroupLab, hours: number): Promise<void> => {
  for (let minutes = 0; minutes < hours * 60; minutes += 5) {
    await lab.platform.functions.invoke("schedule-janitor", {});
    await pass(lab, 1 / 12);
  }
};

const told = async (lab: GroupLab, id: EvaluationId): Promise<unknown> =>
  (await getEvaluation(lab.account.table, id))?.settlements;

const openIntents = async (lab: GroupLab, id: EvaluationId): Promise<readonly string[]> =>
  (await listIntents(lab.account.table, id)).filter(isOpenIntent).map((intent) => intent.id);

const raisedMaxOf = ({ account, name }: GroupLab): Promise<unknown> =>
  readRaisedMax(account.table, { ...name, asgName: name.name });

/** Forgotten, and registered again. */
const registeredAnew = async (lab: GroupLab): Promise<GroupLab> => {
  const { account, name } = lab;
  const path = `/lab/instances/${lab.targetId}`;
  expect((await account.api.send({ method: "DELETE", path })).status).toBe(204);
  const targetId = await registerGroup(account, name, { policy: { batch_size: 2 } });
  const run = async (): Promise<GroupEnding> => {
    const { evaluation_id: id } = await startEvaluation(account, targetId);
    return lab.finish(evaluationIdSchema.parse(id));
  };
  return { ...lab, targetId, run };
};

/** Changes that we have made at the group since. */
const changesFrom = ({ platform, name }: GroupLab): (() => readonly string[]) => {
  const { journal } = platform.cloud;
  const from = journal.length;
  return () =>
    journal
      .slice(from)
      .filter((entry) => entry.accountId === name.accountId && entry.mutating && !entry.dryRun)
      .filter((entry) => entry.roleArn !== undefined)
      .map((entry) => entry.operation);
};

/** At its maximum; a policy takes the room that was made for two replacements before they are attached. */
const takenRoom = async () => {
  const lab = await labOf({ size: 3, max: 3, policy: { batch_size: 2 } });
  after(lab, "UpdateAutoScalingGroup", 1, () => {
    desire(lab, 5);
  });
  return { lab, story: await lab.run() };
};

describe("a policy takes the room that we made below the maximum", () => {
  it("the evaluation ends all the same, and says that the maximum is still to be handed back", async () => {
    const { lab, story } = await takenRoom();
    expect(story.status).not.toBe("NEEDS_OPERATOR");
    expect(story.evaluation.outcome?.sentence).toContain(
      "The maximum of group web stays 5 instead of 3",
    );
    expect(story.evaluation.outcome?.sentence).not.toContain("is as it was");
    expect(story.intents.filter(isOpenIntent)).toEqual([]);
    expect(story.evaluation.settlements).toMatchObject([
      { of: "RAISE_MAX", resource: "web", kind: "WAITING" },
    ]);
    expect(await raisedMaxOf(lab)).toEqual({
      evaluationId: story.evaluationId,
      maxOriginal: 3,
      maxRaised: 5,
    });
    expect(lab.group()).toMatchObject({ max: 5, desired: 5, tags: lab.before.tags });
    expect(
      complaintsAboutGroup(lab, story, { before: { ...lab.before, max: 5, desired: 5 }, asked: 3 }),
    ).toEqual([]);
  });

  it("and the janitor hands it back once its owner wants no more than before, and not earlier", async () => {
    const { lab, story } = await takenRoom();
    const changes = changesFrom(lab);
    await withJanitor(lab, 3);
    expect(lab.group()).toMatchObject({ max: 5, desired: 5 });
    expect(changes()).toEqual([]);
    desire(lab, 4);
    await withJanitor(lab, 2);
    expect(lab.group()).toMatchObject({ max: 5, desired: 4 });
    desire(lab, 3);
    await withJanitor(lab, 1.5);
    expect(lab.group()).toMatchObject({ max: 3, desired: 3 });
    expect(changes()).toEqual(["UpdateAutoScalingGroup"]);
    expect(await told(lab, story.evaluationId)).toMatchObject([
      { of: "RAISE_MAX", kind: "RESTORED", sentence: expect.stringContaining("set back to 3") },
    ]);
    expect(await raisedMaxOf(lab)).toBeUndefined();
    expect(lab.capacity.broken).toEqual([]);
  });

  it("and what its owner sets it to meanwhile stays his", async () => {
    const { lab, story } = await takenRoom();
    lab.platform.autoScaling.control.raiseMaximum(lab.name, 20);
    desire(lab, 3);
    await withJanitor(lab, 2);
    expect(lab.group()?.max).toBe(20);
    expect(await told(lab, story.evaluationId)).toMatchObject([
      { of: "RAISE_MAX", kind: "KEPT", reason: "CHANGED_SINCE" },
    ]);
    expect(await raisedMaxOf(lab)).toBeUndefined();
  });

  it("and is not raised a second time: the next evaluation waits until it is handed back", async () => {
    const { lab } = await takenRoom();
    await pass(lab, 2);
    const changes = changesFrom(lab);
    const next = await lab.run();
    expect(next.status).toBe("STAYED");
    expect(next.evaluation.outcome?.reason).toBe("MAX_NOT_HANDED_BACK");
    expect(changes()).toEqual([]);
    desire(lab, 3);
    await withJanitor(lab, 2);
    expect(lab.group()?.max).toBe(3);
    const last = await lab.run();
    expect(last.status).toBe("SWITCHED");
    expect(lab.group()).toMatchObject({ max: 3, desired: 3 });
  });

  it("and is known to the target under which the group is registered anew", async () => {
    const { lab } = await takenRoom();
    const anew = await registeredAnew(lab);
    await pass(anew, 2);
    const changes = changesFrom(anew);
    const next = await anew.run();
    expect(next.evaluation.outcome?.reason).toBe("MAX_NOT_HANDED_BACK");
    expect(changes()).toEqual([]);
    desire(anew, 3);
    await withJanitor(anew, 2);
    expect(anew.group()?.max).toBe(3);
    expect((await anew.run()).status).toBe("SWITCHED");
  });

  it("and stands with the group while its target is one instance", async () => {
    const { lab } = await takenRoom();
    const { status } = await lab.account.api.send({
      method: "PATCH",
      path: `/lab/instances/${lab.targetId}`,
      body: { pipeline_mode: "LINEAR", policy_overrides: { batch_size: null } },
    });
    expect(status).toBe(200);
    const target = await getTarget(lab.account.table, targetIdSchema.parse(lab.targetId));
    expect(target).toMatchObject({ pipelineMode: "LINEAR" });
    expect(await raisedMaxOf(lab)).toMatchObject({ maxOriginal: 3, maxRaised: 5 });
  });

  it("and nothing of it is touched while the kill switch is on", async () => {
    const { lab } = await takenRoom();
    desire(lab, 3);
    await lab.account.api.send({
      method: "PUT",
      path: "/kill-switch",
      body: { engaged: true, reason: "drill" },
    });
    const changes = changesFrom(lab);
    await withJanitor(lab, 3);
    expect(changes()).toEqual([]);
    await lab.account.api.send({
      method: "PUT",
      path: "/kill-switch",
      body: { engaged: false, reason: "drill" },
    });
    await withJanitor(lab, 1.5);
    expect(lab.group()?.max).toBe(3);
  });
});

/** The function that made the call dies, and its execution is stopped: nothing of the workflow runs from then on. */
const diesAfter = async (operation: string, nth = 1) => {
  const lab = await labOf({ size: 2, max: 2, policy: { batch_size: 2 } });
  const killer = createKiller();
  const started = await startEvaluation(lab.account, lab.targetId);
  const id = evaluationIdSchema.parse(started.evaluation_id);
  const isDead = (): boolean => killer.deaths > 0;
  after(lab, operation, nth, async () => {
    const executionArn = (await getEvaluation(lab.account.table, id))?.executionArn ?? "";
    await lab.platform.interpreter.stop({ executionArn });
    return killer.die();
  });
  for (let minutes = 0; minutes < 120 && !isDead(); minutes += 1) await pass(lab, 1 / 60);
  expect(isDead()).toBe(true);
  return { lab, id };
};

const protectedOf = (lab: GroupLab): number =>
  lab.group()?.members.filter(({ isProtected }) => isProtected).length ?? 0;

describe("an execution that dies while replacements are protected", () => {
  it("leaves no protection: it is gone before a refresh would fail, and AZRebalance is resumed", async () => {
    const { lab, id } = await diesAfter("SetInstanceProtection", 2);
    expect(protectedOf(lab)).toBeGreaterThan(0);
    expect(lab.group()?.suspended).toEqual(["AZRebalance"]);
    await withJanitor(lab, 50 / 60);
    expect(protectedOf(lab)).toBe(0);
    await withJanitor(lab, 1);
    expect(lab.group()?.suspended).toEqual([]);
    expect(await told(lab, id)).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ of: "PROTECT_MEMBERS", kind: "RESTORED" }),
        expect.objectContaining({ of: "SUSPEND_AZ_REBALANCE", kind: "RESTORED" }),
        // The surplus stands: a lower maximum would end members.
        expect.objectContaining({ of: "RAISE_MAX", kind: "WAITING" }),
      ]),
    );
    expect(lab.group()).toMatchObject({ max: 4, desired: 4 });
    expect(lab.capacity.broken).toEqual([]);
  });

  it("holds no original either, were nothing attached yet", async () => {
    const { lab, id } = await diesAfter("SetInstanceProtection");
    expect(protectedOf(lab)).toBe(2);
    await withJanitor(lab, 50 / 60);
    expect(protectedOf(lab)).toBe(0);
    expect(lab.group()).toMatchObject({ max: 2, desired: 2, suspended: [] });
    expect(await told(lab, id)).toEqual(
      expect.arrayContaining([expect.objectContaining({ of: "HOLD_MEMBERS", kind: "RESTORED" })]),
    );
  });

  it("waits for a person with its claim and its pairs: GET says so, and which ways there are", async () => {
    const { lab, id } = await diesAfter("SetInstanceProtection", 2);
    const shown = () => lab.account.api.get(`/evaluations/${id}`, evaluationSchema);
    expect(await shown()).not.toHaveProperty("abandoned");
    await withJanitor(lab, 2);
    const { abandoned = "", ...rest } = await shown();
    expect(abandoned).toMatch(/^Nothing works on it.*: its execution died\. Evaluation/);
    for (const way of ["resume", "roll-back", "adopt"])
      expect(abandoned).toContain(`/${id}/${way}`);
    expect(rest).toMatchObject({ status: "RUNNING" });
    expect((lab.group()?.tags ?? []).map(({ Key }) => Key)).toContain("spot-optimizer:claim");
    expect(lab.group()?.members).toHaveLength(4);
  });

  it.each([
    ["rolled back by a person afterwards: the group is as it was", "roll-back", "ROLLED_BACK"],
    ["let go on by a person afterwards: its pairs are made", "resume", "SWITCHED"],
  ])("is %s", async (_, way, ending) => {
    const { lab, id } = await diesAfter("SetInstanceProtection", 2);
    await withJanitor(lab, 2);
    const { status, text } = await lab.account.api.send({
      method: "POST",
      path: `/evaluations/${id}/${way}`,
      body: { reason: "drill" },
    });
    expect([status, text]).toEqual([202, expect.any(String)]);
    const ended = await lab.finish(id);
    expect(ended.status).toBe(ending);
    expect(complaintsAboutGroup(lab, ended, { before: lab.before })).toEqual([]);
  });
});

describe("an execution that dies with a raised maximum, and nothing attached", () => {
  it("gives it back within the hour", async () => {
    const { lab, id } = await diesAfter("UpdateAutoScalingGroup");
    expect(lab.group()).toMatchObject({ max: 4, desired: 2 });
    await withJanitor(lab, 1);
    expect(lab.group()).toMatchObject({ max: 2, desired: 2, suspended: [] });
    expect(await openIntents(lab, id)).not.toContain("raise-max-1-4");
  });
});

describe("a permission that is missing", () => {
  it("and is given back: the janitor restores what was left, and the next evaluation is let in", async () => {
    const lab = await labOf({ size: 2, policy: { batch_size: 2 } });
    let isDenied = true;
    lab.platform.cloud.faults.before((call) => {
      if (isDenied && call.operation === "ResumeProcesses") throw refusals.unauthorized();
    });
    const story = await lab.run();
    expect(story.status).toBe("NEEDS_OPERATOR");
    await withJanitor(lab, 2);
    expect(lab.group()?.suspended).toEqual(["AZRebalance"]);
    isDenied = false;
    await withJanitor(lab, 1.5);
    expect(lab.group()?.suspended).toEqual([]);
    expect(await told(lab, story.evaluationId)).toMatchObject([
      { of: "SUSPEND_AZ_REBALANCE", kind: "RESTORED" },
    ]);
  });
});

describe("an evaluation that lives", () => {
  it("is left alone by the janitor, however long its members are protected", async () => {
    const lab = await labOf({
      size: 2,
      max: 2,
      policy: { batch_size: 2 },
      definition: { DefaultInstanceWarmup: 3000 },
    });
    const schedules = keepSchedules(lab.account);
    const operations: string[] = [];
    const matches = isMutation(lab.name.accountId);
    lab.platform.cloud.faults.before((call) => {
      if (matches(call)) operations.push(call.operation);
    });
    const story = await lab.run();
    schedules.stop();
    expect(story.status).toBe("SWITCHED");
    expect(schedules.failures).toEqual([]);
    expect(story.evaluation.settlements ?? []).toEqual([]);
    expect(operations.filter((operation) => operation === "SetInstanceProtection")).toHaveLength(4);
    expect(operations.indexOf("TerminateInstanceInAutoScalingGroup")).toBeLessThan(
      operations.lastIndexOf("SetInstanceProtection"),
    );
    expect(complaintsAboutGroup(lab, story, { before: lab.before })).toEqual([]);
  });
});
