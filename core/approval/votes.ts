/** May somebody agree to what is asked, or reject it, and what comes of it? A refusal names its reason. */
import { isOfFindings, type Approval, type Vote } from "../model/approval.ts";
import type { ApprovalTerms } from "../model/approval-settings.ts";
import { isSamePerson, mayBeSameSession, type Identified } from "./caller.ts";
import {
  hasEnough,
  neededNow,
  standingOf,
  votesThatCount,
  type ApprovalStanding,
  type ApprovalView,
} from "./standing.ts";

type VoteRefusal =
  | "NOT_AN_APPROVER"
  | "OWN_REQUEST"
  | "APPROVED_BEFORE"
  | "BOUNDS_CHANGED"
  | "NOT_RESTORING"
  | "SETTLED"
  | "EXPIRED"
  | "VOID";

export type Voted =
  | { readonly kind: "VOTED"; readonly approval: Approval }
  | { readonly kind: "REFUSED"; readonly reason: VoteRefusal; readonly sentence: string };

export interface VoteInput {
  readonly approval: Approval;
  readonly voter: Identified;
  readonly view: ApprovalView;
  /** Those of now. */
  readonly terms: Pick<ApprovalTerms, "approvers" | "approvalsNeeded" | "breakGlass">;
}

export const refused = (reason: VoteRefusal, sentence: string): Voted => ({
  kind: "REFUSED",
  reason,
  sentence,
});

/** How it comes to be asked for again. */
const anew = (approval: Approval): string =>
  isOfFindings(approval)
    ? "The next reading asks anew where it must."
    : "Evaluate the target, and it is asked for anew.";

/** Why nobody can decide about it any longer, by how it stands. */
const ended: Readonly<
  Record<
    Exclude<ApprovalStanding, "PENDING" | "APPROVED">,
    { readonly reason: VoteRefusal; readonly sentenceOn: (approval: Approval) => string }
  >
> = {
  VOID: {
    reason: "VOID",
    sentenceOn: (approval) =>
      `${approval.approvalId} was asked for before the state table was restored: all approvals of before are void. ${anew(approval)}`,
  },
  EXPIRED: {
    reason: "EXPIRED",
    sentenceOn: (approval) =>
      `${approval.approvalId} was good until ${approval.expiresAt}. ${anew(approval)}`,
  },
  REJECTED: {
    reason: "SETTLED",
    sentenceOn: ({ approvalId, rejection }) =>
      `${approvalId} was rejected by ${rejection?.by.name ?? "somebody"}: one rejection ends it.`,
  },
  CONSUMED: {
    reason: "SETTLED",
    sentenceOn: ({ approvalId, consumed }) =>
      `${approvalId} is used up: ${consumed?.by ?? "something unknown"} has carried out what was agreed to.`,
  },
  SUPERSEDED: {
    reason: "BOUNDS_CHANGED",
    sentenceOn: ({ approvalId, supersededBy }) =>
      `Something else is asked for by now, in place of ${approvalId}: see ${supersededBy ?? "the list of approvals"}.`,
  },
};

/** Undefined: it is open. */
export const notOpen = ({
  approval,
  view,
}: Pick<VoteInput, "approval" | "view">): Voted | undefined => {
  const standing = standingOf(approval, view);
  if (standing === "PENDING" || standing === "APPROVED") return undefined;
  const { reason, sentenceOn } = ended[standing];
  return refused(reason, sentenceOn(approval));
};

const reasonOf = ({ because }: Identified): string => (because === undefined ? "" : ` ${because}`);

/** @param accountId in whose list he is looked for */
export const notListed = (voter: Identified, accountId: string): string =>
  voter.because ?? `${voter.caller.name} is not among the approvers of account ${accountId}.`;

/** One who has none of a listed identity agrees to nothing, and who asked does not agree to it himself. */
const mayNot = ({ approval, voter }: VoteInput): Voted | undefined => {
  const { askedBy, approvalId, accountId } = approval;
  const { caller, as } = voter;
  if (as === undefined) return refused("NOT_AN_APPROVER", notListed(voter, accountId));
  if (askedBy !== undefined && isSamePerson(askedBy, caller)) {
    return refused(
      "OWN_REQUEST",
      `${caller.name} has asked for ${approvalId}, or has set that by which it is asked (${askedBy.name}): somebody else must agree.${reasonOf(voter)}`,
    );
  }
  return undefined;
};

const before = (votes: readonly Vote[], voter: Identified): Vote | undefined =>
  votes.find((vote) => isSamePerson(vote.by, voter.caller) || mayBeSameSession(vote, voter));

/** What an approver says. */
export interface Consent {
  /** Of the bounds that he has seen. */
  readonly boundsHash: string;
  /** When, ISO 8601. */
  readonly at: string;
  readonly comment?: string;
}

export const approve = (input: VoteInput, { boundsHash, at, comment }: Consent): Voted => {
  const { approval, voter, terms } = input;
  const { caller, as } = voter;
  const isRefused = notOpen(input) ?? mayNot(input);
  if (isRefused !== undefined) return isRefused;
  const votes = votesThatCount(approval, terms);
  const own = before(votes, voter);
  if (own !== undefined) {
    return refused(
      "APPROVED_BEFORE",
      `${own.by.name} has agreed to ${approval.approvalId} at ${own.at}, and ${caller.name} is taken for the same person.${reasonOf(voter)}`,
    );
  }
  if (approval.status === "APPROVED" && votes.length >= neededNow(approval, terms)) {
    return refused("SETTLED", `${approval.approvalId} is approved already.`);
  }
  if (boundsHash !== approval.boundsHash) {
    return refused(
      "BOUNDS_CHANGED",
      `The bounds of ${approval.approvalId} are ${approval.boundsHash}, and not ${boundsHash}: read it again.`,
    );
  }
  if (as === undefined) return refused("NOT_AN_APPROVER", `${caller.name} is not an approver.`);
  const vote: Vote = {
    by: caller,
    as,
    at,
    boundsHash,
    ...(comment !== undefined && { comment }),
  };
  const voted = { ...approval, votes: [...votes, vote] };
  // What was agreed to in an emergency does not wait for the others because one of them agrees too.
  const status = hasEnough(voted, terms) ? "APPROVED" : "PENDING";
  return { kind: "VOTED", approval: { ...voted, status } };
};

const dayMs = 86_400_000;

/** By an approver, or by who has asked himself. Also once it is approved, as long as nothing has begun with it. */
export const reject = (
  input: VoteInput,
  { at, comment }: Pick<Consent, "at"> & { readonly comment: string },
): Voted => {
  const { approval, voter } = input;
  const isRefused = notOpen(input);
  if (isRefused !== undefined) return isRefused;
  const { caller, as } = voter;
  const isOwn = approval.askedBy !== undefined && isSamePerson(approval.askedBy, caller);
  if (as === undefined && !isOwn) {
    return refused("NOT_AN_APPROVER", notListed(voter, approval.accountId));
  }
  const until = new Date(Date.parse(at) + approval.rejectionDays * dayMs).toISOString();
  const rejection = { by: caller, at, comment, until };
  return { kind: "VOTED", approval: { ...approval, status: "REJECTED", rejection } };
};
