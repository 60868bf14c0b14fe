/** Dry runs of what a recovery is launched from: the template that is kept ready, and the launch from it. */
import {
  CreateFleetCommand,
  CreateLaunchTemplateCommand,
  DeleteLaunchTemplateCommand,
  type _InstanceType,
} from "@aws-sdk/client-ec2";
import { tagList } from "./describe.ts";
import { DryRun, on, type DryRunCall } from "./dry-run-call.ts";

export const templates = (): Readonly<Record<string, DryRunCall>> => ({
  CreateLaunchTemplate: on(["instanceType"], (ec2, { instanceType, tags = {} }) =>
    ec2.send(
      new CreateLaunchTemplateCommand({
        DryRun,
        LaunchTemplateName: "spot-optimizer-dry-run",
        LaunchTemplateData: { InstanceType: instanceType as _InstanceType },
        TagSpecifications: [{ ResourceType: "launch-template", Tags: tagList(tags) }],
      }),
    ),
  ),
  CreateFleet: on(["templateId"], (ec2, { templateId, tags = {} }) =>
    ec2.send(
      new CreateFleetCommand({
        DryRun,
        Type: "instant",
        LaunchTemplateConfigs: [
          { LaunchTemplateSpecification: { LaunchTemplateId: templateId, Version: "1" } },
        ],
        TargetCapacitySpecification: { TotalTargetCapacity: 1, DefaultTargetCapacityType: "spot" },
        TagSpecifications: [
          { ResourceType: "fleet", Tags: tagList(tags) },
          { ResourceType: "instance", Tags: tagList(tags) },
        ],
      }),
    ),
  ),
  DeleteLaunchTemplate: on(["templateId"], (ec2, { templateId }) =>
    ec2.send(new DeleteLaunchTemplateCommand({ DryRun, LaunchTemplateId: templateId })),
  ),
});
