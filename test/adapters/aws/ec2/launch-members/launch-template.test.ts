/** Is the table of launch templates true? Each member is changed by itself, and looked for in the request. */
import { describe, expect, it } from "@jest/globals";
import { ResponseLaunchTemplateData$, type ResponseLaunchTemplateData } from "@aws-sdk/client-ec2";
import { blueprintOfTemplate } from "../../../../../adapters/aws/ec2/blueprint-of-template.ts";
import { launchTemplateMembers } from "../../../../../adapters/aws/ec2/launch-members/launch-template.ts";
import { spotRequest } from "../../../../../adapters/aws/ec2/launch-request.ts";
import { shapeOf } from "../../../../../local/schemas/shape.ts";
import { originalImage } from "../original.ts";
import { changedAt, leavesOf } from "./members.ts";

const blueprintOf = (template: ResponseLaunchTemplateData) =>
  blueprintOfTemplate(template, { templateId: "lt-1", version: 7, image: originalImage() });

describe("of a template", () => {
  /** Lists with one item, so that there is a member to change. */
  const base: ResponseLaunchTemplateData = {
    InstanceType: "m5.large",
    CpuOptions: { CoreCount: 1, ThreadsPerCore: 2 },
    Placement: { GroupName: "ring" },
    BlockDeviceMappings: [{ DeviceName: "/dev/sdf", Ebs: { VolumeSize: 8 } }],
    NetworkInterfaces: [{ DeviceIndex: 0 }],
    TagSpecifications: [{ ResourceType: "instance", Tags: [{ Key: "Name", Value: "web" }] }],
  };
  /** SecurityGroupIds count where no interfaces are given. */
  const bare: ResponseLaunchTemplateData = { InstanceType: "m5.large" };
  /** Burstable, for the credits. */
  const launchType = (path: string): string =>
    path.startsWith("CreditSpecification") ? "t3.large" : "m5.large";
  const told = {
    "CreditSpecification.CpuCredits": "unlimited",
    "TagSpecifications.ResourceType": "volume",
  };
  const launch = (template: ResponseLaunchTemplateData, path: string) =>
    spotRequest(
      {
        blueprint: blueprintOf(template).blueprint,
        keep: "all-devices",
        instanceType: launchType(path),
        imageId: "ami-1",
        subnetId: "subnet-2",
        clientToken: "so-1",
        tags: {},
      },
      originalImage(),
    );

  it.each(
    leavesOf(launchTemplateMembers, shapeOf(ResponseLaunchTemplateData$)).map(
      (leaf) => [leaf.path, leaf.member.treatment, leaf] as const,
    ),
  )("%s is %s", (path, treatment, leaf) => {
    const before = path === "SecurityGroupIds" ? bare : base;
    const after = changedAt(before, leaf, told);
    const named = blueprintOf(after).notCarried.map((name) => name.replace(/\[\d+\]/g, ""));
    if (treatment === "copied") {
      expect(launch(after, path)).not.toEqual(launch(before, path));
    } else {
      expect(launch(after, path)).toEqual(launch(before, path));
    }
    expect(named).toEqual(treatment === "refused-unless-default" ? [path] : []);
  });
});
