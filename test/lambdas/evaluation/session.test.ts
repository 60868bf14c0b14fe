import { describe, expect, it } from "@jest/globals";
import { deleteAccount } from "../../../adapters/store/accounts.ts";
import { deleteTarget } from "../../../adapters/store/targets.ts";
import { openDueSession, openSession } from "../../../lambdas/evaluation/session.ts";
import { accountId, evaluationId as anyId, targetId } from "../../adapters/store/examples.ts";
import {
  answers,
  evaluationId,
  run,
  stepUnderTest,
  type StepUnderTest,
} from "./step-under-test.ts";

describe("what a step works on", () => {
  it.each([
    {
      what: "evaluation",
      remove: (): Promise<unknown> => Promise.resolve(),
      id: anyId(9),
      names: "Evaluation evl-000000000009",
    },
    {
      what: "target",
      remove: ({ table }: StepUnderTest): Promise<unknown> => deleteTarget(table, targetId(1)),
      id: evaluationId,
      names: "Target tgt-",
    },
    {
      what: "account",
      remove: ({ table }: StepUnderTest): Promise<unknown> => deleteAccount(table, accountId),
      id: evaluationId,
      names: "Account 123456789012",
    },
  ])("is named when its $what does not exist", async ({ remove, id, names }) => {
    const under = await stepUnderTest();
    await remove(under);
    await expect(openSession(under.context, id)).rejects.toMatchObject({
      name: "BrokenNotFound",
      message: expect.stringContaining(names),
    });
  });

  it("is read anew by each invocation", async () => {
    const under = await stepUnderTest();
    await run(under, answers("READY"));
    const { evaluation } = await under.session();
    expect(evaluation.phases).toHaveLength(1);
  });

  it("does without the target where something is only due", async () => {
    const under = await stepUnderTest();
    await deleteTarget(under.table, targetId(1));
    const { account, evaluation } = await openDueSession(under.context, evaluationId);
    expect([account.accountId, evaluation.evaluationId]).toEqual([accountId, evaluationId]);
  });
});
