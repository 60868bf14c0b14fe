import { describe, expect, it } from "@jest/globals";
import { deleteAccount } from "../../../adapters/store/accounts.ts";
import { deleteTarget } from "../../../adapters/store/targets.ts";
import {
  openDueSession,
  openSession,
  type EvaluationSession,
} from "../../../lambdas/evaluation/session.ts";
import { accountId, evaluationId as anyId, targetId } from "../../adapters/store/examples.ts";
import {
  answers,
  evaluationId,
  run,
  stepUnderTest,
  type StepUnderTest,
} from "./step-under-test.ts";

describe("what a step works on", () => {
  it.each<{
    what: string;
    remove: (under: StepUnderTest) => Promise<unknown>;
    id: typeof evaluationId;
    ask: (session: EvaluationSession) => unknown;
    names: string;
  }>([
    {
      what: "evaluation",
      remove: () => Promise.resolve(),
      id: anyId(9),
      ask: ({ evaluation }) => evaluation,
      names: "Evaluation evl-000000000009",
    },
    {
      what: "target",
      remove: ({ table }) => deleteTarget(table, targetId(1)),
      id: evaluationId,
      ask: ({ target }) => target(),
      names: "Target tgt-",
    },
    {
      what: "account",
      remove: ({ table }) => deleteAccount(table, accountId),
      id: evaluationId,
      ask: ({ account }) => account(),
      names: "Account 123456789012",
    },
  ])("is named when its $what does not exist", async ({ remove, id, ask, names }) => {
    const under = await stepUnderTest();
    await remove(under);
    await expect(openSession(under.context, id, true).then(ask)).rejects.toMatchObject({
      name: "BrokenNotFound",
      message: expect.stringContaining(names),
    });
  });

  it("is read when it is asked for, and then once", async () => {
    const under = await stepUnderTest();
    const session = await under.session();
    expect(await session.account()).toBe(await session.account());
    expect(await session.target()).toBe(await session.target());
    await deleteAccount(under.table, accountId);
    expect(await session.account()).toMatchObject({ accountId });
    const next = await under.session();
    await expect(next.account()).rejects.toMatchObject({ name: "BrokenNotFound" });
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
    expect([(await account()).accountId, evaluation.evaluationId]).toEqual([
      accountId,
      evaluationId,
    ]);
  });
});
