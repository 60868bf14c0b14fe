import { StartExecutionCommand } from "@aws-sdk/client-sfn";
import { beforeEach, describe, expect, it } from "@jest/globals";
import { getEvaluation } from "../../../adapters/store/evaluations.ts";
import { planIntent, updateIntents } from "../../../adapters/store/intents.ts";
import { releaseLease } from "../../../adapters/store/leases.ts";
import type { IntentStatus } from "../../../core/model/intents/base.ts";
import { evaluationIdSchema, type EvaluationId } from "../../../core/model/ids.ts";
import { intent } from "../../adapters/store/examples.ts";
import {
  apiUnderTest,
  showMembers,
  webTarget,
  withTarget,
  type Answer,
  type ApiUnderTest,
} from "./api-under-test.ts";
import { createFailingTable, type FailingTable } from "./failing-table.ts";

const resource = `instance#${webTarget.account_id}#${webTarget.instance_id}`;

const idOf = (answer: Answer): EvaluationId =>
  evaluationIdSchema.parse((answer.body as { evaluation_id: string }).evaluation_id);

describe("a target whose last evaluation has left something open", () => {
  let table: FailingTable;
  let api: ApiUnderTest;
  let target: string;
  let left: EvaluationId;
  beforeEach(async () => {
    table = createFailingTable();
    api = apiUnderTest({ table });
    target = await withTarget(api);
    left = idOf(await evaluate());
  });

  const evaluate = (headers = {}): Promise<Answer> =>
    api.send("POST", `/lab/instances/${target}/evaluate`, undefined, headers);

  const end = async (status: IntentStatus): Promise<void> => {
    await planIntent(table, left, intent("stop-original", { status }));
    await releaseLease(table, { resource, owner: left, fence: 1 });
  };

  const inTheWay = () => ({
    status: 409,
    body: {
      type: "urn:spot-optimizer:problem:evaluation-unfinished",
      evaluation_id: left,
      detail: expect.stringMatching(/\/resume.*\/roll-back.*\/adopt/),
    },
  });

  it.each(["PLANNED", "ACTED"] as const)(
    "is not evaluated while an intent is %s",
    async (status) => {
      await end(status);
      expect(await evaluate()).toMatchObject(inTheWay());
      expect(api.sfn.commandCalls(StartExecutionCommand)).toHaveLength(1);
    },
  );

  it.each(["UNDONE", "COMMITTED", "SETTLED"] as const)(
    "is evaluated when all are %s",
    async (status) => {
      await end(status);
      expect((await evaluate()).status).toBe(202);
    },
  );

  it("is not evaluated either when that one was cut off, and its lease has expired", async () => {
    await planIntent(table, left, intent("stop-original"));
    api.pass(16 * 60);
    expect(await evaluate()).toMatchObject(inTheWay());
  });

  it("is neither given another mode nor forgotten", async () => {
    await end("ACTED");
    const patch = { pipeline_mode: "CLUSTER", metadata: { asg_name: "web-blue" } };
    await showMembers(api);
    expect(await api.send("PATCH", `/lab/instances/${target}`, patch)).toMatchObject(inTheWay());
    expect(await api.send("DELETE", `/lab/instances/${target}`)).toMatchObject(inTheWay());
  });

  it("stays so whichever write of an attempt to evaluate it is the last", async () => {
    await end("ACTED");
    for (const write of [1, 2, 3]) {
      table.dieAtWrite(write);
      await evaluate({ "idempotency-key": `evaluate-${String(write)}` });
      table.revive();
      expect(await evaluate()).toMatchObject(inTheWay());
    }
  });

  it("is evaluated once it is closed, whichever write was the last of the attempt before", async () => {
    await end("ACTED");
    await updateIntents(table, left, (each) => ({ ...each, status: "UNDONE" }));
    const headers = { "idempotency-key": "evaluate-again" };
    // The first two writes make the key known; from the third on a repeat goes on.
    for (const write of [3, 1, 2, 3, 4, 5]) {
      table.dieAtWrite(write);
      await evaluate(headers);
      table.revive();
    }
    const answer = await evaluate(headers);
    expect(answer.status).toBe(202);
    expect(await getEvaluation(table, idOf(answer))).toMatchObject({ status: "RUNNING" });
    expect(api.sfn.commandCalls(StartExecutionCommand).at(-1)?.args[0].input.name).toBe(
      idOf(answer),
    );
  });
});
