/** The call of each action, and what EC2 shows of a resource after its end. */
import type { Acted } from "../../../adapters/aws/acted.ts";
import { disableFastRestore, readFastRestores } from "../../../adapters/aws/ec2/fast-restores.ts";
import {
  deregisterKeepingSnapshots,
  disableImage,
} from "../../../adapters/aws/ec2/image-retirement.ts";
import { readAddresses, releaseAddress } from "../../../adapters/aws/ec2/own-addresses.ts";
import { readOwnImages } from "../../../adapters/aws/ec2/own-images.ts";
import { deleteOwnSnapshot, readOwnSnapshots } from "../../../adapters/aws/ec2/own-snapshots.ts";
import { deleteVolume, readOwnVolumes } from "../../../adapters/aws/ec2/own-volumes.ts";
import { findInBin } from "../../../adapters/aws/ec2/recycle-bin.ts";
import { createSnapshot, findSnapshotOf } from "../../../adapters/aws/ec2/snapshots.ts";
import { createTags, deleteTags } from "../../../adapters/aws/ec2/tags.ts";
import { SpotOptimizerError } from "../../../core/errors.ts";
import {
  approvalTag,
  binTag,
  deletedByTag,
  deploymentTag,
  managedByTag,
} from "../../../core/model/tags.ts";
import type { BinKind } from "../../../core/model/waste/bin.ts";
import type { WasteAction, WasteKind } from "../../../core/model/waste/finding.ts";
import type { Aftermath } from "../../../core/waste/deletion.ts";
import { fastRestoreId } from "../../../core/waste/fast-restores.ts";
import type { Deleting, DeletionSession, Effect } from "./session.ts";

const restoreOf = ({
  resourceId,
}: Deleting): { readonly snapshotId: string; readonly zoneName: string } => {
  const [snapshotId = "", zoneName = ""] = resourceId.split("/");
  return { snapshotId, zoneName };
};

/** CreateSnapshot has no client token: a repetition finds by its tag what the first call has made. */
const snapshotVolume = async (
  { clients: { ec2 }, deploymentId }: DeletionSession,
  { resourceId, findingId, deletion: { approvalId } }: Deleting,
  isRepeated: boolean,
): Promise<Acted & { readonly snapshotId: string }> => {
  const found = isRepeated
    ? await findSnapshotOf(ec2, resourceId, { key: approvalTag, value: approvalId })
    : undefined;
  if (found !== undefined) {
    const doneBefore = `Snapshot ${found.snapshotId} was found.`;
    return { requestId: "found", doneBefore, snapshotId: found.snapshotId };
  }
  return createSnapshot(ec2, {
    volumeId: resourceId,
    description: `Before ${resourceId} is deleted (${findingId}, ${approvalId})`,
    tags: {
      [managedByTag.key]: managedByTag.value,
      [deploymentTag]: deploymentId,
      [approvalTag]: approvalId,
    },
  });
};

const keptSnapshot = ({ findingId, deletion: { snapshotId } }: Deleting): string => {
  if (snapshotId !== undefined) return snapshotId;
  throw new SpotOptimizerError("BrokenFacts", `Finding ${findingId} names no snapshot.`, {
    resource: findingId,
  });
};

type Call = (
  session: DeletionSession,
  finding: Deleting,
  isRepeated: boolean,
) => ReturnType<Effect["call"]>;

/** By one the role may delete it, and by the other the Recycle Bin keeps it. */
const marksOf = ({ deploymentId }: DeletionSession): Readonly<Record<string, string>> => ({
  [deletedByTag]: deploymentId,
  [binTag.key]: binTag.value,
});

const tag = (session: DeletionSession, resource: string): Promise<Acted> =>
  createTags(session.clients.ec2, {
    resources: [resource],
    tags: marksOf(session),
  });

const calls: Readonly<Record<WasteAction, Call>> = {
  CREATE_SNAPSHOT: snapshotVolume,
  DISABLE_FAST_RESTORE: ({ clients: { ec2 } }, finding) =>
    disableFastRestore(ec2, restoreOf(finding)),
  DISABLE_IMAGE: ({ clients: { ec2 } }, { resourceId }) => disableImage(ec2, resourceId),
  TAG: (session, { resourceId }) => tag(session, resourceId),
  DELETE_VOLUME: ({ clients: { ec2 } }, { resourceId }) => deleteVolume(ec2, resourceId),
  DELETE_SNAPSHOT: ({ clients: { ec2 } }, { resourceId }) => deleteOwnSnapshot(ec2, resourceId),
  DEREGISTER_IMAGE: ({ clients: { ec2 } }, { resourceId }) =>
    deregisterKeepingSnapshots(ec2, resourceId),
  RELEASE_ADDRESS: ({ clients: { ec2 } }, { resourceId }) => releaseAddress(ec2, resourceId),
  UNTAG: (session, { resourceId }) =>
    deleteTags(session.clients.ec2, { resources: [resourceId], tags: marksOf(session) }),
  TAG_KEPT_SNAPSHOT: (session, finding) => tag(session, keptSnapshot(finding)),
  DELETE_KEPT_SNAPSHOT: ({ clients: { ec2 } }, finding) =>
    deleteOwnSnapshot(ec2, keptSnapshot(finding)),
};

export const effectOf = (
  session: DeletionSession,
  finding: Deleting,
  action: WasteAction,
): Effect => ({
  action,
  call: (isRepeated) => calls[action](session, finding, isRepeated),
});

const over: readonly string[] = ["deleting", "deleted", "deregistered", "disabling", "disabled"];

const isThere = (state: string): boolean => !over.includes(state);

type Shown = (session: DeletionSession, id: string) => Promise<boolean>;

const shown: Readonly<Partial<Record<WasteKind, Shown>>> = {
  UNATTACHED_VOLUME: async ({ clients: { ec2 } }, id) =>
    (await readOwnVolumes(ec2, [id])).some(({ state }) => isThere(state)),
  OLD_SNAPSHOT: async ({ clients: { ec2 } }, id) => (await readOwnSnapshots(ec2, [id])).length > 0,
  UNUSED_IMAGE: async ({ clients: { ec2 } }, id) =>
    (await readOwnImages(ec2, [id])).some(({ state }) => state !== "deregistered"),
  UNASSOCIATED_ADDRESS: async ({ clients: { ec2 } }, id) =>
    (await readAddresses(ec2)).addresses.some(({ allocationId }) => allocationId === id),
  FAST_SNAPSHOT_RESTORE: async ({ clients: { ec2 } }, id) =>
    (await readFastRestores(ec2)).some((one) => fastRestoreId(one) === id && isThere(one.state)),
};

const binKindOf: Readonly<Partial<Record<WasteKind, BinKind>>> = {
  UNATTACHED_VOLUME: "volume",
  OLD_SNAPSHOT: "snapshot",
  UNUSED_IMAGE: "image",
};

/** Whether a listing still has it, and how long the Recycle Bin does. */
export const readAftermath = async (
  session: DeletionSession,
  { kind, resourceId }: Deleting,
): Promise<Aftermath> => {
  const binKind = binKindOf[kind];
  const entry =
    binKind === undefined
      ? undefined
      : await findInBin(session.clients.ec2, { kind: binKind, id: resourceId });
  return {
    isShown: (await shown[kind]?.(session, resourceId)) ?? false,
    ...(entry !== undefined && { binExitsAt: entry.exitsAt }),
  };
};

/** Whether AWS shows it as done. A mark is made again, and a snapshot is found by its tag: of these it is not asked. */
export const isDone = async (
  session: DeletionSession,
  finding: Deleting,
  action: WasteAction,
): Promise<boolean> => {
  if (action === "TAG" || action === "CREATE_SNAPSHOT") return false;
  if (action !== "DISABLE_IMAGE") return !(await readAftermath(session, finding)).isShown;
  const [image] = await readOwnImages(session.clients.ec2, [finding.resourceId]);
  return image?.state === "disabled";
};
