/**
 * Carry out: begins what persons have agreed to delete, and takes each finding that is being deleted one step further. Who dies in
 * between is followed by the next run, which finds in the record what was about to be done.
 */
import * as z from "zod";
import { getAccount } from "../../../adapters/store/accounts.ts";
import { readApprovalsVoid } from "../../../adapters/store/approval-settings.ts";
import { readDeploymentId } from "../../../adapters/store/deployment.ts";
import { getWaste, listDueWaste, updateWaste } from "../../../adapters/store/waste-findings.ts";
import { readWasteSettings } from "../../../adapters/store/waste-settings.ts";
import { outsideFindings } from "../../../core/approval/findings.ts";
import type { FindingsApproval } from "../../../core/model/approval.ts";
import type { DeploymentId } from "../../../core/model/ids.ts";
import type { WasteFinding } from "../../../core/model/waste/finding.ts";
import type { WasteSettings } from "../../../core/model/waste/settings.ts";
import { isDeletable, questionOf } from "../../../core/waste/deletion.ts";
import { isOfEarlierTable } from "../../../core/waste/reading.ts";
import { agreedFor, askForFindings } from "../../evaluation/findings-approval.ts";
import { readsAtPace } from "../../fleet/reads.ts";
import type { StepContext } from "../../runtime/context.ts";
import type { Step } from "../../runtime/step.ts";
import { oneByOne, type OneByOne } from "../../schedule/one-by-one.ts";
import { readClaimedIds } from "../claimed-ids.ts";
import type { WasteClientNames } from "../lists.ts";
import { scannedPlaces } from "../places.ts";
import { carryOn } from "./delete.ts";
import { record, type Deleting, type DeletionSession } from "./session.ts";

type Context = StepContext<WasteClientNames>;

const sessionName = "waste-carry-out";

/** Of the 300 s that the function has. */
const budgetMs = 240_000;

/** In a run; what is left is due at the next one. */
const mostFindings = 100;

/** What failed is tried again by the third run after. */
const retryMs = 15 * 60_000;

/** Longer than a run lives: whoever took a finding then, and has not put it back, has died. */
const takenMs = 10 * 60_000;

const isBeingDeleted = (finding: WasteFinding): finding is Deleting =>
  finding.deletion !== undefined && finding.closed === undefined;

/**
 * Only what was offered when it was agreed to, and is still. Outside its bounds by now persons are asked anew, once, and nothing is begun
 * until it is inside of what they have agreed to.
 */
const begin = async (
  context: Context,
  approval: FindingsApproval,
  settings: WasteSettings,
): Promise<boolean> => {
  const [findingId] = approval.findings;
  const found = findingId === undefined ? undefined : await getWaste(context.table, findingId);
  if (found?.status !== "OFFERED" || !isDeletable(found.kind)) return false;
  const question = questionOf(found, settings);
  if (outsideFindings(question.plan, approval) !== undefined) {
    await askForFindings({ table: context.table, now: context.now() }, question);
    return false;
  }
  const at = context.now().toISOString();
  const { approvalId } = approval;
  const begun = await updateWaste(context.table, found, (finding) =>
    finding.status === "OFFERED"
      ? {
          ...finding,
          status: "DELETING",
          deletion: { approvalId, begunAt: at, calls: [], before: finding.why, nextAt: at },
        }
      : finding,
  );
  return begun.deletion?.approvalId === approvalId;
};

const beginAgreed = async (context: Context, turns: OneByOne): Promise<number> => {
  let begun = 0;
  for (const { place, settings } of await scannedPlaces(context.table)) {
    const item = {
      name: `What is agreed to in ${place.region} of account ${place.accountId} was not begun`,
      keys: { ...place },
    };
    const agreed = await turns.attempt(item, () =>
      agreedFor({ table: context.table, now: context.now() }, { ...place, kind: "DELETE_WASTE" }),
    );
    for (const approval of agreed ?? []) {
      if ((await turns.attempt(item, () => begin(context, approval, settings))) === true)
        begun += 1;
    }
  }
  return begun;
};

interface Run {
  readonly turns: OneByOne;
  readonly claimedIds: ReadonlySet<string>;
  readonly deploymentId: DeploymentId;
  readonly voidUntil: string | undefined;
}

const sessionFor = async (
  context: Context,
  finding: Deleting,
  { claimedIds, deploymentId }: Run,
): Promise<DeletionSession | undefined> => {
  const { accountId, region } = finding;
  const account = await getAccount(context.table, accountId);
  const settings = await readWasteSettings(context.table, accountId);
  if (account?.status !== "ACTIVE" || settings?.enabled !== true) return undefined;
  const atPace = readsAtPace(context, { accountId, region });
  const clients = atPace(await context.customer(account, region, sessionName));
  return { context, clients, settings, claimedIds, deploymentId };
};

const putOff = async (context: Context, finding: Deleting, waitsFor: string): Promise<void> => {
  const nextAt = new Date(context.now().getTime() + retryMs).toISOString();
  await record({ context }, finding, (stored) => ({
    ...stored,
    deletion: { ...stored.deletion, nextAt, waitsFor },
  }));
};

interface Taken {
  /** False: another run has it, or had it since it was listed. */
  readonly isOurs: boolean;
  /** As it stands now: the index by which it was found may be behind. */
  readonly stored: WasteFinding;
}

/** By one of two runs at once: a snapshot has no client token, and would be made twice. */
const take = async (context: Context, listed: Deleting): Promise<Taken> => {
  const now = context.now();
  const nextAt = new Date(now.getTime() + takenMs).toISOString();
  let isOurs = false;
  const stored = await record({ context }, listed, (finding) => {
    isOurs = Date.parse(finding.deletion.nextAt ?? nextAt) <= now.getTime();
    return isOurs ? { ...finding, deletion: { ...finding.deletion, nextAt } } : finding;
  });
  return { isOurs, stored };
};

const oneStep = async (context: Context, listed: Deleting, run: Run): Promise<void> => {
  const { voidUntil } = run;
  // How far it went before the table was restored nobody knows: the scan judges it anew.
  if (isOfEarlierTable(listed, { tableName: context.table.name, voidUntil })) return;
  const { isOurs, stored: finding } = await take(context, listed);
  if (!isOurs || !isBeingDeleted(finding)) return;
  const session = await sessionFor(context, finding, run);
  if (session === undefined) {
    await putOff(context, finding, "The account is not connected, or its scanner is off.");
    return;
  }
  try {
    await carryOn(session, finding);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    await putOff(context, finding, why);
    throw error;
  }
};

const outputSchema = z.object({ kind: z.literal("CARRIED_OUT"), summary: z.string() });

export const carryOutStep: Step<unknown, z.infer<typeof outputSchema>, Context> = {
  name: "carry-out",
  clients: ["autoScaling", "backup", "cloudFormation", "cloudWatch", "ec2"],
  input: z.unknown(),
  output: outputSchema,
  run: async (context) => {
    const { table } = context;
    const turns = oneByOne(context, budgetMs);
    const deploymentId = await readDeploymentId(table);
    // Without one nobody has turned the scanner on.
    const begun = deploymentId === undefined ? 0 : await beginAgreed(context, turns);
    const due = await listDueWaste(table, { now: context.now(), limit: mostFindings });
    let moved = 0;
    if (deploymentId !== undefined && due.length > 0) {
      const claimedIds = await readClaimedIds(table, context.now());
      const voidUntil = await readApprovalsVoid(table);
      const run = { turns, claimedIds, deploymentId, voidUntil };
      for (const finding of due.filter(isBeingDeleted)) {
        if (!turns.hasTime()) break;
        const { findingId, accountId, region, resourceId } = finding;
        const item = {
          name: `${resourceId} was not taken further`,
          keys: { accountId, region, findingId },
        };
        const done = await turns.attempt(item, async () => {
          await oneStep(context, finding, run);
          return true;
        });
        if (done === true) moved += 1;
      }
    }
    turns.finish();
    return {
      kind: "CARRIED_OUT",
      summary: `${String(begun)} deletions begun, ${String(moved)} taken further.`,
    };
  },
};
