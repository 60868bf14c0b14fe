/** DescribeInstanceAttribute, ModifyInstanceAttribute and credit specifications. */
import type {
  DescribeInstanceAttributeCommandInput,
  DescribeInstanceCreditSpecificationsCommandInput,
  DescribeInstanceCreditSpecificationsResult,
  InstanceAttribute,
  ModifyInstanceAttributeCommandInput,
} from "@aws-sdk/client-ec2";
import type { Call } from "../contract.ts";
import { findOne, selectVisible, type Ec2Context } from "./context.ts";
import { applyFilters } from "./filters.ts";
import { volumesOf } from "./instance-lifecycle.ts";
import { viewInstance } from "./instance-view.ts";
import { groupView, requireGroups } from "./security-group-records.ts";
import { interfacesOf } from "./interface-records.ts";
import { paginate } from "./paging.ts";
import { kinds, refuse, required } from "./refusals.ts";
import { regionOf } from "./regions.ts";
import type { Instance, RegionState } from "./state.ts";

type AttributeReader = (
  context: Ec2Context,
  region: RegionState,
  instance: Instance,
) => Partial<InstanceAttribute>;

const readers: Readonly<Record<string, AttributeReader>> = {
  userData: (_context, _region, instance) => ({
    UserData: instance.userData === undefined ? {} : { Value: instance.userData },
  }),
  disableApiTermination: (_context, _region, instance) => ({
    DisableApiTermination: { Value: instance.disableApiTermination },
  }),
  disableApiStop: (_context, _region, instance) => ({
    DisableApiStop: { Value: instance.disableApiStop },
  }),
  instanceInitiatedShutdownBehavior: (_context, _region, instance) => ({
    InstanceInitiatedShutdownBehavior: { Value: instance.shutdownBehavior },
  }),
  instanceType: (_context, _region, instance) => ({
    InstanceType: { Value: instance.instanceType },
  }),
  ebsOptimized: (_context, _region, instance) => ({
    EbsOptimized: { Value: instance.ebsOptimized },
  }),
  enclaveOptions: (_context, _region, instance) => ({
    EnclaveOptions: { Enabled: instance.enclave?.Enabled ?? false },
  }),
  rootDeviceName: (_context, _region, instance) => ({
    RootDeviceName: { Value: instance.rootDeviceName },
  }),
  sourceDestCheck: (_context, region, instance) => ({
    SourceDestCheck: { Value: interfacesOf(region, instance)[0]?.sourceDestCheck ?? true },
  }),
  groupSet: (_context, region, instance) => ({
    Groups: groupView(region, interfacesOf(region, instance)[0]?.groups ?? instance.groups),
  }),
  blockDeviceMapping: (context, region, instance) => ({
    BlockDeviceMappings: viewInstance(context, region, instance).BlockDeviceMappings,
  }),
  productCodes: (context, region, instance) => ({
    ProductCodes: viewInstance(context, region, instance).ProductCodes,
  }),
  enaSupport: () => ({ EnaSupport: { Value: true } }),
  kernel: () => ({ KernelId: {} }),
  ramdisk: () => ({ RamdiskId: {} }),
  sriovNetSupport: () => ({ SriovNetSupport: {} }),
};

const requireStopped = (instance: Instance, attribute: string): void => {
  if (instance.state === "stopped") return;
  throw refuse(
    "IncorrectInstanceState",
    `The instance '${instance.id}' is not in the 'stopped' state: its ${attribute} cannot be changed.`,
  );
};

/** Termination protection means nothing on Spot: EC2 refuses it. † Words from memory. */
const protect = (instance: Instance, value: boolean): void => {
  if (instance.lifecycle === "spot" && value) {
    throw refuse(
      "UnsupportedOperation",
      `Termination protection cannot be enabled for the Spot Instance '${instance.id}'.`,
    );
  }
  instance.disableApiTermination = value;
};

const modifyDevices = (
  region: RegionState,
  instance: Instance,
  mappings: NonNullable<ModifyInstanceAttributeCommandInput["BlockDeviceMappings"]>,
): void => {
  for (const { DeviceName, Ebs } of mappings) {
    const attachment = volumesOf(region, instance)
      .flatMap((volume) => volume.attachments)
      .find((each) => each.deviceName === DeviceName && each.instanceId === instance.id);
    if (attachment === undefined) {
      throw refuse(
        "InvalidInstanceAttributeValue",
        `No device is currently mapped at ${DeviceName ?? ""}`,
      );
    }
    attachment.deleteOnTermination = Ebs?.DeleteOnTermination ?? attachment.deleteOnTermination;
  }
};

const modifyType = (context: Ec2Context, instance: Instance, value: string | undefined): void => {
  if (value === undefined) return;
  requireStopped(instance, "instance type");
  if (context.market.findType(value) === undefined) {
    throw refuse("InvalidInstanceAttributeValue", `Invalid value '${value}' for InstanceType.`);
  }
  instance.instanceType = value;
};

const modifyStopped = (
  context: Ec2Context,
  instance: Instance,
  input: ModifyInstanceAttributeCommandInput,
): void => {
  modifyType(context, instance, input.InstanceType?.Value);
  if (input.UserData !== undefined) {
    requireStopped(instance, "user data");
    instance.userData = Buffer.from(input.UserData.Value ?? new Uint8Array()).toString("base64");
  }
  if (input.EbsOptimized?.Value !== undefined) {
    requireStopped(instance, "EBS optimisation");
    instance.ebsOptimized = input.EbsOptimized.Value;
  }
};

const modifyNetwork = (
  region: RegionState,
  instance: Instance,
  input: ModifyInstanceAttributeCommandInput,
): void => {
  const [primary] = interfacesOf(region, instance);
  if (primary === undefined) return;
  primary.sourceDestCheck = input.SourceDestCheck?.Value ?? primary.sourceDestCheck;
  primary.groups = input.Groups ?? primary.groups;
};

const describeInstanceAttribute =
  (context: Ec2Context) =>
  (call: Call, input: DescribeInstanceAttributeCommandInput): InstanceAttribute => {
    const region = regionOf(context, call);
    const id = required(input.InstanceId, "InstanceId");
    const attribute = required(input.Attribute, "Attribute");
    const instance = findOne(context, region.instances, { kind: kinds.instance, id });
    const read = readers[attribute];
    if (read === undefined) {
      throw refuse(
        "InvalidParameterValue",
        `Value (${attribute}) for parameter attribute is invalid.`,
      );
    }
    return { InstanceId: id, ...read(context, region, instance) };
  };

const modifyInstanceAttribute =
  (context: Ec2Context) =>
  (call: Call, input: ModifyInstanceAttributeCommandInput): Record<string, never> => {
    const region = regionOf(context, call);
    const id = required(input.InstanceId, "InstanceId");
    const instance = findOne(context, region.instances, { kind: kinds.instance, id });
    requireGroups(context, region, input.Groups);
    modifyStopped(context, instance, input);
    modifyNetwork(region, instance, input);
    modifyDevices(region, instance, input.BlockDeviceMappings ?? []);
    if (input.DisableApiTermination?.Value !== undefined) {
      protect(instance, input.DisableApiTermination.Value);
    }
    instance.disableApiStop = input.DisableApiStop?.Value ?? instance.disableApiStop;
    const behavior = input.InstanceInitiatedShutdownBehavior?.Value;
    if (behavior === "stop" || behavior === "terminate") instance.shutdownBehavior = behavior;
    return {};
  };

const describeInstanceCreditSpecifications =
  (context: Ec2Context) =>
  (
    call: Call,
    input: DescribeInstanceCreditSpecificationsCommandInput,
  ): DescribeInstanceCreditSpecificationsResult => {
    const region = regionOf(context, call);
    const burstable = selectVisible(context, region.instances, {
      kind: kinds.instance,
      ids: input.InstanceIds,
    }).filter((instance) => context.market.findType(instance.instanceType)?.burstable === true);
    const { items, ...next } = paginate(
      applyFilters(burstable, input.Filters, { "instance-id": (instance) => instance.id }),
      input,
      {
        min: 5,
        max: 1000,
        pageSize: context.settings.pageSize,
        ids: input.InstanceIds,
        idsParameter: "instancesSet",
      },
    );
    return {
      InstanceCreditSpecifications: items.map((instance) => ({
        InstanceId: instance.id,
        // T2 is `standard` unless asked for otherwise, its successors are `unlimited`.
        CpuCredits:
          instance.credits?.CpuCredits ??
          (instance.instanceType.startsWith("t2.") ? "standard" : "unlimited"),
      })),
      ...next,
    };
  };

export const instanceAttributeOperations = (context: Ec2Context) => ({
  DescribeInstanceAttribute: describeInstanceAttribute(context),
  ModifyInstanceAttribute: modifyInstanceAttribute(context),
  DescribeInstanceCreditSpecifications: describeInstanceCreditSpecifications(context),
});
