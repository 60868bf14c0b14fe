/** One finding that is being deleted: its record, and the one way to make a call that changes something in the customer's account. */
import type { Acted } from "../../../adapters/aws/acted.ts";
import { unknownRequestId } from "../../../adapters/aws/translate-error.ts";
import { appendAudit } from "../../../adapters/store/audit.ts";
import { engagedFor } from "../../../adapters/store/kill-switch.ts";
import { updateWaste } from "../../../adapters/store/waste-findings.ts";
import { SpotOptimizerError } from "../../../core/errors.ts";
import type { DeploymentId } from "../../../core/model/ids.ts";
import type {
  WasteAction,
  WasteDeletion,
  WasteFinding,
} from "../../../core/model/waste/finding.ts";
import type { WasteSettings } from "../../../core/model/waste/settings.ts";
import { acted, hasActed, isPlanned, planned } from "../../../core/waste/deletion.ts";
import type { CommonContext } from "../../runtime/context.ts";
import type { WasteClients } from "../lists.ts";

export type Deleting = WasteFinding & { readonly deletion: WasteDeletion };

export interface DeletionSession {
  readonly context: CommonContext;
  readonly clients: WasteClients;
  readonly settings: WasteSettings;
  readonly claimedIds: ReadonlySet<string>;
  readonly deploymentId: DeploymentId;
}

/** Somebody has taken it over, or the table was restored: this run has no right to it. */
const lost = ({ findingId }: WasteFinding): SpotOptimizerError =>
  new SpotOptimizerError("StaleApproval", `Finding ${findingId} is no longer being deleted.`, {
    resource: findingId,
  });

const isSame = (stored: WasteFinding, finding: Deleting): stored is Deleting =>
  stored.deletion?.approvalId === finding.deletion.approvalId && stored.closed === undefined;

/** @throws StaleApproval where what stands there is not being deleted under the same approval */
export const record = async (
  { context }: Pick<DeletionSession, "context">,
  finding: Deleting,
  change: (stored: Deleting) => WasteFinding,
): Promise<WasteFinding> =>
  updateWaste(context.table, finding, (stored) => {
    if (!isSame(stored, finding)) throw lost(finding);
    return change(stored);
  });

export const withDeletion = async (
  session: DeletionSession,
  finding: Deleting,
  change: (deletion: WasteDeletion) => WasteDeletion,
): Promise<Deleting> => {
  const written = await record(session, finding, (stored) => ({
    ...stored,
    deletion: change(stored.deletion),
  }));
  if (!isSame(written, finding)) throw lost(finding);
  return written;
};

/** @throws StaleKillSwitch */
const requireNoKillSwitch = async ({ context }: DeletionSession, { accountId }: Deleting) => {
  const engaged = await engagedFor(context.table, accountId);
  if (engaged === undefined) return;
  throw new SpotOptimizerError(
    "StaleKillSwitch",
    `The kill switch ${engaged.scope} is thrown (${engaged.reason}): nothing is deleted until it is lifted.`,
    { resource: engaged.scope },
  );
};

export interface Effect {
  readonly action: WasteAction;
  /** `isRepeated`: an earlier run may have made the call, and did not live to note its answer. */
  readonly call: (
    isRepeated: boolean,
  ) => Promise<Acted & Partial<Pick<WasteDeletion, "snapshotId">>>;
}

const noteActed = async (
  session: DeletionSession,
  finding: Deleting,
  answer: Pick<WasteDeletion, "snapshotId"> & {
    readonly action: WasteAction;
    readonly requestId: string;
  },
): Promise<Deleting> => {
  const { now, table } = session.context;
  const { action, requestId, snapshotId } = answer;
  const done = await withDeletion(session, finding, (deletion) => ({
    ...acted(deletion, action, { now: now(), requestId }),
    ...(snapshotId !== undefined && { snapshotId }),
  }));
  const { findingId, accountId, region, kind, resourceId, deletion } = done;
  await appendAudit(table, {
    at: now().toISOString(),
    actor: "waste-carry-out",
    action: `WASTE_${action}`,
    resource: `finding ${findingId}`,
    detail: { accountId, region, kind, resourceId, requestId, approvalId: deletion.approvalId },
  });
  return done;
};

/** It was done by a call whose answer nobody has noted. */
export const noteDone = (
  session: DeletionSession,
  finding: Deleting,
  action: WasteAction,
): Promise<Deleting> => noteActed(session, finding, { action, requestId: unknownRequestId });

/**
 * Written before the call and after it, each under the version that was read; one that has acted is not made again. The kill switch is
 * read right before. @throws StaleKillSwitch, StaleApproval, and what the call throws
 */
export const perform = async (
  session: DeletionSession,
  finding: Deleting,
  { action, call }: Effect,
): Promise<Deleting> => {
  if (hasActed(finding.deletion, action)) return finding;
  const { now } = session.context;
  const isRepeated = isPlanned(finding.deletion, action);
  await requireNoKillSwitch(session, finding);
  const begun = await withDeletion(session, finding, (deletion) =>
    planned(deletion, action, now()),
  );
  const { requestId, snapshotId } = await call(isRepeated);
  return noteActed(session, begun, {
    action,
    requestId,
    ...(snapshotId !== undefined && { snapshotId }),
  });
};
