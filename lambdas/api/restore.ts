/** A state table that was restored: what is to hold from the first instant on, and when the kill switch may be lifted. */
import { forgetAbsence, listAbsencesIn } from "../../adapters/store/absences.ts";
import { listAllAccounts } from "../../adapters/store/accounts.ts";
import { voidApprovals } from "../../adapters/store/approval-settings.ts";
import { listEvaluations } from "../../adapters/store/evaluations.ts";
import { setKillSwitch } from "../../adapters/store/kill-switch.ts";
import { cutLease } from "../../adapters/store/leases.ts";
import { readRestore, updateRestore } from "../../adapters/store/restores.ts";
import { noteReading } from "../../adapters/store/unclaimed.ts";
import type { Evaluation } from "../../core/model/evaluation.ts";
import type { Restore } from "../../core/model/restore.ts";
import type { ApiContext } from "./context.ts";
import { ApiProblem } from "./problem.ts";
import type { ConnectedPlace } from "./restored-targets.ts";

const largestPage = 100;

/** What declaring one needs: the command that sets a restored table's settings does it before any function reads the table. */
type Declaring = Pick<ApiContext, "now" | "randomId" | "table">;

const listOpen = async (
  { table }: Pick<ApiContext, "table">,
  status: "PENDING" | "RUNNING",
): Promise<readonly Evaluation[]> => {
  const open: Evaluation[] = [];
  let cursor: string | undefined;
  do {
    const page = await listEvaluations(table, {
      status,
      limit: largestPage,
      ...(cursor === undefined ? {} : { cursor }),
    });
    open.push(...page.items);
    cursor = page.cursor;
  } while (cursor !== undefined);
  return open;
};

/** What is PENDING or RUNNING in the table. */
export const listAllOpen = async (
  context: Pick<ApiContext, "table">,
): Promise<readonly Evaluation[]> => [
  ...(await listOpen(context, "PENDING")),
  ...(await listOpen(context, "RUNNING")),
];

/** All regions of all accounts that can be read. */
export const listConnectedPlaces = async ({
  table,
}: Pick<ApiContext, "table">): Promise<readonly ConnectedPlace[]> =>
  (await listAllAccounts(table))
    .filter(({ status }) => status === "ACTIVE")
    .flatMap((account) => account.regions.map((region) => ({ account, region })));

/** Absences are counted anew, and what carries our tags is read again at once. */
const startClocksAnew = async (context: Declaring, { at }: Restore): Promise<void> => {
  const { table } = context;
  for (const { account, region } of await listConnectedPlaces(context)) {
    const place = { accountId: account.accountId, region };
    for (const { absence } of (await listAbsencesIn(table, place)).values()) {
      await forgetAbsence(table, place, absence.targetId);
    }
    await noteReading(table, { ...place, dueAt: at });
  }
};

export interface Declared {
  readonly by: string;
  readonly reason: string;
}

/**
 * The kill switch first: whoever dies after it has stopped everything, and begins again. One that nobody has reconciled goes on under
 * its epoch.
 */
export const declareRestore = async (
  context: Declaring,
  { by, reason }: Declared,
): Promise<Restore> => {
  const { table, now } = context;
  const why = `The state table was restored: ${reason}`;
  await setKillSwitch(table, { scope: "global", engaged: true, reason: why, by, now: now() });
  const at = now().toISOString();
  const epoch = Math.floor(now().getTime() / 1000);
  const restoreId = `rst-${context.randomId()}`;
  const restore = await updateRestore(table, (stored) =>
    stored !== undefined && stored.reconciled === undefined
      ? stored
      : { restoreId, epoch: Math.max(epoch, (stored?.epoch ?? 0) + 1), at, by, reason },
  );
  await voidApprovals(table, restore.at);
  for (const { leases } of await listAllOpen(context)) {
    for (const { resource } of leases) await cutLease(table, resource, restore.epoch);
  }
  await startClocksAnew(context, restore);
  return restore;
};

/** Throws the problem 409 as long as nobody has looked at what a restore means. */
export const requireReconciled = async ({ table }: ApiContext): Promise<void> => {
  const restore = await readRestore(table);
  if (restore === undefined || restore.reconciled !== undefined) return;
  throw new ApiProblem(
    "conflict",
    `The state table was restored at ${restore.at}. Look at GET /restore and answer PUT /restore/reconciled before the kill switch is lifted.`,
  );
};
