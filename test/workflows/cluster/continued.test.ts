import { describe, expect, it } from "@jest/globals";
import { getEvaluation } from "../../../adapters/store/evaluations.ts";
import { evaluationIdSchema, type EvaluationId } from "../../../core/model/ids.ts";
import type { GroupSummary } from "../../../local/cloud/autoscaling/control.ts";
import { complaintsAboutGroup } from "../../../local/lab/group-judge.ts";
import {
  createGroupLab,
  type GroupEnding,
  type GroupLab,
  type GroupLabOptions,
} from "../../../local/lab/group-lab.ts";
import { createKiller, refusals } from "../../../local/lab/harm.ts";
import { startEvaluation } from "../../../local/lab/subject.ts";

type Lab = GroupLab & { readonly before: GroupSummary };

const labOf = async (options: GroupLabOptions): Promise<Lab> => {
  const lab = await createGroupLab(options);
  const before = lab.group();
  if (before === undefined) throw new Error("The laboratory has no group.");
  return { ...lab, before };
};

/** A person decides, and the execution that follows runs to its end. */
const decide = async (
  lab: GroupLab,
  id: EvaluationId,
  way: "adopt" | "resume" | "roll-back",
): Promise<GroupEnding> => {
  const path = `/evaluations/${id}/${way}`;
  const { status } = await lab.account.api.send({
    method: "POST",
    path,
    body: { reason: "drill" },
  });
  expect(status).toBe(202);
  return lab.finish(id);
};

/** Two replacements serve beside their originals, and neither could be taken away. */
const sideBySide = async () => {
  const lab = await labOf({ size: 4, max: 12, policy: { batch_size: 2 } });
  let isDenied = true;
  lab.platform.cloud.faults.before(({ operation }) => {
    const isRemoval = ["TerminateInstanceInAutoScalingGroup", "DetachInstances"];
    if (isDenied && isRemoval.includes(operation)) throw refusals.unauthorized();
  });
  const story = await lab.run();
  expect(story.status).toBe("NEEDS_OPERATOR");
  expect(lab.group()?.desired).toBe(6);
  isDenied = false;
  return { lab, story };
};

describe("an evaluation that a person lets go on", () => {
  it("still knows which of the desired capacity is its surplus: as many as before are wanted in the end", async () => {
    const { lab, story } = await sideBySide();
    expect(story.evaluation.progress.ledger).toEqual({ asked: 4, absorbed: 0 });
    const ending = await decide(lab, story.evaluationId, "resume");
    expect(ending.status).toBe("SWITCHED");
    expect(ending.group?.desired).toBe(4);
    expect(complaintsAboutGroup(lab, ending, { before: lab.before })).toEqual([]);
  });

  it("leaves to its owner what he has taken of it meanwhile: no original is removed for these pairs", async () => {
    const { lab, story } = await sideBySide();
    lab.platform.autoScaling.control.applyPolicy(lab.name, { desired: 8 });
    const ending = await decide(lab, story.evaluationId, "resume");
    const first = ending.swaps.filter(({ batch }) => batch === 1);
    expect(first.map(({ stage }) => stage)).toEqual(["ABSORBED", "ABSORBED"]);
    expect(ending.group?.desired).toBe(8);
    const before = { ...lab.before, desired: 8 };
    expect(complaintsAboutGroup(lab, ending, { before, asked: 4 })).toEqual([]);
  });

  it("is rolled back as far as its owner has left it: he wants one more by now", async () => {
    const { lab, story } = await sideBySide();
    lab.platform.autoScaling.control.applyPolicy(lab.name, { desired: 7 });
    const ending = await decide(lab, story.evaluationId, "roll-back");
    expect(ending.group?.desired).toBe(7);
    const before = { ...lab.before, desired: 7 };
    expect(complaintsAboutGroup(lab, ending, { before, asked: 4 })).toEqual([]);
  });
});

/** The function dies right after the group has taken its call to remove the first original, and its execution is stopped. */
const removalUnanswered = async () => {
  const lab = await labOf({ size: 2, max: 4, policy: { batch_size: 2 } });
  const killer = createKiller();
  const started = await startEvaluation(lab.account, lab.targetId);
  const id = evaluationIdSchema.parse(started.evaluation_id);
  lab.platform.cloud.faults.after(async ({ operation }) => {
    if (operation !== "TerminateInstanceInAutoScalingGroup" || killer.deaths > 0) return;
    const executionArn = (await getEvaluation(lab.account.table, id))?.executionArn ?? "";
    await lab.platform.interpreter.stop({ executionArn });
    await killer.die();
  });
  const dead = await lab.finish(id);
  // The lease of the dead one runs out.
  const { clock } = lab.account;
  await clock.run({ atMostMs: clock.now() + 20 * 60_000 });
  expect(killer.deaths).toBe(1);
  const removals = dead.intents.filter(({ change }) => change.kind === "REMOVE_MEMBER");
  expect(removals.map(({ status }) => status)).toEqual(["PLANNED"]);
  return { lab, id, removed: dead.swaps[0]?.originalId ?? "" };
};

const idsIn = (group: GroupSummary | undefined): readonly string[] =>
  group?.members.map(({ instanceId }) => instanceId) ?? [];

describe("a removal whose answer was lost with its execution", () => {
  it("is neither repeated nor undone when the group is adopted: what serves stays, and what hinders goes", async () => {
    const { lab, id } = await removalUnanswered();
    const { desired, members = [] } = lab.group() ?? {};
    expect(desired).toBe(3);
    const adopted = await decide(lab, id, "adopt");
    expect(adopted.status).toBe("ADOPTED");
    expect(adopted.group?.desired).toBe(3);
    const staying = members.filter(({ state }) => state === "InService");
    expect(idsIn(adopted.group)).toEqual(staying.map(({ instanceId }) => instanceId));
    expect(adopted.group?.members.filter(({ isProtected }) => isProtected)).toEqual([]);
    expect(adopted.group?.tags).toEqual(lab.before.tags);
    const removals = adopted.intents.filter(({ change }) => change.kind === "REMOVE_MEMBER");
    expect(removals.map(({ status }) => status)).toEqual(["SETTLED"]);
    const calls = adopted.effects.filter(({ action }) =>
      ["TerminateInstanceInAutoScalingGroup", "DetachInstances"].includes(action),
    );
    expect(calls).toHaveLength(1);
    expect(lab.capacity.broken).toEqual([]);
  });

  it("keeps its replacement when it is rolled back, and the other pair is undone", async () => {
    const { lab, id, removed } = await removalUnanswered();
    const undone = await decide(lab, id, "roll-back");
    expect(undone.status).toBe("PARTLY_SWITCHED");
    expect(undone.swaps.map(({ stage }) => stage).toSorted()).toEqual(["DONE", "UNDONE"]);
    expect(idsIn(undone.group)).not.toContain(removed);
    expect(complaintsAboutGroup(lab, undone, { before: lab.before })).toEqual([]);
  });

  it("is not made again when it goes on: the group ends with as many as were asked for", async () => {
    const { lab, id } = await removalUnanswered();
    const ending = await decide(lab, id, "resume");
    expect(ending.status).toBe("SWITCHED");
    expect(complaintsAboutGroup(lab, ending, { before: lab.before })).toEqual([]);
  });
});
