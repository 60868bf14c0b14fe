/** A switch at which nobody looks: what is told and judged is what becomes of that which it has brought to Spot. */
import { getEvaluation, loadStory } from "../../adapters/store/evaluations.ts";
import { evaluationIdSchema } from "../../core/model/ids.ts";
import type { LabAccount } from "./account.ts";
import { runToEnd } from "./run.ts";
import { requireInstance, startEvaluation } from "./subject.ts";

interface Switching {
  readonly account: LabAccount;
  readonly originalId: string;
  readonly targetId: string;
}

export interface Brought {
  readonly replacementId: string;
  /** Volumes and interfaces that its owner had deleted together with the original. */
  readonly deletedWithOriginal: readonly string[];
}

/** The software writes to each volume after each call, as it does where somebody looks. Returns its end. */
const keepWriting = ({ platform }: LabAccount, volumeIds: readonly string[]): (() => void) =>
  platform.cloud.faults.after(() => {
    for (const id of volumeIds) platform.ec2.control.write(id);
  });

/** Evaluates, and runs to the end. @throws Error when the switch was not made */
export const switchFirst = async ({
  account,
  originalId,
  targetId,
}: Switching): Promise<Brought> => {
  const { table } = account;
  const { volumes, deletedWithIt } = requireInstance(account, originalId);
  const stopWriting = keepWriting(
    account,
    volumes.map(({ volumeId }) => volumeId),
  );
  const { evaluation_id: started } = await startEvaluation(account, targetId);
  const id = evaluationIdSchema.parse(started);
  await runToEnd(account, (await getEvaluation(table, id))?.executionArn ?? "");
  stopWriting();
  const story = await loadStory(table, id);
  const replacementId = story?.swaps[0]?.replacement?.instanceId;
  if (story?.evaluation.status !== "SWITCHED" || replacementId === undefined) {
    throw new Error(`The switch before the way back ended ${String(story?.evaluation.status)}.`);
  }
  return { replacementId, deletedWithOriginal: deletedWithIt };
};
