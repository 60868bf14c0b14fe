/** Asks AWS, four times a day, how much is written in the snapshots that carry our deployment's tag. Whose each was says the record of its evaluation. */
import type { EC2Client } from "@aws-sdk/client-ec2";
import { readTaggedSnapshots } from "../../../adapters/aws/ec2/own-snapshots.ts";
import { readDeploymentId } from "../../../adapters/store/deployment.ts";
import { addKeptSnapshot, listKeptSnapshots } from "../../../adapters/store/ledger-snapshots.ts";
import { hourMs } from "../../../core/ledger/time.ts";
import type { Place } from "../../../core/model/place.ts";
import { deploymentTag } from "../../../core/model/tags.ts";
import type { OwnSnapshot } from "../../../core/model/waste/snapshot.ts";
import type { CommonContext } from "../../runtime/context.ts";

/** An image that is gone before that counts at its whole size. */
const everyMs = 6 * hourMs;

const bytesPerGib = 1024 ** 3;

/** By the clock: in the first reading of each quarter of a day. */
export const areSnapshotsDue = (lastReadAt: string | undefined, readAt: string): boolean =>
  lastReadAt === undefined ||
  Math.floor(Date.parse(lastReadAt) / everyMs) < Math.floor(Date.parse(readAt) / everyMs);

const isWhole = ({ state, tier }: OwnSnapshot): boolean =>
  state === "completed" && tier === "standard";

export const noteSnapshots = async (
  { table, now }: Pick<CommonContext, "table" | "now">,
  place: Place,
  ec2: EC2Client,
): Promise<void> => {
  const value = await readDeploymentId(table);
  // Nothing was ever made.
  if (value === undefined) return;
  const known = new Set((await listKeptSnapshots(table, place)).map((one) => one.snapshotId));
  for (const shown of await readTaggedSnapshots(ec2, { key: deploymentTag, value })) {
    const { snapshotId, imageId, fullSizeBytes } = shown;
    if (fullSizeBytes === undefined || known.has(snapshotId) || !isWhole(shown)) continue;
    const writtenGib = fullSizeBytes / bytesPerGib;
    const snapshot = { snapshotId, ...(imageId !== undefined && { imageId }), writtenGib };
    await addKeptSnapshot(table, place, { snapshot, now: now() });
  }
};
