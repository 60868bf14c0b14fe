/**
 * Who else may use an image or a snapshot: launch permissions and create-volume permissions, given by account, to everyone, or
 * (images) to an organisation. Source: EC2 API reference, ModifyImageAttribute and ModifySnapshotAttribute.
 */
import type {
  DescribeImageAttributeCommandInput,
  DescribeSnapshotAttributeCommandInput,
  DescribeSnapshotAttributeResult,
  ImageAttribute,
  LaunchPermission,
  ModifyImageAttributeCommandInput,
  ModifySnapshotAttributeCommandInput,
} from "@aws-sdk/client-ec2";
import type { Call } from "../contract.ts";
import { findOne, type Ec2Context } from "./context.ts";
import { kinds, refuse, required } from "./refusals.ts";
import { regionOf } from "./regions.ts";
import type { Shared } from "./state.ts";

const spelled = (permission: LaunchPermission): string => JSON.stringify(permission);

const share = (
  shared: Shared,
  change: {
    readonly Add?: readonly LaunchPermission[] | undefined;
    readonly Remove?: readonly LaunchPermission[] | undefined;
  },
): void => {
  const removed = new Set((change.Remove ?? []).map(spelled));
  const added = new Set((change.Add ?? []).map(spelled));
  shared.sharedWith = [
    ...(shared.sharedWith ?? []).filter(
      (each) => !removed.has(spelled(each)) && !added.has(spelled(each)),
    ),
    ...(change.Add ?? []),
  ];
};

const onlyAttribute = (asked: string | undefined, known: string): void => {
  if (required(asked, "Attribute") === known) return;
  throw refuse("InvalidParameterValue", `Value (${String(asked)}) for attribute is invalid.`);
};

export const sharingOperations = (context: Ec2Context) => ({
  DescribeImageAttribute: (
    call: Call,
    input: DescribeImageAttributeCommandInput,
  ): ImageAttribute => {
    const id = required(input.ImageId, "ImageId");
    const image = findOne(context, regionOf(context, call).images, { kind: kinds.image, id });
    onlyAttribute(input.Attribute, "launchPermission");
    return { ImageId: id, LaunchPermissions: [...(image.sharedWith ?? [])] };
  },

  ModifyImageAttribute: (
    call: Call,
    input: ModifyImageAttributeCommandInput,
  ): Record<string, never> => {
    const id = required(input.ImageId, "ImageId");
    const image = findOne(context, regionOf(context, call).images, { kind: kinds.image, id });
    share(image, input.LaunchPermission ?? {});
    return {};
  },

  DescribeSnapshotAttribute: (
    call: Call,
    input: DescribeSnapshotAttributeCommandInput,
  ): DescribeSnapshotAttributeResult => {
    const id = required(input.SnapshotId, "SnapshotId");
    const { snapshots } = regionOf(context, call);
    const snapshot = findOne(context, snapshots, { kind: kinds.snapshot, id });
    onlyAttribute(input.Attribute, "createVolumePermission");
    return { SnapshotId: id, CreateVolumePermissions: [...(snapshot.sharedWith ?? [])] };
  },

  ModifySnapshotAttribute: (
    call: Call,
    input: ModifySnapshotAttributeCommandInput,
  ): Record<string, never> => {
    const id = required(input.SnapshotId, "SnapshotId");
    const { snapshots } = regionOf(context, call);
    share(
      findOne(context, snapshots, { kind: kinds.snapshot, id }),
      input.CreateVolumePermission ?? {},
    );
    return {};
  },
});
