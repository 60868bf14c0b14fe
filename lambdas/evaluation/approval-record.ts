/** Writes what is asked, and uses up what was agreed to, whether it is about a target or about findings. */
import { hash } from "node:crypto";
import { readApprovalsVoid } from "../../adapters/store/approval-settings.ts";
import { askFor, updateApproval } from "../../adapters/store/approvals.ts";
import { appendAudit } from "../../adapters/store/audit.ts";
import type { Table } from "../../adapters/store/table.ts";
import { agreedBy } from "../../core/approval/break-glass.ts";
import { isAgreed, type Answer, type QuestionInput } from "../../core/approval/question.ts";
import { votesThatCount, type ApprovalView } from "../../core/approval/standing.ts";
import { SpotOptimizerError } from "../../core/errors.ts";
import type { Approval } from "../../core/model/approval.ts";
import type { ApprovalTerms } from "../../core/model/approval-settings.ts";
import { approvalIdSchema, type ApprovalId } from "../../core/model/ids.ts";
import { base32Id } from "../../core/random-id.ts";

/** Those about one subject that can still matter: of each plan that was asked for within the days of a rejection there is one. */
export const mostLooked = 100;

export const idFrom = (text: string): string =>
  base32Id((count) => hash("sha256", text, "buffer").subarray(0, count));

/** The same for the same text: asked again after a crash it is the same question. */
export const approvalIdFor = (text: string): ApprovalId =>
  approvalIdSchema.parse(`apr-${idFrom(text)}`);

/** What is known when approvals are looked at. */
export const approvalView = async (table: Table, now: Date): Promise<ApprovalView> => {
  const voidUntil = await readApprovalsVoid(table);
  return {
    now,
    ...(table.name !== undefined && { tableName: table.name }),
    ...(voidUntil !== undefined && { voidUntil }),
  };
};

const hourMs = 3_600_000;

/** Of a question that is asked now, by the terms of now. */
export const askedNow = (
  table: Table,
  now: Date,
  { approvalHours, rejectionDays }: ApprovalTerms,
): Pick<
  Approval,
  "askedAt" | "expiresAt" | "rejectionDays" | "status" | "votes" | "tableName"
> => ({
  askedAt: now.toISOString(),
  expiresAt: new Date(now.getTime() + approvalHours * hourMs).toISOString(),
  rejectionDays,
  status: "PENDING",
  votes: [],
  ...(table.name !== undefined && { tableName: table.name }),
});

/** The new one first: who dies in between leaves two questions, and no answer that was not given. */
export const ask = async <Of extends Approval>(
  table: Table,
  { instead }: Extract<Answer<Of>, { readonly kind: "ASK" }>,
  asked: {
    readonly approval: Of;
    /** In the audit. */
    readonly actor: string;
    readonly detail: Readonly<Record<string, unknown>>;
  },
): Promise<Approval> => {
  const approval = await askFor(table, asked.approval);
  const { approvalId, askedAt: at, boundsHash, bounds } = approval;
  await appendAudit(table, {
    at,
    actor: asked.actor,
    action: "ASK_FOR_APPROVAL",
    resource: `approval ${approvalId}`,
    detail: { boundsHash, bounds, ...asked.detail },
  });
  for (const { approvalId: id } of instead) {
    if (id === approvalId) continue;
    await updateApproval(table, id, (stored) =>
      stored.status === "PENDING" || stored.status === "APPROVED"
        ? { ...stored, status: "SUPERSEDED", supersededBy: approvalId }
        : stored,
    );
  }
  return approval;
};

/** Enough had agreed, and may no longer: it waits for others, and shows it. */
export const waitAgain = async (
  table: Table,
  approval: Approval,
  terms: Pick<ApprovalTerms, "approvers">,
): Promise<Approval> =>
  approval.status === "PENDING"
    ? approval
    : updateApproval(table, approval.approvalId, (stored) =>
        stored.status === "APPROVED"
          ? { ...stored, status: "PENDING", votes: [...votesThatCount(stored, terms)] }
          : stored,
      );

const notUsable = ({ approvalId, status }: Approval, why: string): SpotOptimizerError =>
  new SpotOptimizerError(
    "StaleApproval",
    `Approval ${approvalId} was taken back, or ran out, right before it was used (${why}${status}).`,
    {
      resource: approvalId,
      nextStep: "Nothing: it is asked for anew where it must.",
    },
  );

/**
 * Uses it up: from here on nothing else begins with it. Done again by the same user it changes nothing.
 * @throws StaleApproval
 */
export const consume = async (
  table: Table,
  approvalId: ApprovalId,
  use: Omit<QuestionInput<Approval>, "plan" | "approvals" | "approvalId"> & {
    /** In the audit. */
    readonly detail: Readonly<Record<string, unknown>>;
    /** Why it does not hold for what is to be done now. */
    readonly outsideOf?: (approval: Approval) => string | undefined;
  },
): Promise<void> => {
  const { view, by, detail, outsideOf } = use;
  const at = view.now.toISOString();
  const used = await updateApproval(table, approvalId, (approval) => {
    if (!isAgreed(use, approval)) throw notUsable(approval, "");
    if (approval.consumed !== undefined) return approval;
    const outside = outsideOf?.(approval);
    if (outside !== undefined) throw notUsable(approval, `${outside} `);
    const consumed = { by, at };
    return { ...approval, status: "CONSUMED", consumed };
  });
  await appendAudit(table, {
    at: used.consumed?.at ?? at,
    actor: agreedBy(used).join(", "),
    action: "USE_APPROVAL",
    resource: `approval ${approvalId}`,
    detail: { boundsHash: used.boundsHash, ...detail },
  });
};

/** For how many persons it waits, how long, and by which hash it is agreed to. */
export const waiting = (
  { approvalId, boundsHash, expiresAt, needed, votes }: Approval,
  why: string,
): string => {
  const persons = needed - votes.length;
  return `${why} Approval ${approvalId} waits for ${persons > 1 ? `${String(persons)} persons` : "a person"} until ${expiresAt}. Its bounds have the hash ${boundsHash}.`;
};

/** Who has rejected it, when, with which words. */
export const rejectedBy = ({ approvalId, rejection }: Approval): string => {
  const { by, at, comment } = rejection ?? {};
  return `at ${at ?? "an unknown time"} by ${by?.name ?? "somebody"} (approval ${approvalId}: ${comment ?? "no reason"})`;
};
