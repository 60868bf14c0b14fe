/** Asks persons about findings, and notes on each of them what was agreed to. */
import type { StoredFinding } from "../../../adapters/store/enforcer.ts";
import { tell } from "../../../adapters/store/outbox.ts";
import { isAgreed } from "../../../core/enforce/due.ts";
import type { EnforcerPlan } from "../../../core/enforce/plans.ts";
import type { Finding } from "../../../core/model/enforcer.ts";
import { noticeOfQuestion } from "../../../core/notice/of-enforcer.ts";
import { askForFindings, useFindingsApproval } from "../../evaluation/findings-approval.ts";
import { change, type Run } from "./run.ts";

/** The warning takes an hour, and then one follows the other. */
const agreementMs = 24 * 3_600_000;

interface Question {
  readonly findings: readonly StoredFinding[];
  readonly planOf: (findings: readonly Finding[]) => EnforcerPlan;
  /** Why a person must agree. */
  readonly required: string;
}

/**
 * What was agreed to is used up by this run alone, before it is noted: a run that dies in between asks anew.
 * @throws StaleApproval where another run was quicker, or it is something else by now
 */
export const askAbout = async (run: Run, question: Question): Promise<void> => {
  const { context, enforced } = run;
  const { table } = context;
  const { place, settings } = enforced;
  const now = context.now();
  const plan = question.planOf(question.findings.map(({ finding }) => finding));
  const open = question.findings.filter(({ finding }) => !isAgreed(finding, plan.kind, now));
  if (open.length === 0) return;
  const asked = { ...place, plan, by: `enforcer at ${now.toISOString()}` };
  const settled = await askForFindings(
    { table, now },
    {
      ...asked,
      required: question.required,
      ...(settings.setBy !== undefined && { askedBy: settings.setBy }),
    },
  );
  // Asked just now: each later run finds the same question.
  if (settled.kind === "AWAITING" && settled.approval.askedAt === now.toISOString()) {
    await tell(table, noticeOfQuestion(settled.approval));
  }
  if (settled.kind !== "AGREED") return;
  const { approvalId } = settled.approval;
  await useFindingsApproval({ table, now }, approvalId, asked);
  const until = new Date(now.getTime() + agreementMs).toISOString();
  for (const stored of open) {
    const agreed = { kind: plan.kind, approvalId, until };
    await change(run, stored, { ...stored.finding, agreed });
  }
};
