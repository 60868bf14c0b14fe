/**
 * Asks persons about findings, which have neither a target nor an evaluation, and uses up what they have agreed to. What is
 * agreed to is carried out by a scheduled function: it finds it here, judges anew, uses it up and acts.
 */
import { readApprovalSettings } from "../../adapters/store/approval-settings.ts";
import { getApproval, listApprovals } from "../../adapters/store/approvals.ts";
import { digestOf } from "../../adapters/store/judged-bodies.ts";
import type { Table } from "../../adapters/store/table.ts";
import {
  comparedFindings,
  findingsBoundsOf,
  findingsOf,
  outsideFindings,
  type FindingsPlan,
} from "../../core/approval/findings.ts";
import { answerTo, isAgreed, type Answer } from "../../core/approval/question.ts";
import { standingOf } from "../../core/approval/standing.ts";
import { SpotOptimizerError } from "../../core/errors.ts";
import {
  isOfFindings,
  type Approval,
  type Caller,
  type FindingsApproval,
} from "../../core/model/approval.ts";
import { termsOf, type ApprovalTerms } from "../../core/model/approval-settings.ts";
import type { ApprovalId } from "../../core/model/ids.ts";
import type { Place } from "../../core/model/place.ts";
import {
  approvalIdFor,
  approvalView,
  ask,
  askedNow,
  consume,
  mostLooked,
  rejectedBy,
  waitAgain,
  waiting,
} from "./approval-record.ts";

export interface FindingsContext {
  readonly table: Table;
  readonly now: Date;
}

export interface PlanInPlace extends Place {
  readonly plan: FindingsPlan;
  /**
   * Under which what is agreed to is used up, such as the id of the finding or of the run: the same again is the same use, and
   * anything else is refused.
   */
  readonly by: string;
}

interface AskedAboutFindings extends PlanInPlace {
  /** Why a person must agree. */
  readonly required: string;
  /** Persons, whatever the account's owner says. Absent: as he says. */
  readonly atLeast?: 1 | 2;
  /** Who has last set what makes the product ask: he does not agree himself. Absent: nobody is known. */
  readonly askedBy?: Caller;
}

export type FindingsSettled =
  | { readonly kind: "AGREED"; readonly approval: FindingsApproval }
  | {
      readonly kind: "AWAITING" | "REJECTED";
      readonly approval: FindingsApproval;
      readonly sentence: string;
    };

/** An id of this kind of question is never that of another. @throws BrokenFacts */
const ofFindings = (approval: Approval): FindingsApproval => {
  if (isOfFindings(approval)) return approval;
  throw new SpotOptimizerError(
    "BrokenFacts",
    `Approval ${approval.approvalId} is about a target and not about findings.`,
    { resource: approval.approvalId },
  );
};

const termsFor = async (table: Table, { accountId }: Place): Promise<ApprovalTerms> =>
  termsOf(await readApprovalSettings(table, accountId));

/** Of what would be asked: a finding shows it before anybody is asked. */
export const findingsHash = ({ accountId, region, plan }: Omit<PlanInPlace, "by">): string =>
  digestOf({
    kind: plan.kind,
    accountId,
    region,
    bounds: findingsBoundsOf(plan),
    findings: findingsOf(plan),
  });

/** Of the questions about the same in the course of time each has the id that follows from the one before it. */
const nextId = ({ accountId, region, plan }: PlanInPlace, last: Approval | undefined): ApprovalId =>
  approvalIdFor(
    JSON.stringify([plan.kind, accountId, region, plan.subject, last?.approvalId ?? ""]),
  );

/** Newest first. An index may be behind: what was asked since the newest that it shows is read by its key. */
const askedBefore = async (
  table: Table,
  asked: PlanInPlace,
): Promise<readonly FindingsApproval[]> => {
  const { accountId, region, plan } = asked;
  const { kind, subject } = plan;
  const about = { accountId, region, kind, subject };
  const { items } = await listApprovals(table, { about, limit: mostLooked });
  const known = items.map(ofFindings);
  for (;;) {
    const next = await getApproval(table, nextId(asked, known[0]));
    if (next === undefined) return known;
    known.unshift(ofFindings(next));
  }
};

const newApproval = (
  { table, now }: FindingsContext,
  asked: AskedAboutFindings,
  settled: {
    readonly terms: ApprovalTerms;
    readonly last: Approval | undefined;
    readonly because: string | undefined;
  },
): FindingsApproval => {
  const { accountId, region, plan, required, atLeast = 1, askedBy } = asked;
  const { terms, because } = settled;
  return {
    ...askedNow(table, now, terms),
    approvalId: nextId(asked, settled.last),
    kind: plan.kind,
    accountId,
    region,
    bounds: findingsBoundsOf(plan),
    findings: findingsOf(plan),
    boundsHash: findingsHash(asked),
    because: [required, ...(because === undefined ? [] : [because])].join(" "),
    needed: Math.max(terms.approvalsNeeded, atLeast),
    ...(askedBy !== undefined && { askedBy }),
  };
};

const awaiting = (approval: FindingsApproval, why: string): FindingsSettled => ({
  kind: "AWAITING",
  approval,
  sentence: waiting(approval, why),
});

/** Two runs ask at the same instant: what the other asks is held against the plan by the next run. @throws RetryableContention */
const requireSame = (asked: FindingsApproval, stored: FindingsApproval): FindingsApproval => {
  if (stored.boundsHash === asked.boundsHash) return stored;
  throw new SpotOptimizerError(
    "RetryableContention",
    `Something else is asked about ${asked.bounds.subject} at the same instant (${stored.approvalId}).`,
    { resource: stored.approvalId },
  );
};

const askNow = async (
  context: FindingsContext,
  asked: AskedAboutFindings,
  settled: {
    readonly answer: Extract<Answer<FindingsApproval>, { readonly kind: "ASK" }>;
    readonly terms: ApprovalTerms;
    readonly last: Approval | undefined;
  },
): Promise<FindingsSettled> => {
  const { answer } = settled;
  const fresh = newApproval(context, asked, { ...settled, because: answer.because });
  const approval = await ask(context.table, answer, {
    approval: fresh,
    actor: fresh.askedBy?.name ?? "schedule",
    detail: { findings: fresh.findings },
  });
  return awaiting(requireSame(fresh, ofFindings(approval)), approval.because);
};

/**
 * Finds that persons have agreed to the plan, or that one has rejected it; else asks for it, once.
 * @throws RetryableContention, BrokenFacts
 */
export const askForFindings = async (
  context: FindingsContext,
  asked: AskedAboutFindings,
): Promise<FindingsSettled> => {
  const { table, now } = context;
  const { plan, by, required } = asked;
  const terms = await termsFor(table, asked);
  const approvals = await askedBefore(table, asked);
  const [last] = approvals;
  const answer = answerTo({
    plan: comparedFindings(plan),
    by,
    approvals,
    approvalId: last?.status === "APPROVED" ? last.approvalId : undefined,
    view: await approvalView(table, now),
    terms,
  });
  switch (answer.kind) {
    case "AGREED":
      return { kind: "AGREED", approval: answer.approval };
    case "REJECTED":
      return {
        kind: "REJECTED",
        approval: answer.approval,
        sentence: `It was rejected ${rejectedBy(answer.approval)}. That holds until ${answer.approval.rejection?.until ?? "it is something else"}.`,
      };
    case "PENDING": {
      const approval = await waitAgain(table, answer.approval, terms);
      return awaiting(ofFindings(approval), [required, answer.because ?? ""].join(" ").trim());
    }
    case "ASK":
      return askNow(context, asked, { answer, terms, last });
  }
};

/** What was asked for longer ago than this is void, whatever the account's owner says: see `approvalHours`. */
const longestHours = 168;
const hourMs = 3_600_000;
const mostAgreed = 1000;

/** What persons have agreed to in a place, and nothing has begun with, newest first. @throws BrokenFacts */
export const agreedFor = async (
  { table, now }: FindingsContext,
  place: Place & Pick<FindingsPlan, "kind">,
): Promise<readonly FindingsApproval[]> => {
  const view = await approvalView(table, now);
  const terms = await termsFor(table, place);
  const isOfPlace = ({ kind, accountId, region }: Approval): boolean =>
    kind === place.kind && accountId === place.accountId && region === place.region;
  const { items } = await listApprovals(table, {
    askedSince: new Date(now.getTime() - longestHours * hourMs).toISOString(),
    select: (one) =>
      isOfPlace(one) &&
      standingOf(one, view) === "APPROVED" &&
      isAgreed({ by: "", view, terms }, one),
    limit: mostAgreed,
  });
  return items.map(ofFindings);
};

/**
 * Uses it up right before the first effect, for what is to be done as judged now. Done again under the same name it changes nothing.
 * @throws StaleApproval what is agreed to no longer, is outside the bounds, or was used up by something else
 */
export const useFindingsApproval = async (
  { table, now }: FindingsContext,
  approvalId: ApprovalId,
  { by, plan, ...place }: PlanInPlace,
): Promise<void> => {
  const view = await approvalView(table, now);
  const terms = await termsFor(table, place);
  await consume(table, approvalId, {
    by,
    view,
    terms,
    detail: { by },
    outsideOf: (approval) => outsideFindings(plan, ofFindings(approval)),
  });
};
