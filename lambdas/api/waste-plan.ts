/** What is agreed to of a finding, and the agreement to it. */
import { readApprovalSettings } from "../../adapters/store/approval-settings.ts";
import { readWasteSettings } from "../../adapters/store/waste-settings.ts";
import type { Identified } from "../../core/approval/caller.ts";
import { notListed } from "../../core/approval/votes.ts";
import { termsOf, type ApprovalTerms } from "../../core/model/approval-settings.ts";
import type { AccountId } from "../../core/model/ids.ts";
import type { WasteFinding } from "../../core/model/waste/finding.ts";
import type { WasteSettings } from "../../core/model/waste/settings.ts";
import { questionOf } from "../../core/waste/deletion.ts";
import { askForFindings, findingsHash } from "../evaluation/findings-approval.ts";
import { approveAs } from "./approvals.ts";
import { approverOf } from "./caller.ts";
import type { ApiContext, ApiRequest } from "./context.ts";
import { ApiProblem } from "./problem.ts";
import type { VotedJson } from "./schemas/approvals.ts";
import type { OfferedPlan } from "./schemas/waste.ts";
import { requireFinding } from "./waste.ts";

const off: WasteSettings = { enabled: false, updatedAt: "1970-01-01T00:00:00.000Z" };

/** Of each account the settings are read once. */
export const offeredPlans = (
  context: ApiContext,
): ((finding: WasteFinding) => Promise<OfferedPlan | undefined>) => {
  const known = new Map<AccountId, Promise<WasteSettings | undefined>>();
  return async (finding) => {
    if (finding.status !== "OFFERED") return undefined;
    const { accountId } = finding;
    const reading = known.get(accountId) ?? readWasteSettings(context.table, accountId);
    known.set(accountId, reading);
    const question = questionOf(finding, (await reading) ?? off);
    return {
      hash: findingsHash(question),
      changes: question.plan.changes,
      needed: question.atLeast,
    };
  };
};

/** Nobody asks for what he may not agree to: it would wait for others whom nobody has asked. Throws the problem 403. */
const requireApprover = async (
  context: ApiContext,
  request: ApiRequest,
  accountId: AccountId,
): Promise<{ readonly terms: ApprovalTerms; readonly voter: Identified }> => {
  const terms = termsOf(await readApprovalSettings(context.table, accountId));
  const voter = await approverOf(context, request, terms.approvers);
  if (voter.as !== undefined) return { terms, voter };
  throw new ApiProblem("not-an-approver", notListed(voter, accountId));
};

const requireOffered = ({ findingId, status, resourceId }: WasteFinding): void => {
  if (status === "OFFERED") return;
  throw new ApiProblem(
    "conflict",
    `${findingId} (${resourceId}) is ${status}: only what is OFFERED can be deleted.`,
  );
};

/**
 * The first who agrees asks for it: nothing is written for what nobody wants to delete. A second finds the question among the
 * approvals. Throws the problems 403, 404 and 409.
 */
export const approveFinding = async (
  context: ApiContext,
  request: ApiRequest,
  asked: {
    readonly id: string;
    readonly at: string;
    readonly boundsHash: string;
    readonly comment?: string;
  },
): Promise<VotedJson> => {
  const { id, ...consent } = asked;
  const finding = await requireFinding(context, id);
  const { accountId } = finding;
  const approver = await requireApprover(context, request, accountId);
  requireOffered(finding);
  const settings = (await readWasteSettings(context.table, accountId)) ?? off;
  const question = questionOf(finding, settings);
  const hash = findingsHash(question);
  if (consent.boundsHash !== hash) {
    throw new ApiProblem(
      "bounds-changed",
      `The bounds of ${id} are ${hash}, and not ${consent.boundsHash}: read it again.`,
    );
  }
  const settled = await askForFindings({ table: context.table, now: context.now() }, question);
  if (settled.kind === "REJECTED") throw new ApiProblem("approval-settled", settled.sentence);
  return approveAs(context, { approval: settled.approval, ...approver }, consent);
};
