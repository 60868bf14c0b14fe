/**
 * In an emergency one who is listed for that brings a load back to On-Demand without waiting for the approvers, in his name and with his
 * reason. He brings back alone: what is launched on Spot, deleted, stopped or terminated waits for them, whoever asks.
 */
import type { Approval } from "../model/approval.ts";
import type { Identified } from "./caller.ts";
import type { ApprovalView } from "./standing.ts";
import { notOpen, refused, type Voted } from "./votes.ts";

const restoring: ReadonlySet<Approval["kind"]> = new Set(["FALL_BACK"]);

/** As the audit and the record name them. */
export const agreedBy = ({ votes, brokenGlass }: Approval): readonly string[] => [
  ...votes.map(({ by }) => by.name),
  ...(brokenGlass === undefined ? [] : [`${brokenGlass.by.name} (in an emergency)`]),
];

export const breakGlass = (
  {
    approval,
    breaker,
    view,
  }: {
    readonly approval: Approval;
    /** As what he is listed for emergencies. */
    readonly breaker: Identified;
    readonly view: ApprovalView;
  },
  said: { readonly boundsHash: string; readonly at: string; readonly reason: string },
): Voted => {
  const isRefused = notOpen({ approval, view });
  if (isRefused !== undefined) return isRefused;
  const { approvalId, accountId, kind, boundsHash } = approval;
  const { caller, as } = breaker;
  if (!restoring.has(kind)) {
    return refused(
      "NOT_RESTORING",
      `${approvalId} (${kind}) does not bring a load back: it waits for its approvers, in an emergency too.`,
    );
  }
  if (as === undefined) {
    return refused(
      "NOT_AN_APPROVER",
      breaker.because ?? `${caller.name} is not listed for emergencies of account ${accountId}.`,
    );
  }
  if (said.boundsHash !== boundsHash) {
    return refused(
      "BOUNDS_CHANGED",
      `The bounds of ${approvalId} are ${boundsHash}, and not ${said.boundsHash}: read it again.`,
    );
  }
  const { at, reason } = said;
  return {
    kind: "VOTED",
    approval: {
      ...approval,
      status: "APPROVED",
      brokenGlass: { by: caller, as, at, boundsHash, reason },
    },
  };
};
