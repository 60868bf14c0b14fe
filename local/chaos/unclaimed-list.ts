/**
 * Holds the list of unclaimed things against the store and the account while days pass: what an intent that stands claims is never in it, and what nobody
 * claims gets into it. Asked without the product's own judgement of claims.
 */
import { readDeploymentId } from "../../adapters/store/deployment.ts";
import { listEvaluations } from "../../adapters/store/evaluations.ts";
import { listIntents } from "../../adapters/store/intents.ts";
import { listUnclaimed } from "../../adapters/store/unclaimed.ts";
import type { Evaluation } from "../../core/model/evaluation.ts";
import type { Intent } from "../../core/model/intent.ts";
import { deploymentTag, evaluationTag } from "../../core/model/tags.ts";
import type { Unclaimed } from "../../core/model/unclaimed.ts";
import type { Lab } from "../lab/contract.ts";
import { atHour } from "../lab/schedules.ts";
import { asOwner } from "../lab/scenarios.ts";

const standing: readonly Intent["status"][] = ["PLANNED", "ACTED", "COMMITTED"];

const names = ({ change }: Intent, id: string): boolean =>
  Object.values(change).some(
    (value) => value === id || (Array.isArray(value) && value.includes(id)),
  );

const listed = async ({ table }: Lab): Promise<readonly Unclaimed[]> =>
  (await listUnclaimed(table, { limit: 1000 })).items;

const evaluationsOf = async ({ table }: Lab): Promise<readonly Evaluation[]> =>
  (await listEvaluations(table, { limit: 1000 })).items;

/** Rows that somebody claims, each as a complaint. */
const claimedIn = async (lab: Lab): Promise<readonly string[]> => {
  const rows = await listed(lab);
  if (rows.length === 0) return [];
  const complaints: string[] = [];
  for (const { evaluationId, endedAt } of await evaluationsOf(lab)) {
    const intents = await listIntents(lab.table, evaluationId);
    const claims = intents.filter(({ status }) => standing.includes(status));
    for (const { kind, id, evaluationTag: tag } of rows) {
      if (endedAt === undefined && tag === evaluationId) {
        complaints.push(`unclaimed: ${kind} ${id} of ${evaluationId}, which goes on`);
      }
      const claim = claims.find((intent) => names(intent, id));
      if (claim !== undefined) {
        complaints.push(`unclaimed: ${kind} ${id}, which ${claim.id} of ${evaluationId} names`);
      }
    }
  }
  return complaints;
};

/** Of an evaluation that never was. */
const nobody = "evl-zzzzzzzzzzzzzzzzzzzz";

export interface UnclaimedWatch {
  readonly broken: readonly string[];
  /** Things that somebody made with copies of our tags. */
  readonly copies: readonly string[];
  /** Right after the list was read anew. */
  readonly look: (answer: unknown) => Promise<void>;
  /** Sentences on what is there, nobody claims, and the list does not have. */
  readonly missing: () => Promise<readonly string[]>;
}

const wasRead = (answer: unknown): boolean => JSON.stringify(answer).includes('"1 places read');

/** At that hour a backup plan of the account's owner makes a snapshot, and copies our tags. */
export const watchUnclaimed = (lab: Lab, backupHour: number): UnclaimedWatch => {
  const broken = new Set<string>();
  const copies: string[] = [];
  atHour(lab.account, backupHour, async () => {
    const deployment = await readDeploymentId(lab.table);
    const VolumeId = lab.watch.rootVolumeId;
    // The original may have had its cool-off by then, and its root is gone with it.
    const isThere = lab.control.resources(lab.account.accountId).some(({ id }) => id === VolumeId);
    if (deployment === undefined || !isThere) return;
    const Tags = [
      { Key: deploymentTag, Value: deployment },
      { Key: evaluationTag, Value: nobody },
    ];
    const { SnapshotId } = (await asOwner(lab)("CreateSnapshot", {
      VolumeId,
      TagSpecifications: [{ ResourceType: "snapshot", Tags }],
    })) as { readonly SnapshotId: string };
    copies.push(SnapshotId);
  });
  return {
    get broken() {
      return [...broken];
    },
    copies,
    look: async (answer) => {
      if (!wasRead(answer)) return;
      for (const complaint of await claimedIn(lab)) broken.add(complaint);
    },
    missing: async () => {
      const rows = new Set((await listed(lab)).map(({ id }) => id));
      return copies.filter((id) => !rows.has(id)).map((id) => `not listed: snapshot ${id}`);
    },
  };
};
