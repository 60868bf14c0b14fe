/** Fast snapshot restores: where they are enabled, and their end. */
import {
  DescribeFastSnapshotRestoresCommand,
  DisableFastSnapshotRestoresCommand,
  type DescribeFastSnapshotRestoreSuccessItem,
  type DisableFastSnapshotRestoresCommandOutput,
  type EC2Client,
} from "@aws-sdk/client-ec2";
import { SpotOptimizerError } from "../../../core/errors.ts";
import { refusalSentence } from "../../../core/model/aws-refusal.ts";
import type { FastRestore } from "../../../core/model/waste/snapshot.ts";
import { acted, type Acted } from "../acted.ts";
import { readAllPages } from "../paging.ts";
import { required } from "../required.ts";
import { callAws } from "../translate-error.ts";
import { withoutUndefined } from "../without-undefined.ts";

/** EC2 API reference, DescribeFastSnapshotRestores. */
const restoresPage = 200;

const toRestore = (found: DescribeFastSnapshotRestoreSuccessItem): FastRestore => {
  const snapshotId = required(found.SnapshotId, "the snapshot of a fast restore");
  return withoutUndefined({
    snapshotId,
    zoneName: required(found.AvailabilityZone, `the zone of ${snapshotId}'s fast restore`),
    state: required(found.State, `the state of ${snapshotId}'s fast restore`),
    ownerId: found.OwnerId,
    enabledAt: found.EnabledTime?.toISOString(),
  });
};

/** All of the region, of other accounts' snapshots too, and those that are being or have been disabled. */
export const readFastRestores = async (ec2: EC2Client): Promise<readonly FastRestore[]> => {
  const found = await readAllPages({
    fetch: (token) =>
      callAws({ action: "DescribeFastSnapshotRestores" }, () =>
        ec2.send(
          new DescribeFastSnapshotRestoresCommand({ MaxResults: restoresPage, NextToken: token }),
        ),
      ),
    items: (page) => page.FastSnapshotRestores,
    next: (page) => page.NextToken,
  });
  return found.map(toRestore);
};

/** EC2 answers 200, and says of each snapshot and zone whether it was done. */
const refusalIn = ({ Unsuccessful: failed = [] }: DisableFastSnapshotRestoresCommandOutput) =>
  failed.flatMap(({ FastSnapshotRestoreStateErrors: errors = [] }) =>
    errors.flatMap(({ Error: error }) => error ?? []),
  )[0];

/**
 * Begins to disable it: the hour that has begun is charged. † That EC2 takes a repetition is not documented: what is no longer enabled is
 * not asked for again by the caller.
 * @throws BrokenRequest where EC2 answers that it did not disable it
 */
export const disableFastRestore = async (
  ec2: EC2Client,
  { snapshotId, zoneName }: Pick<FastRestore, "snapshotId" | "zoneName">,
): Promise<Acted> => {
  const action = "DisableFastSnapshotRestores";
  const answer = await callAws({ action, resource: snapshotId }, () =>
    ec2.send(
      new DisableFastSnapshotRestoresCommand({
        SourceSnapshotIds: [snapshotId],
        AvailabilityZones: [zoneName],
      }),
    ),
  );
  const refused = refusalIn(answer);
  if (refused === undefined) return acted(answer);
  const { Code: code = "unknown", Message: message = "" } = refused;
  throw new SpotOptimizerError(
    "BrokenRequest",
    refusalSentence({ action, code, message, resource: snapshotId }),
    { code, action, resource: snapshotId },
  );
};
