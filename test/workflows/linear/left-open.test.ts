import { describe, expect, it } from "@jest/globals";
import { listAudit } from "../../../adapters/store/audit.ts";
import { listEvaluations } from "../../../adapters/store/evaluations.ts";
import { leaseKey } from "../../../adapters/store/keys.ts";
import { evaluationIdSchema, type EvaluationId } from "../../../core/model/ids.ts";
import type { Ending, Lab } from "../../../local/lab/contract.ts";
import { refusals } from "../../../local/lab/harm.ts";
import { complaintsAbout } from "../../../local/lab/judge.ts";
import { createLab, type LabOptions } from "../../../local/lab/lab.ts";
import { keepOperator } from "../../../local/lab/operator.ts";
import {
  asOwner,
  atFirst,
  letSwitchesBegin,
  plain,
  throwKillSwitch,
} from "../../../local/lab/scenarios.ts";
import { enrolled } from "../../../local/platform/customer-group.ts";
import { hourMs, keepSchedules } from "../../../local/lab/schedules.ts";
import { judgedRunsOf } from "./judged.ts";

interface LeftOpen {
  readonly lab: Lab;
  readonly story: Ending;
  /** The permission that was missing is there again. */
  readonly giveBack: () => void;
}

/** A load may be down for half a day here, for as long as nobody decides. */
const patient: LabOptions = { ...plain, policy: { max_downtime_minutes_per_30_days: 1440 } };

/** A permission is lost in the middle of a switch, and its roll-back can't do without it. */
const leftOpen = async (
  operation = "AttachVolume",
  options: LabOptions = patient,
): Promise<LeftOpen> => {
  const lab = await createLab({ ...options, undisturbedUntil: { calls: operation } });
  let isDenied = true;
  lab.platform.cloud.faults.before((call) => {
    if (isDenied && call.operation === operation) throw refusals.unauthorized();
  });
  const story = await lab.run();
  expect(story.status).toBe("NEEDS_OPERATOR");
  const giveBack = (): void => {
    isDenied = false;
  };
  return { lab, story, giveBack };
};

/** Its owner ends the original after the launch: the replacement runs, and nothing can go back. */
const withoutOriginal = async (): Promise<Omit<LeftOpen, "giveBack">> => {
  const lab = await createLab({ ...patient, undisturbedUntil: { calls: "RunInstances" } });
  atFirst(lab, "RunInstances", {
    when: "after",
    what: () => {
      lab.watch.excuse("original");
      lab.control.terminateByOwner(lab.originalId);
    },
  });
  const story = await lab.run();
  expect(story.status).toBe("NEEDS_OPERATOR");
  return { lab, story };
};

const pass = (lab: Lab, hours: number): Promise<void> =>
  lab.clock.run({ atMostMs: lab.clock.now() + hours * hourMs });

/** Newest first. */
const evaluationsOf = async ({ table, targetId }: Lab) =>
  (await listEvaluations(table, { limit: 100 })).items.filter(
    (evaluation) => evaluation.targetId === targetId,
  );

const decide = (lab: Lab, id: EvaluationId, way: string, body: object = {}) =>
  lab.send("POST", `/evaluations/${id}/${way}`, { reason: "drill", ...body });

const setKillSwitch = (lab: Lab, engaged: boolean) =>
  lab.send("PUT", "/kill-switch", { engaged, reason: "drill" });

const targetInstance = async (lab: Lab): Promise<unknown> =>
  (await lab.send("GET", `/lab/instances/${lab.targetId}`)).body["instance_id"];

describe("a switch that was left open", () => {
  it("is not begun anew by the sweep; a person's roll-back frees the target, and the one that a person asks for then switches", async () => {
    const { lab, story, giveBack } = await leftOpen();
    const schedules = keepSchedules(lab.account);
    await pass(lab, 7);
    expect(await evaluationsOf(lab)).toHaveLength(1);
    const refused = await lab.evaluate();
    expect(refused).toMatchObject({ status: 409, body: { evaluation_id: story.evaluationId } });
    expect(refused.body["detail"]).toMatch(/resume.*roll-back.*adopt/s);

    giveBack();
    expect(await decide(lab, story.evaluationId, "roll-back")).toMatchObject({ status: 202 });
    const undone = await lab.finish(story.evaluationId);
    expect(undone.status).toBe("ROLLED_BACK");
    expect(await complaintsAbout(lab, undone)).toEqual([]);
    expect(undone.evaluation.resolutions).toMatchObject([
      {
        kind: "ROLL_BACK",
        by: "local",
        reason: "drill",
        outcomeBefore: { status: "NEEDS_OPERATOR" },
      },
    ]);

    await letSwitchesBegin(lab);
    await pass(lab, 7);
    schedules.stop();
    expect(schedules.failures).toEqual([]);
    // The load was down for it: by itself it is not tried again.
    const swept = (await judgedRunsOf(lab.account, lab.targetId)).at(-1);
    expect(swept).toMatchObject({ kind: "STAY", reason: "FAILED_BEFORE" });
    expect(await evaluationsOf(lab)).toHaveLength(1);
    const asked = await lab.evaluate();
    expect(asked.status).toBe(202);
    const next = await lab.finish(evaluationIdSchema.parse(asked.body["evaluation_id"]));
    expect(next.status).toBe("SWITCHED");
  });

  it("is closed by an operator who follows the runbook, while sweep and janitor come by for days", async () => {
    const { lab, story, giveBack } = await leftOpen();
    const schedules = keepSchedules(lab.account);
    const operator = keepOperator(lab.account, 4 * 60);
    await pass(lab, 6);
    // The first visit found the permission missing still: it was left open again.
    expect(operator.decisions).toMatchObject([{ taken: "roll-back" }]);
    expect((await evaluationsOf(lab)).map(({ status }) => status)).toEqual(["NEEDS_OPERATOR"]);
    giveBack();
    await pass(lab, 10);
    expect((await lab.evaluate()).status).toBe(202);
    await pass(lab, 10);
    schedules.stop();
    operator.stop();
    expect(schedules.failures).toEqual([]);
    const [first, ...later] = (await evaluationsOf(lab)).toReversed();
    expect(first).toMatchObject({ evaluationId: story.evaluationId, status: "ROLLED_BACK" });
    expect(first?.resolutions?.length).toBe(2);
    expect(later.map(({ status }) => status)).toContain("SWITCHED");
    expect(lab.watch.broken).toEqual([]);
  });
});

describe("resume", () => {
  it.each(["CreateReplaceRootVolumeTask", "DetachVolume"])(
    "goes on after %s, on the same record, and does nothing twice",
    async (operation) => {
      const lab = await createLab({ ...plain, undisturbedUntil: { calls: operation } });
      // The function dies for good in the middle: its execution is stopped by hand, and nobody rolls back.
      let arn = "";
      atFirst(lab, operation, {
        when: "after",
        what: async () => {
          await lab.platform.interpreter.stop({
            executionArn: arn,
            error: undefined,
            cause: undefined,
          });
        },
      });
      const begun = await lab.evaluate();
      arn = String(begun.body["execution_arn"]);
      const id = evaluationIdSchema.parse(begun.body["evaluation_id"]);
      const cutOff = await lab.finish(id);
      expect(cutOff).toMatchObject({ status: "RUNNING", executionStatus: "ABORTED" });
      await pass(lab, 1);
      expect(await lab.evaluate()).toMatchObject({ status: 409, body: { evaluation_id: id } });

      const told = await lab.send("POST", `/evaluations/${id}/resume?dry_run=true`, {
        reason: "drill",
      });
      expect(told).toMatchObject({ status: 200, body: { kind: "RESUME" } });
      const before = lab.watch.mutations().length;
      expect(await decide(lab, id, "resume")).toMatchObject({ status: 202 });
      const story = await lab.finish(id);
      expect(await complaintsAbout(lab, story)).toEqual([]);
      expect(story.status).toBe("SWITCHED");
      const again = lab.watch
        .mutations()
        .slice(before)
        .map(({ operation }) => operation);
      expect(again).not.toContain("RunInstances");
      expect(again).not.toContain("StopInstances");
      expect(again).not.toContain("CreateImage");
      expect(again).not.toContain("CreateReplaceRootVolumeTask");
    },
  );

  it("is refused while the kill switch is on, and when the original has run since", async () => {
    const { lab, story } = await leftOpen();
    await throwKillSwitch(lab);
    const stopped = await decide(lab, story.evaluationId, "resume");
    expect(stopped.status).toBe(409);
    expect(stopped.body["detail"]).toContain("kill switch");
    await setKillSwitch(lab, false);
    await asOwner(lab)("StartInstances", { InstanceIds: [lab.originalId] });
    await pass(lab, 1);
    const late = await decide(lab, story.evaluationId, "resume");
    expect(late.status).toBe(409);
    expect(late.body["detail"]).toMatch(/started again/);
  });
});

describe("adopt", () => {
  it("lets the target follow to what serves, and touches no instance, under the kill switch too", async () => {
    const { lab, story } = await withoutOriginal();
    const serving = lab.replacement()?.instanceId ?? "";
    await throwKillSwitch(lab);
    const before = lab.watch.mutations().length;
    expect(await decide(lab, story.evaluationId, "adopt", { serving })).toMatchObject({
      status: 202,
    });
    const adopted = await lab.finish(story.evaluationId);
    expect(adopted.status).toBe("ADOPTED");
    expect(adopted.executionStatus).toBe("SUCCEEDED");
    expect(await targetInstance(lab)).toBe(serving);
    // With its type and its zone, among the rest.
    expect(await complaintsAbout(lab, adopted)).toEqual([]);
    expect(
      lab.watch
        .mutations()
        .slice(before)
        .map(({ operation }) => operation),
    ).toEqual(["DeleteTags"]);
    expect(adopted.intents.map(({ status }) => status)).not.toContain("ACTED");
    expect(adopted.intents.map(({ status }) => status)).not.toContain("PLANNED");
    expect(adopted.original?.tags).toEqual({ Name: "web", ...enrolled });
    expect(lab.control.find(serving)?.tags["spot-optimizer:evaluation"]).toBe(story.evaluationId);
    expect(adopted.isLeaseHeld).toBe(false);
    await setKillSwitch(lab, false);
    expect((await lab.evaluate()).status).toBe(202);
  });

  it("whose answer was lost after the tags were gone is finished all the same", async () => {
    const { lab, story } = await withoutOriginal();
    const serving = lab.replacement()?.instanceId ?? "";
    atFirst(lab, "DeleteTags", {
      when: "after",
      what: () => {
        throw refusals.unavailable();
      },
    });
    await decide(lab, story.evaluationId, "adopt", { serving });
    const adopted = await lab.finish(story.evaluationId);
    expect(adopted.status).toBe("ADOPTED");
    expect(await complaintsAbout(lab, adopted)).toEqual([]);
  });

  it("takes any instance of the account that runs, and says why another can't be adopted", async () => {
    const { lab, story } = await leftOpen();
    const stopped = await decide(lab, story.evaluationId, "adopt", { serving: lab.originalId });
    expect(stopped.status).toBe(409);
    expect(stopped.body["detail"]).toContain("only an instance that runs");
    const unknown = await decide(lab, story.evaluationId, "adopt", {
      serving: "i-0000000000000dead",
    });
    expect(unknown.body["detail"]).toContain("not shown by EC2");
    expect(lab.watch.broken).toEqual([]);
  });

  it("that fails undoes nothing, and leaves the evaluation open", async () => {
    const { lab, story } = await withoutOriginal();
    const serving = lab.replacement()?.instanceId ?? "";
    const before = lab.watch.mutations().length;
    lab.platform.cloud.faults.before((call) => {
      if (call.operation === "DeleteTags") throw refusals.unauthorized();
    });
    await decide(lab, story.evaluationId, "adopt", { serving });
    const failed = await lab.finish(story.evaluationId);
    expect(failed.status).toBe("NEEDS_OPERATOR");
    expect(failed.evaluation.outcome?.sentence).toContain("was not adopted");
    expect(
      lab.watch
        .mutations()
        .slice(before)
        .filter(({ hadEffect }) => hadEffect),
    ).toEqual([]);
    expect(await lab.evaluate()).toMatchObject({ status: 409 });
  });
});

describe("an adoption whose execution can't begin", () => {
  it("is not rolled back", async () => {
    const { lab, story } = await withoutOriginal();
    const serving = lab.replacement()?.instanceId ?? "";
    const before = lab.watch.mutations().length;
    const { functions } = lab.platform;
    const invoke = functions.invoke.bind(functions);
    functions.invoke = (name, payload) =>
      name === "judge-open-evaluation"
        ? Promise.reject(new Error("The function does not load."))
        : invoke(name, payload);
    await decide(lab, story.evaluationId, "adopt", { serving });
    const failed = await lab.finish(story.evaluationId);
    expect(failed.status).toBe("NEEDS_OPERATOR");
    expect(failed.evaluation.outcome?.sentence).toContain(`${serving} was to be adopted`);
    expect(lab.watch.mutations()).toHaveLength(before);
  });
});

describe("a decision", () => {
  it("is told to who asks with the same key again, is in the audit trail, and is not taken twice", async () => {
    const { lab, story, giveBack } = await leftOpen();
    giveBack();
    const path = `/evaluations/${story.evaluationId}/roll-back`;
    const body = { reason: "drill" };
    const key = { "idempotency-key": "one" };
    const first = await lab.send("POST", path, body, key);
    expect(await lab.send("POST", path, body, key)).toEqual(first);
    expect(await lab.send("POST", path, body, { "idempotency-key": "two" })).toMatchObject({
      status: 409,
      body: { type: "urn:spot-optimizer:problem:evaluation-running" },
    });
    await lab.finish(story.evaluationId);
    const closed = await lab.send("POST", path, body, { "idempotency-key": "three" });
    expect(closed).toMatchObject({ status: 409, body: { title: expect.any(String) } });
    expect(closed.body["detail"]).toContain("left nothing open");
    const { items } = await listAudit(lab.table, { limit: 10 });
    expect(items.filter(({ action }) => action === "ROLL_BACK_EVALUATION")).toMatchObject([
      { actor: "local", detail: { reason: "drill" } },
    ]);
  });

  it("needs a reason, and an evaluation", async () => {
    const { lab, story } = await leftOpen();
    const { evaluationId } = story;
    expect(await lab.send("POST", `/evaluations/${evaluationId}/resume`, {})).toMatchObject({
      status: 422,
    });
    expect(await decide(lab, evaluationIdSchema.parse("evl-0000000000"), "resume")).toMatchObject({
      status: 404,
    });
  });
});

describe("a roll-back of an older evaluation, after which another one was begun", () => {
  it("touches nothing of what that one has made, has moved or has tagged", async () => {
    const { lab, story, giveBack } = await leftOpen("AttachVolume", {
      ...patient,
      maxReplacements: 2,
    });
    giveBack();
    // An operator has put the original together again by hand, and a version that did not look at open intents went on.
    const owner = asOwner(lab);
    for (const VolumeId of lab.watch.dataVolumeIds) {
      await owner("AttachVolume", { VolumeId, InstanceId: lab.originalId, Device: "/dev/sdf" });
    }
    await owner("StartInstances", { InstanceIds: [lab.originalId] });
    await pass(lab, 1);
    const key = leaseKey(story.evaluation.leases[0].resource);
    const item = await lab.table.get(key);
    if (item === undefined) throw new Error("There is no lease.");
    const { begunBy: _unknown, ...lease } = item.data as Record<string, unknown>;
    await lab.table.put(
      { ...item, version: item.version + 1, data: lease },
      { ifVersion: item.version },
    );
    await letSwitchesBegin(lab);
    const newer = await lab.run();
    expect(newer.status).toBe("SWITCHED");

    const before = lab.watch.mutations().length;
    expect(await decide(lab, story.evaluationId, "roll-back")).toMatchObject({ status: 202 });
    const undone = await lab.finish(story.evaluationId);
    expect(undone.status).toBe("ROLLED_BACK");
    expect(undone.evaluation.supersededBy).toBe(newer.evaluationId);
    expect(undone.evaluation.outcome?.sentence).toContain(newer.evaluationId);
    const touched = lab.watch.mutations().slice(before);
    expect(touched.map(({ operation }) => operation)).toEqual(
      expect.arrayContaining(["DeregisterImage"]),
    );
    const ofNewer = new Set([
      lab.originalId,
      ...newer.replacements.map(({ instanceId }) => instanceId),
    ]);
    const about = JSON.stringify(touched.map(({ input }) => input));
    for (const id of ofNewer) expect(about).not.toContain(id);
    expect(await complaintsAbout(lab, await lab.finish(newer.evaluationId))).toEqual([]);
    expect(await targetInstance(lab)).toBe(newer.swap?.replacement?.instanceId);
  });
});
