/** CreateFleet of type instant, and versions of launch templates. Sources: EC2 API reference, CreateFleet; the rules beside each test. */
import {
  CreateFleetCommand,
  CreateLaunchTemplateVersionCommand,
  DeleteLaunchTemplateVersionsCommand,
  DescribeInstancesCommand,
  DescribeInstanceAttributeCommand,
  ModifyLaunchTemplateCommand,
  type CreateFleetCommandInput,
  type FleetLaunchTemplateOverridesRequest,
} from "@aws-sdk/client-ec2";
import { describe, expect, it } from "@jest/globals";
import { createWorld, type World } from "../autoscaling/world.ts";
import { refusalOf } from "../cloud-fixture.ts";

const subnetsOf = (world: World) => world.ec2Service.control.fleet.subnets(world.name);

const fleet = (
  world: World,
  overrides: readonly FleetLaunchTemplateOverridesRequest[],
  more: Partial<CreateFleetCommandInput> & {
    readonly userData?: string;
    readonly total?: number;
  } = {},
) => {
  const { userData, total = 1, ...rest } = more;
  return world.ec2Client.send(
    new CreateFleetCommand({
      Type: "instant",
      LaunchTemplateConfigs: [
        {
          LaunchTemplateSpecification: {
            LaunchTemplateId: world.templateId,
            Version: "$Latest",
            ...(userData !== undefined && { LaunchTemplateSpecificationUserData: userData }),
          },
          Overrides: [...overrides],
        },
      ],
      TargetCapacitySpecification: {
        TotalTargetCapacity: total,
        DefaultTargetCapacityType: "spot",
      },
      SpotOptions: { AllocationStrategy: "price-capacity-optimized" },
      ...rest,
    }),
  );
};

const close = (world: World, instanceType: string, zoneId: string): void => {
  world.ec2Service.control.setCapacity({ zoneId, instanceType }, 0);
};

describe("CreateFleet, instant", () => {
  // HTTP 200 with what was launched, and an error for each override that was tried without success (osbuild-composer #4220).
  it("goes on to the next pool, and tells of the one that had none", async () => {
    const world = createWorld();
    const [first, second] = subnetsOf(world);
    close(world, "m5.large", first?.zoneId ?? "");
    close(world, "m5.large", second?.zoneId ?? "");
    const answer = await fleet(world, [
      { InstanceType: "m5.large", SubnetId: first?.id },
      { InstanceType: "m5.xlarge", SubnetId: second?.id },
    ]);
    expect(answer.$metadata.httpStatusCode).toBe(200);
    expect(answer.Errors).toMatchObject([
      {
        ErrorCode: "InsufficientInstanceCapacity",
        Lifecycle: "spot",
        LaunchTemplateAndOverrides: { Overrides: { InstanceType: "m5.large" } },
      },
    ]);
    expect(answer.Instances).toMatchObject([
      {
        Lifecycle: "spot",
        InstanceType: "m5.xlarge",
        LaunchTemplateAndOverrides: {
          LaunchTemplateSpecification: { LaunchTemplateId: world.templateId, Version: "1" },
          Overrides: { SubnetId: second?.id },
        },
      },
    ]);
    const id = answer.Instances?.[0]?.InstanceIds?.[0] ?? "";
    const found = world.ec2Service.control.find(id);
    expect(found?.lifecycle).toBe("spot");
    expect(found?.tags).toMatchObject({
      "aws:ec2:fleet-id": answer.FleetId,
      "aws:ec2launchtemplate:id": world.templateId,
      "aws:ec2launchtemplate:version": "1",
    });
  });

  it("with no pool that has any is 200 still, without instances", async () => {
    const world = createWorld();
    const [first] = subnetsOf(world);
    close(world, "m5.large", first?.zoneId ?? "");
    const answer = await fleet(world, [{ InstanceType: "m5.large", SubnetId: first?.id }]);
    expect(answer.Instances).toEqual([]);
    expect(answer.Errors).toHaveLength(1);
  });

  // FleetLaunchTemplateOverridesRequest, ImageId; FleetLaunchTemplateSpecificationRequest, LaunchTemplateSpecificationUserData.
  it("takes image and user data in place of the template's", async () => {
    const world = createWorld();
    const [first] = subnetsOf(world);
    const other = world.ec2Service.control.find(world.outsider())?.imageId ?? "";
    const answer = await fleet(
      world,
      [{ InstanceType: "m5.large", SubnetId: first?.id, ImageId: other }],
      { userData: Buffer.from("boot").toString("base64") },
    );
    const id = answer.Instances?.[0]?.InstanceIds?.[0] ?? "";
    expect(world.ec2Service.control.find(id)?.imageId).toBe(other);
    const { UserData } = await world.ec2Client.send(
      new DescribeInstanceAttributeCommand({ InstanceId: id, Attribute: "userData" }),
    );
    expect(Buffer.from(UserData?.Value ?? "", "base64").toString()).toBe("boot");
  });

  it("spreads over pools where it is diversified", async () => {
    const world = createWorld();
    const answer = await fleet(
      world,
      subnetsOf(world)
        .slice(0, 3)
        .map(({ id }) => ({ InstanceType: "m5.large" as const, SubnetId: id })),
      { total: 6, SpotOptions: { AllocationStrategy: "diversified" } },
    );
    expect(answer.Instances?.map(({ InstanceIds = [] }) => InstanceIds.length)).toEqual([2, 2, 2]);
  });

  it("adds the request's tags to the template's", async () => {
    const world = createWorld();
    const [first] = subnetsOf(world);
    const answer = await fleet(world, [{ InstanceType: "m5.large", SubnetId: first?.id }], {
      TagSpecifications: [{ ResourceType: "instance", Tags: [{ Key: "swap", Value: "1" }] }],
    });
    const id = answer.Instances?.[0]?.InstanceIds?.[0] ?? "";
    expect(world.ec2Service.control.find(id)?.tags).toMatchObject({ swap: "1" });
  });

  it("with the same token is the same fleet; with other parameters it is refused", async () => {
    const world = createWorld();
    const [first] = subnetsOf(world);
    const overrides = [{ InstanceType: "m5.large" as const, SubnetId: first?.id }];
    const one = await fleet(world, overrides, { ClientToken: "token-1" });
    const again = await fleet(world, overrides, { ClientToken: "token-1" });
    expect(again.Instances?.[0]?.InstanceIds).toEqual(one.Instances?.[0]?.InstanceIds);
    const other = fleet(world, overrides, { ClientToken: "token-1", total: 2 });
    expect((await refusalOf(other)).code).toBe("IdempotentParameterMismatch");
  });

  it("takes one subnet for each override", async () => {
    const world = createWorld();
    const ids = subnetsOf(world).map(({ id }) => id);
    const two = fleet(world, [{ InstanceType: "m5.large", SubnetId: ids.slice(0, 2).join(",") }]);
    expect((await refusalOf(two)).code).toBe("InvalidParameterValue");
  });

  it("meets the Spot quota at the third of five", async () => {
    const world = createWorld();
    const [first] = subnetsOf(world);
    // An m5.large has two vCPUs.
    world.ec2Service.control.setQuota({
      accountId: world.name.accountId,
      purchase: "spot",
      quotaClass: "Standard",
      vcpus: 5,
    });
    const answer = await fleet(world, [{ InstanceType: "m5.large", SubnetId: first?.id }], {
      total: 5,
    });
    expect(answer.Instances?.[0]?.InstanceIds).toHaveLength(2);
    expect(answer.Errors?.[0]?.ErrorCode).toBe("MaxSpotInstanceCountExceeded");
  });

  // "UnauthorizedOperation": an instant fleet launches with its caller's permission.
  it("needs the permission to run instances beside its own", async () => {
    const world = createWorld();
    const [first] = subnetsOf(world);
    const { identities } = world.cloud;
    const denied = identities.addUser({
      accountId: world.name.accountId,
      name: "fleet-only",
      allow: ["ec2:CreateFleet"],
    });
    const input = {
      Type: "instant" as const,
      LaunchTemplateConfigs: [
        {
          LaunchTemplateSpecification: { LaunchTemplateId: world.templateId, Version: "1" },
          Overrides: [{ InstanceType: "m5.large" as const, SubnetId: first?.id }],
        },
      ],
      TargetCapacitySpecification: { TotalTargetCapacity: 1 },
    };
    const refused = world.cloud.call({
      service: "ec2",
      operation: "CreateFleet",
      region: world.name.region,
      accessKeyId: denied.accessKeyId,
      input,
    });
    await expect(refused).rejects.toMatchObject({ code: "UnauthorizedOperation" });
  });
});

describe("launch template versions", () => {
  it("the default is set, and is not deleted; $Latest moves on", async () => {
    const world = createWorld();
    const { ec2Client, templateId: LaunchTemplateId } = world;
    await ec2Client.send(
      new CreateLaunchTemplateVersionCommand({
        LaunchTemplateId,
        SourceVersion: "1",
        LaunchTemplateData: { InstanceType: "m5.xlarge" },
      }),
    );
    await ec2Client.send(
      new ModifyLaunchTemplateCommand({ LaunchTemplateId, DefaultVersion: "2" }),
    );
    const answer = await ec2Client.send(
      new DeleteLaunchTemplateVersionsCommand({ LaunchTemplateId, Versions: ["1", "2", "7"] }),
    );
    expect(
      answer.SuccessfullyDeletedLaunchTemplateVersions?.map(({ VersionNumber }) => VersionNumber),
    ).toEqual([1]);
    expect(
      answer.UnsuccessfullyDeletedLaunchTemplateVersions?.map(({ VersionNumber }) => VersionNumber),
    ).toEqual([2, 7]);
    // A number is not given twice.
    await ec2Client.send(
      new CreateLaunchTemplateVersionCommand({
        LaunchTemplateId,
        SourceVersion: "2",
        LaunchTemplateData: { InstanceType: "m5.xlarge" },
      }),
    );
    const three = { LaunchTemplateId, Versions: ["3"] };
    await ec2Client.send(new DeleteLaunchTemplateVersionsCommand(three));
    const { LaunchTemplateVersion: next } = await ec2Client.send(
      new CreateLaunchTemplateVersionCommand({
        LaunchTemplateId,
        SourceVersion: "2",
        LaunchTemplateData: { InstanceType: "m5.xlarge" },
      }),
    );
    expect(next?.VersionNumber).toBe(4);
    const [first] = subnetsOf(world);
    const gone = await fleet(world, [{ SubnetId: first?.id }]);
    const { Reservations = [] } = await ec2Client.send(
      new DescribeInstancesCommand({ InstanceIds: gone.Instances?.[0]?.InstanceIds }),
    );
    expect(Reservations[0]?.Instances?.[0]?.InstanceType).toBe("m5.xlarge");
  });
});
