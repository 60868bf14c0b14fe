/** Is the table of the request true? Requests of blueprints that have everything are searched for each member. */
import { describe, expect, it } from "@jest/globals";
import {
  RunInstancesRequest$,
  type ResponseLaunchTemplateData,
  type RunInstancesCommandInput,
} from "@aws-sdk/client-ec2";
import { blueprintOfInstance } from "../../../../../adapters/aws/ec2/blueprint-of-instance.ts";
import { blueprintOfTemplate } from "../../../../../adapters/aws/ec2/blueprint-of-template.ts";
import type { LaunchBlueprint } from "../../../../../adapters/aws/ec2/blueprint.ts";
import type { MemberTable } from "../../../../../adapters/aws/ec2/launch-members/member.ts";
import { runInstancesMembers } from "../../../../../adapters/aws/ec2/launch-members/run-instances.ts";
import { spotRequest } from "../../../../../adapters/aws/ec2/launch-request.ts";
import { shapeOf } from "../../../../../local/schemas/shape.ts";
import {
  dataVolume,
  originalImage,
  originalInstance,
  primaryInterface,
  rootVolume,
  secondaryInterface,
} from "../original.ts";
import { leavesOf, partsOf } from "./members.ts";

const order = {
  keep: "all-devices",
  imageId: "ami-1",
  subnetId: "subnet-2",
  clientToken: "so-1",
  tags: { ManagedBy: "SpotOptimizer" },
} as const;

const requestOf = (blueprint: LaunchBlueprint, instanceType: string): RunInstancesCommandInput =>
  spotRequest({ ...order, blueprint, instanceType }, originalImage());

const instance = blueprintOfInstance({
  instance: originalInstance({
    Placement: {
      AvailabilityZone: "eu-central-1a",
      GroupId: "pg-1",
      GroupName: "ring",
      PartitionNumber: 1,
    },
    Licenses: [{ LicenseConfigurationArn: "arn:lic-1" }],
    EnclaveOptions: { Enabled: true },
  }),
  volumes: [rootVolume(), dataVolume()],
  interfaces: [
    primaryInterface(),
    secondaryInterface({ Attachment: { DeviceIndex: 0, NetworkCardIndex: 1 } }),
  ],
  userData: "IyEvYmluL3No",
  cpuCredits: undefined,
});

const template: ResponseLaunchTemplateData = {
  IamInstanceProfile: { Name: "web" },
  CreditSpecification: { CpuCredits: "unlimited" },
  Placement: { GroupName: "ring" },
  BlockDeviceMappings: [
    { DeviceName: "/dev/sdf", Ebs: { SnapshotId: "snap-1" } },
    { DeviceName: "/dev/sdg", VirtualName: "ephemeral1" },
  ],
};

const requests = [
  requestOf(instance, "m5.large"),
  requestOf(
    blueprintOfTemplate(template, { templateId: "lt-1", version: 1, image: originalImage() })
      .blueprint,
    "t3.large",
  ),
];

/** Members that have a value, as deep as the table has parts. */
const pathsIn = (table: MemberTable, value: unknown, path = ""): readonly string[] =>
  Object.entries(value as object).flatMap(([name, member]: [string, unknown]) => {
    const parts = partsOf(table[name]);
    if (parts === undefined) return [`${path}${name}`];
    const items: readonly unknown[] = Array.isArray(member) ? member : [member];
    return items.flatMap((item) => pathsIn(parts, item, `${path}${name}.`));
  });

/** Irrelevant at the source, because the order or the kind of launch says it. */
const saidByOrder = [
  "ClientToken",
  "ImageId",
  "InstanceMarketOptions",
  "InstanceType",
  "MaxCount",
  "MinCount",
  "NetworkInterfaces.SubnetId",
];

describe("of the request of a clone", () => {
  const found = new Set(requests.flatMap((request) => pathsIn(runInstancesMembers, request)));
  const leaves = leavesOf(runInstancesMembers, shapeOf(RunInstancesRequest$));

  it.each(leaves.map(({ path, member }) => [path, member.treatment] as const))(
    "%s is %s",
    (path, treatment) => {
      expect(found.has(path)).toBe(treatment === "copied" || saidByOrder.includes(path));
    },
  );

  it("what the order says is not copied from the source", () => {
    const treatments = leaves
      .filter(({ path }) => saidByOrder.includes(path))
      .map(({ member }) => member.treatment);
    expect(treatments).toEqual(saidByOrder.map(() => "irrelevant"));
  });
});
