/**
 * What a changing call is authorised on: each resource that it names or makes, and what it implies (tags at creation, the role of an
 * instance profile). Where the reference leaves open whether EC2 asks for a resource that it lists as optional, it is asked for here.
 * Source: Service Authorization Reference, Actions defined by Amazon EC2 (local/cloud/iam/service-authorization.json); EC2 user guide,
 * "Grant permission to tag Amazon EC2 resources during creation"; "Spot Instance requests" for `spot-instances-request`, which
 * RunInstances is authorised on and the reference does not list.
 */
import type {
  AssignPrivateIpAddressesCommandInput,
  AssociateAddressCommandInput,
  AttachNetworkInterfaceCommandInput,
  AttachVolumeCommandInput,
  CancelCapacityReservationCommandInput,
  CreateFleetCommandInput,
  CreateTagsCommandInput,
  DeleteLaunchTemplateCommandInput,
  DeleteSecurityGroupCommandInput,
  DeleteSnapshotCommandInput,
  DeleteTagsCommandInput,
  DeleteVolumeCommandInput,
  DeregisterImageCommandInput,
  DescribeLaunchTemplateVersionsCommandInput,
  DetachNetworkInterfaceCommandInput,
  DetachVolumeCommandInput,
  DisableFastSnapshotRestoresCommandInput,
  DisableImageCommandInput,
  EnableImageCommandInput,
  ModifyInstanceAttributeCommandInput,
  ModifyInstanceCapacityReservationAttributesCommandInput,
  ModifyNetworkInterfaceAttributeCommandInput,
  ReleaseAddressCommandInput,
  RevokeSecurityGroupEgressCommandInput,
  RunInstancesCommandInput,
} from "@aws-sdk/client-ec2";
import type { Authorization, Call } from "../contract.ts";
import { readsParameters } from "./image-parameters.ts";
import { versionsAsked } from "./launch-template-data.ts";
import { groupNamed } from "./references.ts";
import { type ResourceFacts, asked } from "../iam/asked.ts";
import type { Asked } from "../iam/policy.ts";
import {
  createGroup,
  createImage,
  createReplaceRootTask,
  createReservation,
  createSnapshot,
  createTemplate,
  createUsageReport,
  registerImage,
  type Rule,
} from "./authorized-creations.ts";
import {
  existing,
  made,
  named,
  optionallyNamed,
  requestTagsOf,
  tagsAtCreation,
  tagsOf,
} from "./authorized-resources.ts";
import { mergeDevices } from "./block-devices.ts";
import type { Ec2Context } from "./context.ts";
import { launchInputsOf } from "./fleet-pools.ts";
import { volumesOf } from "./instance-lifecycle.ts";
import { regionOf } from "./regions.ts";
import type { RegionState } from "./state.ts";

/** Every resource that the ids name. */
const onEach =
  <Input>(idsOf: (input: Input) => readonly (string | undefined)[]): Rule<Input> =>
  (region, input, action) => [
    asked(
      action,
      idsOf(input).flatMap((id) => existing(region, id)),
    ),
  ];

/** With its tags, where it is there; one that is not is refused by the operation itself. */
const securityGroupOf = (region: RegionState, id: string): readonly ResourceFacts[] =>
  region.securityGroups.has(id) ? existing(region, id) : [named(region, "security-group", id)];

const holderOf = (region: RegionState, interfaceId: string | undefined): string | undefined =>
  region.interfaces.get(interfaceId ?? "")?.attachment?.instanceId;

const interfaceAttached = (region: RegionState, attachmentId: string | undefined) =>
  [...region.interfaces.values()].find(
    ({ attachment }) => attachment?.attachmentId === attachmentId,
  );

/** What a launch names, and what the image brings along. */
const launchParts = (
  region: RegionState,
  input: RunInstancesCommandInput,
): readonly ResourceFacts[] => {
  const { NetworkInterfaces: interfaces = [], SecurityGroupIds: ownGroups = [] } = input;
  const image = region.images.get(input.ImageId ?? "");
  const devices = image === undefined ? [] : mergeDevices(image, input.BlockDeviceMappings);
  const groups = new Set([...ownGroups, ...interfaces.flatMap(({ Groups: ids = [] }) => ids)]);
  const ids = [
    input.ImageId,
    ...devices.map(({ snapshotId }) => snapshotId),
    input.SubnetId,
    ...interfaces.map(({ SubnetId: id }) => id),
  ];
  return [
    ...ids.flatMap((id) => existing(region, id)),
    ...[...groups].flatMap((id) => securityGroupOf(region, id)),
    ...optionallyNamed(region, "key-pair", input.KeyName),
    ...optionallyNamed(
      region,
      "placement-group",
      groupNamed(region, input.Placement)?.name ?? input.Placement?.GroupName,
    ),
    ...(input.LicenseSpecifications ?? []).map(({ LicenseConfigurationArn: arn = "" }) => ({
      arn,
      type: "license-configuration",
    })),
  ];
};

const runInstances: Rule<RunInstancesCommandInput> = (region, input, action) => {
  const { TagSpecifications: specifications, NetworkInterfaces: interfaces = [] } = input;
  const isSpot = input.InstanceMarketOptions?.MarketType === "spot";
  const makes = (type: string, keys?: ResourceFacts["keys"]): ResourceFacts =>
    made(region, type, { requestTags: requestTagsOf(specifications, type), keys });
  const given = interfaces.flatMap(({ NetworkInterfaceId: id }) => id ?? []);
  return [
    asked(action, [
      makes("instance", {
        "ec2:InstanceMarketType": isSpot ? "spot" : "on-demand",
        "ec2:InstanceType": input.InstanceType,
      }),
      makes("volume"),
      ...(isSpot ? [makes("spot-instances-request")] : []),
      ...(given.length === 0
        ? [makes("network-interface")]
        : given.flatMap((id) => existing(region, id))),
      ...launchParts(region, input),
    ]),
    ...tagsAtCreation(region, "RunInstances", specifications),
    ...passedRole(region, input.IamInstanceProfile),
  ];
};

/** Of a simulated profile the role has the same name. */
const passedRole = (
  { accountId }: RegionState,
  profile: RunInstancesCommandInput["IamInstanceProfile"],
): readonly Asked[] => {
  const name = profile?.Name ?? profile?.Arn?.split("/").at(-1);
  if (name === undefined) return [];
  const arn = `arn:aws:iam::${accountId}:role/${name}`;
  const keys = { "iam:PassedToService": "ec2.amazonaws.com" };
  return [asked("iam:PassRole", [{ arn, type: "role", keys }])];
};

const onTagged: Rule<CreateTagsCommandInput | DeleteTagsCommandInput> = (region, input, action) => {
  const ids = input.Resources ?? [];
  return [
    asked(
      action,
      ids.flatMap((id) => existing(region, id, tagsOf(input.Tags))),
    ),
  ];
};

const modifyInstance: Rule<ModifyInstanceAttributeCommandInput> = (region, input, action) => {
  const instance = region.instances.get(input.InstanceId ?? "");
  const devices = (input.BlockDeviceMappings ?? []).map(({ DeviceName: name }) => name);
  const volumes = instance === undefined ? [] : volumesOf(region, instance);
  const changed = volumes.filter(({ attachments }) =>
    attachments.some(({ deviceName }) => devices.includes(deviceName)),
  );
  return [
    asked(action, [
      ...existing(region, input.InstanceId),
      ...changed.flatMap(({ id }) => existing(region, id)),
      ...(input.Groups ?? []).flatMap((id) => securityGroupOf(region, id)),
    ]),
  ];
};

const modifyInterface: Rule<ModifyNetworkInterfaceAttributeCommandInput> = (
  region,
  input,
  action,
) => {
  const { NetworkInterfaceId: id, Attachment: attachment, Groups: groups = [] } = input;
  const holder = attachment === undefined ? undefined : holderOf(region, id);
  return [
    asked(action, [
      ...existing(region, id),
      ...existing(region, holder),
      ...groups.flatMap((group) => securityGroupOf(region, group)),
    ]),
  ];
};

const onInstances = onEach<{ readonly InstanceIds?: readonly string[] | undefined }>(
  ({ InstanceIds: ids = [] }) => ids,
);

const rules = {
  AssignPrivateIpAddresses: onEach<AssignPrivateIpAddressesCommandInput>((input) => [
    input.NetworkInterfaceId,
  ]),
  AssociateAddress: onEach<AssociateAddressCommandInput>((input) => [
    input.AllocationId,
    input.InstanceId,
    input.NetworkInterfaceId,
  ]),
  AttachNetworkInterface: onEach<AttachNetworkInterfaceCommandInput>((input) => [
    input.InstanceId,
    input.NetworkInterfaceId,
  ]),
  AttachVolume: onEach<AttachVolumeCommandInput>((input) => [input.InstanceId, input.VolumeId]),
  CancelCapacityReservation: onEach<CancelCapacityReservationCommandInput>((input) => [
    input.CapacityReservationId,
  ]),
  CreateCapacityReservation: createReservation,
  CreateImage: createImage,
  CreateImageUsageReport: createUsageReport,
  CreateReplaceRootVolumeTask: createReplaceRootTask,
  CreateSecurityGroup: createGroup,
  CreateSnapshot: createSnapshot,
  CreateTags: onTagged,
  CreateLaunchTemplate: createTemplate,
  DeleteLaunchTemplate: onEach<DeleteLaunchTemplateCommandInput>((input) => [
    input.LaunchTemplateId,
  ]),
  DeleteTags: onTagged,
  DeleteVolume: onEach<DeleteVolumeCommandInput>((input) => [input.VolumeId]),
  DeleteSecurityGroup: onEach<DeleteSecurityGroupCommandInput>((input) => [input.GroupId]),
  DeleteSnapshot: onEach<DeleteSnapshotCommandInput>((input) => [input.SnapshotId]),
  DeregisterImage: onEach<DeregisterImageCommandInput>((input) => [input.ImageId]),
  DisableFastSnapshotRestores: onEach<DisableFastSnapshotRestoresCommandInput>(
    ({ SourceSnapshotIds: ids = [] }) => ids,
  ),
  DisableImage: onEach<DisableImageCommandInput>((input) => [input.ImageId]),
  EnableImage: onEach<EnableImageCommandInput>((input) => [input.ImageId]),
  DetachNetworkInterface: ((region, { AttachmentId: id }, action) => {
    const found = interfaceAttached(region, id);
    return [
      asked(action, [
        ...existing(region, found?.id),
        ...existing(region, found?.attachment?.instanceId),
      ]),
    ];
  }) satisfies Rule<DetachNetworkInterfaceCommandInput>,
  DetachVolume: ((region, { VolumeId: id = "", InstanceId: from }, action) => {
    const holders = region.volumes.get(id)?.attachments.map(({ instanceId }) => instanceId) ?? [];
    return [
      asked(action, [
        ...existing(region, id),
        ...(from === undefined ? holders : [from]).flatMap((holder) => existing(region, holder)),
      ]),
    ];
  }) satisfies Rule<DetachVolumeCommandInput>,
  ModifyInstanceAttribute: modifyInstance,
  ModifyInstanceCapacityReservationAttributes:
    onEach<ModifyInstanceCapacityReservationAttributesCommandInput>((input) => [
      input.InstanceId,
      input.CapacityReservationSpecification?.CapacityReservationTarget?.CapacityReservationId,
    ]),
  ModifyNetworkInterfaceAttribute: modifyInterface,
  RegisterImage: registerImage,
  ReleaseAddress: onEach<ReleaseAddressCommandInput>((input) => [input.AllocationId]),
  RevokeSecurityGroupEgress: onEach<RevokeSecurityGroupEgressCommandInput>((input) => [
    input.GroupId,
  ]),
  RunInstances: runInstances,
  StartInstances: onInstances,
  StopInstances: onInstances,
  TerminateInstances: onInstances,
} as const satisfies Readonly<Record<string, Rule<never>>>;

/** An instant fleet launches with its caller's permission: each override as RunInstances would be. (EC2 user guide, "EC2 Fleet prerequisites".) */
const createFleet =
  (context: Ec2Context): Rule<CreateFleetCommandInput> =>
  (region, input, action) => {
    const { LaunchTemplateConfigs: configs = [], TagSpecifications: specifications } = input;
    const templates = configs.flatMap(({ LaunchTemplateSpecification: named }) =>
      existing(region, named?.LaunchTemplateId),
    );
    return [
      asked(action, [
        made(region, "fleet", { requestTags: requestTagsOf(specifications, "fleet") }),
        ...templates,
      ]),
      ...tagsAtCreation(region, "CreateFleet", specifications),
      ...launchInputsOf(context, region, input).flatMap((each) =>
        runInstances(region, each, "ec2:RunInstances"),
      ),
    ];
  };

/** The templates themselves are read on no resource; an image's parameter that is resolved is one. */
const describeVersions =
  (context: Ec2Context): Rule<DescribeLaunchTemplateVersionsCommandInput> =>
  (region, input, action) => [
    asked(action, [{ arn: "*", type: "" }]),
    ...(input.ResolveAlias === true
      ? readsParameters(
          context,
          region,
          versionsAsked(context, region, input).map(({ version }) => version.data.ImageId),
        )
      : []),
  ];

/** By operation. */
export const ec2Authorization = (
  context: Ec2Context,
): Readonly<Record<string, Authorization<never>>> => {
  const authorization =
    (rule: Rule<never>): Authorization<never> =>
    (call: Call, input: never) => {
      context.timeline.settle();
      return rule(regionOf(context, call), input, `ec2:${call.operation}`);
    };
  const byOperation = Object.entries({
    ...rules,
    CreateFleet: createFleet(context),
    DescribeLaunchTemplateVersions: describeVersions(context),
  });
  return Object.fromEntries(byOperation.map(([name, rule]) => [name, authorization(rule)]));
};
