/** Finds the launch template that is kept ready for what EC2 takes: a recovery launches from it by CreateFleet. */
import { getIntent } from "../../adapters/store/intents.ts";
import { takesDataBack } from "../../core/decide/linear/data-way-back.ts";
import { isRecovery } from "../../core/model/evaluation-kind.ts";
import { readSubjectFacts } from "../evaluation/facts.ts";
import type { LinearSession } from "./session.ts";

/** Of the evaluation that has launched what serves. */
export const keepTemplateId = "keep-template";

/**
 * Its id; undefined: none is kept, and RunInstances launches. So it is for a host of a load with data: it starts in a security group of its own
 * evaluation, without user data, and its volumes come free at the end of the lost one at the earliest.
 */
export const findTemplate = async (session: LinearSession<never>): Promise<string | undefined> => {
  const { context, evaluation } = session;
  if (!isRecovery(evaluation) || takesDataBack(evaluation)) return undefined;
  const { placedBy } = await readSubjectFacts<"LINEAR">(session);
  if (placedBy === undefined) return undefined;
  const intent = await getIntent(context.table, placedBy.evaluationId, keepTemplateId);
  const { status, change } = intent ?? {};
  return status === "COMMITTED" && change?.kind === "KEEP_TEMPLATE" ? change.templateId : undefined;
};
