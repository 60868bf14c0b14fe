import { beforeEach, describe, expect, it } from "@jest/globals";
import {
  CreateFleetCommand,
  CreateLaunchTemplateCommand,
  DeleteLaunchTemplateCommand,
  DescribeLaunchTemplatesCommand,
  EC2Client,
  type CreateFleetError,
  type CreateFleetInstance,
} from "@aws-sdk/client-ec2";
import { mockClient } from "aws-sdk-client-mock";
import { blueprintOfInstance } from "../../../../adapters/aws/ec2/blueprint-of-instance.ts";
import { secretText } from "../../../../adapters/aws/ec2/blueprint.ts";
import {
  fitsFleet,
  fitsTemplate,
  type FleetLaunch,
} from "../../../../adapters/aws/ec2/fleet-request.ts";
import {
  createKeptTemplate,
  deleteKeptTemplate,
  findKeptTemplate,
} from "../../../../adapters/aws/ec2/kept-template.ts";
import { launchByFleet } from "../../../../adapters/aws/ec2/launch-fleet.ts";
import { awsError, metadata, thrownBy } from "../aws-error.ts";
import {
  dataVolume,
  originalImage,
  originalInstance,
  primaryInterface,
  rootVolume,
  secondaryInterface,
} from "./original.ts";

const ec2 = new EC2Client({ region: "eu-central-1" });
const mock = mockClient(ec2);

const blueprint = {
  ...blueprintOfInstance({
    instance: originalInstance({}),
    volumes: [dataVolume(), rootVolume()],
    interfaces: [secondaryInterface(), primaryInterface()],
    userData: undefined,
    cpuCredits: undefined,
  }),
  userData: secretText("cGFzc3dvcmQ9dGlnZXI="),
};

const places = Array.from({ length: 8 }, (_, index) => ({
  instanceType: `m${String(index)}.large`,
  subnetId: `subnet-${String(index)}`,
}));

const fleet: FleetLaunch = {
  templateId: "lt-1",
  blueprint,
  imageId: "ami-1",
  clientToken: "so-1",
  tags: { "spot-optimizer:deployment": "dpl-1" },
  places,
};

const overridesOf = (index: number) => ({
  LaunchTemplateAndOverrides: {
    Overrides: {
      InstanceType: places[index]?.instanceType as "m5.large",
      SubnetId: places[index]?.subnetId,
    },
  },
});

const error = (index: number, code: string): CreateFleetError => ({
  ...overridesOf(index),
  ErrorCode: code,
  ErrorMessage: `${code} was answered.`,
});

const answering = (errors: CreateFleetError[], instances: CreateFleetInstance[] = []): void => {
  mock
    .on(CreateFleetCommand)
    .resolves({ $metadata: metadata(), FleetId: "fleet-1", Errors: errors, Instances: instances });
};

const launch = (change: Partial<FleetLaunch> = {}) =>
  launchByFleet(ec2, { ...fleet, ...change }, originalImage());

beforeEach(() => {
  mock.reset();
});

describe("a launch by CreateFleet", () => {
  it("asks for one Spot Instance of the template's first version, in the places in their order, tagged from its first moment", async () => {
    answering([], [{ ...overridesOf(2), InstanceIds: ["i-0123456789abcdef0"] }]);
    await expect(launch()).resolves.toMatchObject({
      kind: "LAUNCHED",
      instanceId: "i-0123456789abcdef0",
      place: places[2],
      refusals: [],
    });
    const [call] = mock.commandCalls(CreateFleetCommand);
    const { input } = call?.args[0] ?? {};
    expect(input).toMatchObject({
      Type: "instant",
      ClientToken: "so-1",
      TargetCapacitySpecification: { TotalTargetCapacity: 1, DefaultTargetCapacityType: "spot" },
      SpotOptions: { AllocationStrategy: "capacity-optimized-prioritized" },
    });
    const [config] = input?.LaunchTemplateConfigs ?? [];
    expect(config?.LaunchTemplateSpecification).toEqual({ LaunchTemplateId: "lt-1", Version: "1" });
    expect(config?.Overrides?.map(({ Priority }) => Priority)).toEqual(places.map((_, at) => at));
    expect(config?.Overrides?.[0]).toMatchObject({
      ...overridesOf(0).LaunchTemplateAndOverrides.Overrides,
      ImageId: "ami-1",
    });
    const kinds = input?.TagSpecifications?.map(({ ResourceType: kind }) => kind);
    expect(kinds).toEqual(["fleet", "instance", "volume"]);
  });

  it("is On-Demand where that is asked for, with the tag without which the role refuses it", async () => {
    answering([], [{ ...overridesOf(0), InstanceIds: ["i-0123456789abcdef0"] }]);
    await launch({ purchase: "ON_DEMAND" });
    const { input } = mock.commandCalls(CreateFleetCommand)[0]?.args[0] ?? {};
    expect(input?.TargetCapacitySpecification?.DefaultTargetCapacityType).toBe("on-demand");
    expect(input?.SpotOptions).toBeUndefined();
    const instance = input?.TagSpecifications?.find(
      ({ ResourceType: kind }) => kind === "instance",
    );
    expect(instance?.Tags).toContainEqual({ Key: "spot-optimizer:purpose", Value: "fallback" });
  });

  it("that finds two pools full and is throttled for six says nothing of the six", async () => {
    answering([
      error(0, "InsufficientInstanceCapacity"),
      error(1, "UnfulfillableCapacity"),
      ...[2, 3, 4, 5, 6, 7].map((index) => error(index, "RequestLimitExceeded")),
    ]);
    const result = await launch();
    expect(result.kind).toBe("NOT_LAUNCHED");
    expect(result.refusals.map(({ place, kind }) => [place, kind])).toEqual([
      [places[0], "NO_CAPACITY"],
      [places[1], "NO_CAPACITY"],
    ]);
  });

  it("that launches after errors tells both", async () => {
    answering(
      [error(0, "InsufficientInstanceCapacity"), error(1, "InsufficientFreeAddressesInSubnet")],
      [{ ...overridesOf(2), InstanceIds: ["i-0123456789abcdef0"] }],
    );
    const result = await launch();
    expect(result).toMatchObject({ kind: "LAUNCHED", place: places[2] });
    expect(result.refusals.map(({ kind }) => kind)).toEqual(["NO_CAPACITY", "NO_ADDRESSES"]);
  });

  it("whose error names no place is refused everywhere", async () => {
    answering([{ ErrorCode: "MaxSpotInstanceCountExceeded", ErrorMessage: "Max spot." }]);
    expect((await launch()).refusals.map(({ kind }) => kind)).toEqual(places.map(() => "QUOTA"));
  });

  it("that is denied throws, wherever the denial stands", async () => {
    answering([error(0, "UnauthorizedOperation")]);
    expect(await thrownBy(() => launch())).toMatchObject({ name: "BrokenPermission" });
  });

  it("is refused as a whole where EC2 says so, and throws where the template is gone or EC2 takes no calls", async () => {
    mock.on(CreateFleetCommand).rejects(awsError("InsufficientInstanceCapacity", { status: 500 }));
    expect((await launch()).refusals).toHaveLength(places.length);
    mock
      .on(CreateFleetCommand)
      .rejects(awsError("InvalidLaunchTemplateId.NotFound", { status: 400 }));
    expect(await thrownBy(() => launch())).toMatchObject({ name: "BrokenNotFound" });
    mock.on(CreateFleetCommand).rejects(awsError("RequestLimitExceeded", { status: 503 }));
    expect(await thrownBy(() => launch())).toMatchObject({ name: "RetryableThrottled" });
  });

  it("takes neither burstable types nor a choice of CPU options", () => {
    expect(["t3.large", "t4g.micro"].map(fitsFleet)).toEqual([false, false]);
    expect(fitsFleet("m5.large")).toBe(true);
    expect(
      fitsTemplate({
        blueprint: { ...blueprint, cpuOptions: { coreCount: 1, threadsPerCore: 1 } },
      }),
    ).toBe(false);
  });
});

describe("the template that is kept", () => {
  const input = {
    name: "spot-optimizer-evl-1",
    clientToken: "so-1",
    blueprint,
    tags: { a: "template" },
    launchTags: { b: "launch" },
  };

  it("holds what does not depend on pool, image and evaluation", async () => {
    mock
      .on(CreateLaunchTemplateCommand)
      .resolves({ $metadata: metadata(), LaunchTemplate: { LaunchTemplateId: "lt-1" } });
    await expect(createKeptTemplate(ec2, input)).resolves.toMatchObject({ templateId: "lt-1" });
    const { input: sent } = mock.commandCalls(CreateLaunchTemplateCommand)[0]?.args[0] ?? {};
    const data = sent?.LaunchTemplateData ?? {};
    expect(sent?.ClientToken).toBe("so-1");
    expect(data.UserData).toBe(blueprint.userData.reveal());
    for (const member of [
      "ImageId",
      "InstanceType",
      "BlockDeviceMappings",
      "InstanceMarketOptions",
      "CpuOptions",
      "CreditSpecification",
    ]) {
      expect(data).not.toHaveProperty(member);
    }
    expect(data.NetworkInterfaces?.[0]).not.toHaveProperty("SubnetId");
    expect(data.NetworkInterfaces?.[0]?.Groups).toEqual(blueprint.interfaces[0]?.securityGroupIds);
    expect(data.TagSpecifications?.map(({ ResourceType: kind }) => kind)).toEqual([
      "spot-instances-request",
      "network-interface",
    ]);
  });

  it("does not show its user data in an error", async () => {
    mock
      .on(CreateLaunchTemplateCommand)
      .rejects(
        awsError("InvalidParameterValue", { message: `Bad: ${blueprint.userData.reveal()}` }),
      );
    const thrown = await thrownBy(() => createKeptTemplate(ec2, input));
    expect((thrown as Error).message).not.toContain(blueprint.userData.reveal());
  });

  it("is found by its name, and gone already is deleted", async () => {
    mock.on(DescribeLaunchTemplatesCommand).resolves({
      LaunchTemplates: [
        { LaunchTemplateId: "lt-1", LatestVersionNumber: 2, Tags: [{ Key: "k", Value: "v" }] },
      ],
    });
    await expect(findKeptTemplate(ec2, "n")).resolves.toEqual({
      templateId: "lt-1",
      latestVersion: 2,
      tags: { k: "v" },
    });
    mock
      .on(DescribeLaunchTemplatesCommand)
      .rejects(awsError("InvalidLaunchTemplateName.NotFoundException", { status: 400 }));
    await expect(findKeptTemplate(ec2, "n")).resolves.toBeUndefined();
    mock
      .on(DeleteLaunchTemplateCommand)
      .rejects(awsError("InvalidLaunchTemplateId.NotFound", { status: 400 }));
    expect((await deleteKeptTemplate(ec2, "lt-1")).doneBefore).toContain("found done");
  });
});
