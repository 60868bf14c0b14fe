/**
 * The final image of a load with data whose Spot Instance has ended: of the root volume that it has left. Its snapshot is a small delta on
 * that of the first image, for both are of one volume. Nothing writes to it: nobody has it.
 */
import { registerImage } from "../../../adapters/aws/ec2/register-image.ts";
import {
  createSnapshot,
  findSnapshotOf,
  readSnapshots,
} from "../../../adapters/aws/ec2/snapshots.ts";
import { getIntent, updateIntent } from "../../../adapters/store/intents.ts";
import { finalImage, paces } from "../../../core/decide/linear/paces.ts";
import { rootVolumeOf } from "../../../core/decide/linear/root-move.ts";
import { SpotOptimizerError } from "../../../core/errors.ts";
import type { Intent } from "../../../core/model/intent.ts";
import { evaluationTag } from "../../../core/model/tags.ts";
import { ourTags } from "../../evaluation/our-tags.ts";
import { perform } from "../../evaluation/perform.ts";
import { waitFor } from "../../evaluation/waiting.ts";
import { readOriginal } from "../facts.ts";
import { assertOriginalRests } from "../guards.ts";
import type { LinearSession } from "../session.ts";

const snapshotIntentId = "snapshot-root";

/** Downtime. EC2 shows what is new within a minute, as a rule: one whose answer was lost is looked for so long before another is made. */
const visibleAfterMs = 60_000;

type Waiting = ReturnType<typeof waitFor>;

const rootIdOf = async (session: LinearSession): Promise<string> => {
  const original = await readOriginal(session);
  const root = rootVolumeOf(original);
  if (root !== undefined) return root.volumeId;
  throw new SpotOptimizerError("BrokenFacts", `${original.instanceId} has no root volume.`, {
    resource: original.instanceId,
  });
};

const noted = (intent: Intent | undefined): string | undefined =>
  intent?.change.kind === "CREATE_SNAPSHOT" && intent.status === "ACTED"
    ? intent.change.snapshotId
    : undefined;

/** Of an earlier call whose answer was lost: its id, or a wait while it may still appear. Undefined: it was not made, as far as EC2 shows. */
const adoptSnapshot = async (
  session: LinearSession,
  intent: Intent,
  volumeId: string,
): Promise<string | Waiting | undefined> => {
  const { context, evaluation } = session;
  const { evaluationId, policy } = evaluation;
  const { ec2 } = await session.customer();
  const tag = { key: evaluationTag, value: evaluationId };
  const found = await findSnapshotOf(ec2, volumeId, tag);
  if (found !== undefined) {
    const { snapshotId } = found;
    await updateIntent(context.table, evaluationId, snapshotIntentId, (stored) =>
      stored.change.kind === "CREATE_SNAPSHOT"
        ? {
            ...stored,
            status: "ACTED",
            actedAt: context.now().toISOString(),
            change: { ...stored.change, snapshotId },
          }
        : stored,
    );
    return snapshotId;
  }
  if (context.now().getTime() - Date.parse(intent.plannedAt) > visibleAfterMs) return undefined;
  return waitFor(session, {
    phase: "lost-snapshot",
    pace: paces.move,
    minutes: policy.moveDeadlineMinutes,
    sentence: `A snapshot of ${volumeId} may have been begun, and EC2 does not show it.`,
    resource: volumeId,
  });
};

const beginSnapshot = async (session: LinearSession, volumeId: string): Promise<string> => {
  const { evaluation } = session;
  await assertOriginalRests(session);
  const { ec2 } = await session.customer();
  const made = await perform(session, {
    intent: { id: snapshotIntentId, change: { kind: "CREATE_SNAPSHOT", volumeId } },
    action: "CreateSnapshot",
    resource: volumeId,
    call: () =>
      createSnapshot(ec2, {
        volumeId,
        description: `Root volume of ${evaluation.subject.instanceId}, which has ended`,
        tags: ourTags(evaluation),
      }),
    acted: ({ snapshotId }, change) =>
      change.kind === "CREATE_SNAPSHOT" ? { ...change, snapshotId } : change,
  });
  return made.snapshotId;
};

const currentSnapshot = async (session: LinearSession): Promise<string | Waiting> => {
  const { context, evaluation } = session;
  const volumeId = await rootIdOf(session);
  const intent = await getIntent(context.table, evaluation.evaluationId, snapshotIntentId);
  const known = noted(intent);
  if (known !== undefined) return known;
  const found =
    intent?.status === "PLANNED" ? await adoptSnapshot(session, intent, volumeId) : undefined;
  return found ?? beginSnapshot(session, volumeId);
};

/** Undefined once it is complete: an image can be registered from it. */
const waitForSnapshot = async (
  session: LinearSession,
  snapshotId: string,
): Promise<Waiting | undefined> => {
  const { ec2 } = await session.customer();
  const [found] = await readSnapshots(ec2, [snapshotId]);
  const state = found?.state ?? "not visible yet";
  if (state === "completed") return undefined;
  if (state === "error") {
    throw new SpotOptimizerError(
      "BrokenRequest",
      `EC2 could not make the snapshot ${snapshotId}.`,
      {
        resource: snapshotId,
        nextStep: 'See "ONLY_FORWARD" in the runbook.',
      },
    );
  }
  return waitFor(session, {
    phase: "snapshot-root",
    pace: finalImage(session.evaluation),
    minutes: session.evaluation.policy.imageDeadlineMinutes,
    percent: found?.percent,
    sentence: `The snapshot ${snapshotId} of the root volume is ${state}.`,
    resource: snapshotId,
  });
};

/** What is waited for, or the id of the image that was registered. */
export const imageOfVolume = async (
  session: LinearSession,
  imageName: string,
): Promise<Waiting | string> => {
  const { evaluation } = session;
  const snapshotId = await currentSnapshot(session);
  if (typeof snapshotId !== "string") return snapshotId;
  const waiting = await waitForSnapshot(session, snapshotId);
  if (waiting !== undefined) return waiting;
  const { warmImageId: likeImageId } = evaluation.progress;
  if (likeImageId === undefined) {
    throw new SpotOptimizerError("BrokenFacts", "There is no first image to be like.", {
      resource: evaluation.evaluationId,
    });
  }
  const { ec2 } = await session.customer();
  const made = await perform(session, {
    intent: { id: "image-final", change: { kind: "CREATE_IMAGE", purpose: "final", imageName } },
    action: "RegisterImage",
    resource: snapshotId,
    call: () =>
      registerImage(ec2, { name: imageName, snapshotId, likeImageId, tags: ourTags(evaluation) }),
    acted: ({ imageId }, change) =>
      change.kind === "CREATE_IMAGE" ? { ...change, imageId, snapshotIds: [snapshotId] } : change,
  });
  return made.imageId;
};
