/** What several groups would launch: their templates, read without the rest of each group. */
import type { AutoScalingClient } from "@aws-sdk/client-auto-scaling";
import type { EC2Client } from "@aws-sdk/client-ec2";
import { readTemplate, type TemplateReading } from "../ec2/launch-template.ts";
import { describeGroups } from "./describe.ts";
import { templateReference } from "./group-settings.ts";

/** Of those that Auto Scaling shows and that launch from a template, each template once. */
export const readTemplatesOf = async (
  { autoScaling, ec2 }: { readonly autoScaling: AutoScalingClient; readonly ec2: EC2Client },
  asgNames: readonly string[],
): Promise<readonly TemplateReading[]> => {
  const found = new Map<string, TemplateReading>();
  for (const { LaunchTemplate } of await describeGroups(autoScaling, asgNames)) {
    const reference = templateReference(LaunchTemplate);
    const reading = reference && (await readTemplate(ec2, reference));
    if (reading === undefined) continue;
    const { templateId, version } = reading.facts;
    found.set(`${templateId} ${String(version)}`, reading);
  }
  return [...found.values()];
};
