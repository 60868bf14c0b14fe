/** What a call is authorised on that makes something which carries tags from its first moment. Source: as of authorization.ts. */
import type {
  CreateCapacityReservationCommandInput,
  CreateImageCommandInput,
  CreateImageUsageReportCommandInput,
  CreateLaunchTemplateCommandInput,
  CreateReplaceRootVolumeTaskCommandInput,
  CreateSecurityGroupCommandInput,
  CreateSnapshotCommandInput,
  RegisterImageCommandInput,
} from "@aws-sdk/client-ec2";
import { type ResourceFacts, asked } from "../iam/asked.ts";
import type { Asked } from "../iam/policy.ts";
import {
  existing,
  made,
  optionallyNamed,
  requestTagsOf,
  tagsAtCreation,
} from "./authorized-resources.ts";
import type { RegionState } from "./state.ts";

export type Rule<Input> = (region: RegionState, input: Input, action: string) => readonly Asked[];

export const createImage: Rule<CreateImageCommandInput> = (region, input, action) => {
  const specifications = input.TagSpecifications;
  const tagged = (type: string): ResourceFacts =>
    made(region, type, { requestTags: requestTagsOf(specifications, type) });
  return [
    asked(action, [...existing(region, input.InstanceId), tagged("image"), tagged("snapshot")]),
    ...tagsAtCreation(region, "CreateImage", specifications),
  ];
};

export const createUsageReport: Rule<CreateImageUsageReportCommandInput> = (
  region,
  input,
  action,
) => {
  const { TagSpecifications: specifications, ImageId: imageId } = input;
  const type = "image-usage-report";
  return [
    asked(action, [
      ...existing(region, imageId),
      made(region, type, { requestTags: requestTagsOf(specifications, type) }),
    ]),
    ...tagsAtCreation(region, "CreateImageUsageReport", specifications),
  ];
};

export const createSnapshot: Rule<CreateSnapshotCommandInput> = (region, input, action) => {
  const { TagSpecifications: specifications, VolumeId: volumeId } = input;
  return [
    asked(action, [
      ...existing(region, volumeId),
      made(region, "snapshot", { requestTags: requestTagsOf(specifications, "snapshot") }),
    ]),
    ...tagsAtCreation(region, "CreateSnapshot", specifications),
  ];
};

export const registerImage: Rule<RegisterImageCommandInput> = (region, input, action) => {
  const { TagSpecifications: specifications, BlockDeviceMappings: devices = [] } = input;
  return [
    asked(action, [
      made(region, "image", { requestTags: requestTagsOf(specifications, "image") }),
      ...devices.flatMap(({ Ebs }) => existing(region, Ebs?.SnapshotId)),
    ]),
    ...tagsAtCreation(region, "RegisterImage", specifications),
  ];
};

export const createReplaceRootTask: Rule<CreateReplaceRootVolumeTaskCommandInput> = (
  region,
  input,
  action,
) => {
  const { TagSpecifications: specifications, VolumeId: volumeId } = input;
  const type = "replace-root-volume-task";
  return [
    asked(action, [
      ...existing(region, input.InstanceId),
      made(region, type, { requestTags: requestTagsOf(specifications, type) }),
      ...(volumeId === undefined ? [made(region, "volume")] : existing(region, volumeId)),
      ...existing(region, input.ImageId),
      ...existing(region, input.SnapshotId),
    ]),
    ...tagsAtCreation(region, "CreateReplaceRootVolumeTask", specifications),
  ];
};

export const createReservation: Rule<CreateCapacityReservationCommandInput> = (
  region,
  input,
  action,
) => {
  const specifications = input.TagSpecifications;
  const type = "capacity-reservation";
  return [
    asked(action, [made(region, type, { requestTags: requestTagsOf(specifications, type) })]),
    ...tagsAtCreation(region, "CreateCapacityReservation", specifications),
  ];
};

export const createGroup: Rule<CreateSecurityGroupCommandInput> = (region, input, action) => {
  const { TagSpecifications: specifications, VpcId: vpcId } = input;
  const type = "security-group";
  return [
    asked(action, [
      made(region, type, { requestTags: requestTagsOf(specifications, type) }),
      ...optionallyNamed(region, "vpc", vpcId),
    ]),
    ...tagsAtCreation(region, "CreateSecurityGroup", specifications),
  ];
};

export const createTemplate: Rule<CreateLaunchTemplateCommandInput> = (region, input, action) => {
  const specifications = input.TagSpecifications;
  const type = "launch-template";
  return [
    asked(action, [made(region, type, { requestTags: requestTagsOf(specifications, type) })]),
    ...tagsAtCreation(region, "CreateLaunchTemplate", specifications),
  ];
};
