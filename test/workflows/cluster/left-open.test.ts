import { describe, expect, it } from "@jest/globals";
import * as z from "zod";
import { evaluationSchema } from "../../../lambdas/api/schemas/evaluations.ts";
import { complaintsAboutGroup } from "../../../local/lab/group-judge.ts";
import {
  createGroupLab,
  type GroupEnding,
  type GroupLab,
  type GroupLabOptions,
} from "../../../local/lab/group-lab.ts";
import { refusals } from "../../../local/lab/harm.ts";
import type { GroupSummary } from "../../../local/cloud/autoscaling/control.ts";

interface LeftOpen {
  readonly lab: GroupLab;
  readonly before: GroupSummary;
  readonly story: GroupEnding;
  /** The permission that was missing is there again. */
  readonly giveBack: () => void;
}

interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** The customer's role loses the permission: the call is refused for as long as nobody gives it back. */
const leftOpen = async (
  operation = "ResumeProcesses",
  options: GroupLabOptions = { size: 4, policy: { batch_size: 2 } },
): Promise<LeftOpen> => {
  const lab = await createGroupLab(options);
  const before = lab.group();
  if (before === undefined) throw new Error("The laboratory has no group.");
  let isDenied = true;
  lab.platform.cloud.faults.before((call) => {
    if (isDenied && call.operation === operation) throw refusals.unauthorized();
  });
  const story = await lab.run();
  expect(story.status).toBe("NEEDS_OPERATOR");
  const giveBack = (): void => {
    isDenied = false;
  };
  return { lab, before, story, giveBack };
};

const send = async (
  { account }: GroupLab,
  method: string,
  path: string,
  body?: object,
): Promise<Answer> => {
  const { status, text } = await account.api.send({
    method,
    path,
    ...(body === undefined ? {} : { body }),
  });
  return { status, body: z.record(z.string(), z.unknown()).parse(JSON.parse(text)) };
};

const decide = ({ lab, story }: LeftOpen, way: string, body: object = {}): Promise<Answer> =>
  send(lab, "POST", `/evaluations/${story.evaluationId}/${way}`, { reason: "drill", ...body });

const evaluate = ({ lab }: LeftOpen): Promise<Answer> =>
  send(lab, "POST", `/lab/instances/${lab.targetId}/evaluate`);

const stepsIn = ({ body }: Answer): string => z.array(z.string()).parse(body["steps"]).join("\n");

const onSpot = (group: GroupSummary | undefined): number =>
  group?.members.filter(({ lifecycle }) => lifecycle === "spot").length ?? 0;

describe("a conversion whose group could not be put back as it was", () => {
  it("stands in the way of the next one, and each of the ways out says what it would do", async () => {
    const left = await leftOpen();
    expect(left.lab.group()?.suspended).toEqual(["AZRebalance"]);
    expect(await evaluate(left)).toMatchObject({
      status: 409,
      body: {
        evaluation_id: left.story.evaluationId,
        detail: expect.stringMatching(/resume.*roll-back.*adopt/s),
      },
    });
    const before = JSON.stringify(left.lab.group());
    for (const [way, told] of [
      ["resume", /Done already, and not done again: .*the next batch is planned/s],
      ["roll-back", /AZRebalance of group web is resumed/],
      ["adopt", /Settled, and neither done nor undone: /],
    ] as const) {
      const answer = await decide(left, `${way}?dry_run=true`);
      expect(answer.status).toBe(200);
      expect(stepsIn(answer)).toMatch(told);
      for (const { id, status } of left.story.intents) {
        if (status === "ACTED") expect(stepsIn(answer)).toContain(id);
      }
    }
    expect(JSON.stringify(left.lab.group())).toBe(before);
  });

  it("is rolled back: its settings are as they were, and the record says which pairs stay on Spot", async () => {
    const left = await leftOpen();
    const { lab, before, story } = left;
    const standing = onSpot(lab.group());
    expect(standing).toBeGreaterThan(0);
    left.giveBack();
    expect(await decide(left, "roll-back")).toMatchObject({
      status: 202,
      body: { kind: "ROLL_BACK" },
    });
    const undone = await lab.finish(story.evaluationId);
    expect(complaintsAboutGroup(lab, undone, { before })).toEqual([]);
    expect(onSpot(undone.group)).toBe(standing);
    expect(undone.swaps.filter(({ stage }) => stage === "DONE")).toHaveLength(standing);
    expect(undone.status).toBe("PARTLY_SWITCHED");
    expect(undone.evaluation.outcome?.sentence).toMatch(
      /asked for the roll-back \(drill\)\..*what was done stays/,
    );
    const told = [
      undone.evaluation.outcome?.sentence,
      ...undone.evaluation.phases.map(({ summary }) => summary),
    ];
    expect(told.join("\n")).not.toMatch(/group web is as it was/);
    expect((await evaluate(left)).status).toBe(202);
  });

  it("goes on: the batch comes to its end, and the next ones follow", async () => {
    const left = await leftOpen();
    const { lab, before, story } = left;
    left.giveBack();
    expect((await decide(left, "resume")).status).toBe(202);
    const ending = await lab.finish(story.evaluationId);
    expect(complaintsAboutGroup(lab, ending, { before })).toEqual([]);
    expect(ending.status).toBe("SWITCHED");
    expect(onSpot(ending.group)).toBe(4);
  });

  it("is put back first where no batch is left to be made", async () => {
    const left = await leftOpen("ResumeProcesses", { size: 2, policy: { batch_size: 2 } });
    const { lab, before, story } = left;
    left.giveBack();
    expect((await decide(left, "resume")).status).toBe(202);
    const ending = await lab.finish(story.evaluationId);
    expect(complaintsAboutGroup(lab, ending, { before })).toEqual([]);
    expect(ending.status).toBe("SWITCHED");
    expect(onSpot(ending.group)).toBe(2);
  });

  it("is adopted as it stands: nothing is put back, nothing is open, and the next one is let in", async () => {
    const left = await leftOpen();
    const { lab, before, story } = left;
    const serving = before.members[0]?.instanceId;
    const named = await decide(left, "adopt", { serving });
    expect(named).toMatchObject({ status: 422, body: { errors: [{ field: "serving" }] } });
    expect((await decide(left, "adopt")).status).toBe(202);
    const adopted = await lab.finish(story.evaluationId);
    expect(adopted.status).toBe("ADOPTED");
    expect(adopted.evaluation.outcome?.sentence).toContain("group web stands as it is (drill)");
    expect(adopted.group?.suspended).toEqual(["AZRebalance"]);
    expect(adopted.group?.tags).toEqual(before.tags);
    expect(adopted.intents.filter(({ status }) => status === "ACTED")).toEqual([]);
    expect((await evaluate(left)).status).toBe(202);
  });
});

describe("a conversion whose replacements could not be ended", () => {
  it("is rolled back once they can be: of no pair anything is left, and the record says so", async () => {
    const lab = await createGroupLab({ size: 2, policy: { batch_size: 2 } });
    const before = lab.group();
    if (before === undefined) throw new Error("The laboratory has no group.");
    let isDenied = true;
    lab.platform.cloud.faults.before(({ operation }) => {
      const isRefused = ["AttachInstances", "TerminateInstances"].includes(operation);
      if (isDenied && isRefused) throw refusals.unauthorized();
    });
    const story = await lab.run();
    expect(story.status).toBe("NEEDS_OPERATOR");
    isDenied = false;
    const left = { lab, before, story, giveBack: () => undefined };
    expect((await decide(left, "roll-back")).status).toBe(202);
    const undone = await lab.finish(story.evaluationId);
    expect(complaintsAboutGroup(lab, undone, { before })).toEqual([]);
    expect(undone.status).toBe("ROLLED_BACK");
    expect(onSpot(undone.group)).toBe(0);
  });
});

describe("a target that was one instance", () => {
  it("is made its group by a PATCH, and evaluated as the group", async () => {
    const lab = await createGroupLab({ size: 2 });
    const path = `/lab/instances/${lab.targetId}`;
    expect(await send(lab, "PATCH", path, { pipeline_mode: "LINEAR" })).toMatchObject({
      status: 200,
      body: { pipeline_mode: "LINEAR" },
    });
    const change = { pipeline_mode: "CLUSTER", metadata: { asg_name: "web" } };
    expect(await send(lab, "PATCH", path, change)).toMatchObject({ status: 200, body: change });
    const ending = await lab.run();
    expect(ending.status).toBe("SWITCHED");
    expect(onSpot(ending.group)).toBe(2);
  });
});

describe("GET /evaluations/{id} of a group", () => {
  it("shows each pair, with its original, its replacement and how it stands", async () => {
    const lab = await createGroupLab({ size: 2, policy: { batch_size: 1 } });
    const before = lab.group();
    const ending = await lab.run();
    const shown = await lab.account.api.get(
      `/evaluations/${ending.evaluationId}`,
      evaluationSchema,
    );
    expect(shown).toMatchObject({ mode: "CLUSTER", subject: { asg_name: "web" } });
    const originals = before?.members.map(({ instanceId }) => instanceId) ?? [];
    const members = ending.group?.members.map(({ instanceId }) => instanceId) ?? [];
    expect(shown.swaps.map(({ original_id: id }) => id).toSorted()).toEqual(originals.toSorted());
    expect(shown.swaps.map(({ replacement }) => replacement?.instance_id).toSorted()).toEqual(
      members.toSorted(),
    );
    expect(shown.swaps.map(({ batch, stage }) => ({ batch, stage }))).toEqual([
      { batch: 1, stage: "DONE" },
      { batch: 2, stage: "DONE" },
    ]);
  });
});
