/** Hands what an evaluation has left on nodes to the function that reaches clusters: once in a run, however many nodes there are. */
import type { LambdaClient } from "@aws-sdk/client-lambda";
import { invokeLater } from "../../../adapters/aws/lambda.ts";
import { isHeld, readLease } from "../../../adapters/store/leases.ts";
import type { EvaluationId } from "../../../core/model/ids.ts";
import { leasesOf } from "../../../core/model/subject.ts";
import type { Settled } from "../../evaluation/duty.ts";
import { leaseSeconds } from "../../evaluation/lease.ts";
import type { DueSession } from "../../evaluation/session.ts";
import type { CommonContext } from "../../runtime/context.ts";

export interface MarkRestorer {
  readonly lambda: LambdaClient;
  /** ARN of the function that takes marks off nodes. */
  readonly markRestorerArn: string;
}

type Context = MarkRestorer & Pick<CommonContext, "table" | "now">;

/** An evaluation that lives holds its leases, and takes its marks off itself. */
const isWorkedOn = async (
  { table, now }: Context,
  { evaluation }: DueSession,
): Promise<boolean> => {
  for (const resource of leasesOf(evaluation.subject)) {
    const lease = await readLease(table, resource);
    if (lease !== undefined && isHeld(lease, now())) return true;
  }
  return false;
};

/** One that was handed on says itself what came of it, and when it is to be tried again; should its event be lost, it is found due again after this. */
const handOn = async (context: Context, session: DueSession): Promise<Settled> => {
  const until = new Date(context.now().getTime() + leaseSeconds * 1000).toISOString();
  if (!(await isWorkedOn(context, session))) {
    const { evaluationId } = session.evaluation;
    await invokeLater(context.lambda, {
      functionArn: context.markRestorerArn,
      event: { evaluationId },
    });
  }
  return { kind: "RESTS", until };
};

/** For one run. */
export const handingOn = (context: Context): ((session: DueSession) => Promise<Settled>) => {
  const handed = new Map<EvaluationId, Promise<Settled>>();
  return (session) => {
    const { evaluationId } = session.evaluation;
    const settled = handed.get(evaluationId) ?? handOn(context, session);
    handed.set(evaluationId, settled);
    return settled;
  };
};
