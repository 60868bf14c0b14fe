/** Snapshots of images: whose they are, and their end. */
import {
  CreateSnapshotCommand,
  DeleteSnapshotCommand,
  DescribeSnapshotsCommand,
  type EC2Client,
  type Filter,
  type Snapshot,
} from "@aws-sdk/client-ec2";
import { SpotOptimizerError } from "../../../core/errors.ts";
import { acted, type Acted } from "../acted.ts";
import { readAllPages } from "../paging.ts";
import { required } from "../required.ts";
import { callAws, expectRefusal } from "../translate-error.ts";
import { withoutUndefined } from "../without-undefined.ts";
import { largestPage, tagList } from "./describe.ts";

export interface SnapshotFacts {
  readonly snapshotId: string;
  /** `pending`, `completed`, `error`, `recoverable`, `recovering`. */
  readonly state: string;
  /** The image that EC2 made it for, as its own description says. */
  readonly imageId?: string;
}

/** A snapshot that may still be made. */
export interface SnapshotProgress extends SnapshotFacts {
  /** Of its blocks so much has been stored, rounded down. Absent where EC2 gives no figure. */
  readonly percent?: number;
}

/**
 * EC2 describes a snapshot that CreateImage made as `Created by CreateImage(i-…) for ami-…`. Source: EC2 user guide, "Delete
 * snapshots of a deregistered AMI". What somebody else wrote there is not believed.
 */
const madeFor = /^Created by CreateImage\(i-[0-9a-f]+\) for (ami-[0-9a-f]+)/;

export const toSnapshotFacts = (snapshot: Snapshot): SnapshotFacts => {
  const snapshotId = required(snapshot.SnapshotId, "a snapshot's id");
  return withoutUndefined({
    snapshotId,
    state: required(snapshot.State, `the state of ${snapshotId}`),
    imageId: madeFor.exec(snapshot.Description ?? "")?.[1],
  });
};

/** As EC2 spells it: `80%`. Source: EC2 API reference, "Snapshot", Progress. */
const percentage = /^(\d{1,3})%$/;

const toSnapshotProgress = (snapshot: Snapshot): SnapshotProgress => {
  const percent = percentage.exec(snapshot.Progress ?? "")?.[1];
  return {
    ...toSnapshotFacts(snapshot),
    ...(percent === undefined ? {} : { percent: Number(percent) }),
  };
};

/** The account's own that match. */
export const describeSnapshots = (
  ec2: EC2Client,
  filter: Filter & { readonly Values: string[] },
): Promise<Snapshot[]> =>
  readAllPages({
    fetch: (token) =>
      callAws({ action: "DescribeSnapshots", resource: filter.Values.join(" ") }, () =>
        ec2.send(
          new DescribeSnapshotsCommand({
            OwnerIds: ["self"],
            Filters: [filter],
            MaxResults: largestPage,
            NextToken: token,
          }),
        ),
      ),
    items: (page) => page.Snapshots,
    next: (page) => page.NextToken,
  });

export interface SnapshotCount {
  /** The account's own, in all states. */
  readonly count: number;
  /** Where to go on counting. Absent: these are all. */
  readonly next?: string;
}

/** Another page of at most a thousand, added to what was counted before. */
export const countMoreSnapshots = async (
  ec2: EC2Client,
  { count, next }: SnapshotCount,
): Promise<SnapshotCount> => {
  const page = await callAws({ action: "DescribeSnapshots", resource: "the account's own" }, () =>
    ec2.send(
      new DescribeSnapshotsCommand({
        OwnerIds: ["self"],
        MaxResults: largestPage,
        NextToken: next,
      }),
    ),
  );
  const { Snapshots = [], NextToken: token } = page;
  const isLast = token === undefined || token === "";
  return { count: count + Snapshots.length, ...(isLast ? {} : { next: token }) };
};

/** Those of the snapshots that EC2 shows among the account's own. */
export const readSnapshots = async (
  ec2: EC2Client,
  snapshotIds: readonly string[],
): Promise<readonly SnapshotProgress[]> =>
  snapshotIds.length === 0
    ? []
    : (await describeSnapshots(ec2, { Name: "snapshot-id", Values: [...snapshotIds] })).map(
        toSnapshotProgress,
      );

/**
 * ARN of the key under which a snapshot is encrypted; undefined where EC2 does not show the snapshot to this account, or says no
 * key. One that another account shares is shown too.
 */
export const readSnapshotKey = async (
  ec2: EC2Client,
  snapshotId: string,
): Promise<string | undefined> => {
  const answer = await callAws({ action: "DescribeSnapshots", resource: snapshotId }, () =>
    ec2.send(
      new DescribeSnapshotsCommand({ Filters: [{ Name: "snapshot-id", Values: [snapshotId] }] }),
    ),
  );
  return answer.Snapshots?.find((found) => found.SnapshotId === snapshotId)?.KmsKeyId;
};

/** All of the account's own that carry the tag. */
export const findTaggedSnapshots = async (
  ec2: EC2Client,
  tag: { readonly key: string; readonly value: string },
): Promise<readonly SnapshotProgress[]> =>
  (await describeSnapshots(ec2, { Name: `tag:${tag.key}`, Values: [tag.value] })).map(
    toSnapshotProgress,
  );

/**
 * Begins a snapshot. CreateSnapshot has no client token: where an answer was lost, the evaluation's tag finds it (`findSnapshotOf`). Of a
 * volume that nothing writes to it holds every acknowledged write. Source: EBS user guide, "Create Amazon EBS snapshots".
 */
export const createSnapshot = async (
  ec2: EC2Client,
  input: {
    readonly volumeId: string;
    readonly description: string;
    readonly tags: Readonly<Record<string, string>>;
  },
): Promise<Acted & { readonly snapshotId: string }> => {
  const { volumeId } = input;
  const answer = await callAws({ action: "CreateSnapshot", resource: volumeId }, () =>
    ec2.send(
      new CreateSnapshotCommand({
        VolumeId: volumeId,
        Description: input.description,
        TagSpecifications: [{ ResourceType: "snapshot", Tags: tagList(input.tags) }],
      }),
    ),
  );
  const snapshotId = required(answer.SnapshotId, `the snapshot of ${volumeId}`);
  return { ...acted(answer), snapshotId };
};

/** One of the volume that carries the tag, and was not made for an image. Undefined while EC2 shows none. */
export const findSnapshotOf = async (
  ec2: EC2Client,
  volumeId: string,
  tag: { readonly key: string; readonly value: string },
): Promise<SnapshotFacts | undefined> => {
  const filter = { Name: `tag:${tag.key}`, Values: [tag.value] };
  const found = await describeSnapshots(ec2, filter);
  return found
    .filter((snapshot) => snapshot.VolumeId === volumeId)
    .map(toSnapshotFacts)
    .find(({ imageId }) => imageId === undefined);
};

/**
 * Deletes one that was seen. "Not found" means that EC2 does not know it *yet* by its id, or no longer, and that nothing was done.
 * @throws RetryableNotVisible then, and while it still counts as part of the image that was deregistered
 */
export const deleteSnapshot = async (ec2: EC2Client, snapshotId: string): Promise<Acted> => {
  try {
    return acted(
      await callAws(
        { action: "DeleteSnapshot", resource: snapshotId, notFoundMeans: "not-visible" },
        () => ec2.send(new DeleteSnapshotCommand({ SnapshotId: snapshotId })),
      ),
    );
  } catch (error) {
    const refused = expectRefusal(error, (code) => code === "InvalidSnapshot.InUse");
    throw new SpotOptimizerError(
      "RetryableNotVisible",
      `${snapshotId} still counts as part of the image that was deregistered a moment ago.`,
      { resource: snapshotId, code: refused.code, cause: error },
    );
  }
};
