/** What is asked about findings, which are not registered: the list of them and what is done to all of them. */
import type { FindingsApproval, FindingsBounds } from "../model/approval.ts";
import type { Compared } from "./question.ts";

/** What is to be done, as judged now. */
export interface FindingsPlan {
  readonly kind: FindingsApproval["kind"];
  /** As sentences name it. The same for what is one question in the course of time: one resource, or "what nobody owns". */
  readonly subject: string;
  readonly findings: readonly string[];
  /** In words. */
  readonly changes: readonly string[];
  readonly isIrreversible: boolean;
  /** Of all together. Absent: no price is known. */
  readonly monthlySavingUsd?: number;
}

/** So much less it may save when it is carried out: what jitters does not ask a second time. */
const headroom = 0.95;

const inOrder = (texts: readonly string[]): string[] => [...new Set(texts)].toSorted();

/** Down to the dollar: a resource that costs cents saves at least nothing. */
const dollarsDown = (monthlyUsd: number): number => Math.floor(monthlyUsd * headroom);

export const findingsBoundsOf = (plan: FindingsPlan): FindingsBounds => ({
  subject: plan.subject,
  changes: inOrder(plan.changes),
  isIrreversible: plan.isIrreversible,
  ...(plan.monthlySavingUsd !== undefined && {
    minMonthlySavingUsd: dollarsDown(plan.monthlySavingUsd),
  }),
});

/** Their ids as they are kept. */
export const findingsOf = ({ findings }: FindingsPlan): string[] => inOrder(findings);

const missingIn = (agreed: readonly string[], planned: readonly string[]): readonly string[] =>
  planned.filter((one) => !agreed.includes(one));

const mostNamed = 5;

const named = (ids: readonly string[]): string =>
  ids.length <= mostNamed
    ? ids.join(", ")
    : `${ids.slice(0, mostNamed).join(", ")} and ${String(ids.length - mostNamed)} more`;

const outsideSaving = (plan: FindingsPlan, { bounds }: FindingsApproval): string | undefined => {
  const { monthlySavingUsd } = plan;
  const { minMonthlySavingUsd: least } = bounds;
  if (least === undefined || (monthlySavingUsd !== undefined && monthlySavingUsd >= least)) {
    return undefined;
  }
  const now = monthlySavingUsd === undefined ? "an unknown sum" : `$${monthlySavingUsd.toFixed(2)}`;
  return `it saves ${now} a month by now, and at least $${String(least)} was agreed to.`;
};

/** Fewer findings than were agreed to are inside, and one more is not. Undefined: inside. */
export const outsideFindings = (
  plan: FindingsPlan,
  approval: FindingsApproval,
): string | undefined => {
  const { subject, changes, isIrreversible } = approval.bounds;
  if (plan.subject !== subject) return `it is ${plan.subject} by now, and was ${subject}.`;
  const added = missingIn(approval.findings, plan.findings);
  if (added.length > 0) return `more is on the list by now: ${named(added)}.`;
  if (plan.isIrreversible && !isIrreversible) return "it can't be taken back by now.";
  const more = missingIn(changes, plan.changes);
  if (more.length > 0) return `more is to be done by now: ${more.join("; ")}.`;
  return plan.findings.length < approval.findings.length
    ? undefined
    : outsideSaving(plan, approval);
};

/** Whatever is done to them and saved: these findings, or some of them, are left alone. */
const isRejected = (plan: FindingsPlan, { findings }: FindingsApproval): boolean =>
  missingIn(findings, plan.findings).length === 0;

export const comparedFindings = (plan: FindingsPlan): Compared<FindingsApproval> => ({
  kind: plan.kind,
  outsideOf: (approval) => outsideFindings(plan, approval),
  isSame: (approval) => outsideFindings(plan, approval) === undefined,
  isRejected: (approval) => isRejected(plan, approval),
});
