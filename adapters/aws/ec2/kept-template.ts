/** The launch template that is kept ready for a load: made, found and deleted. */
import {
  CreateLaunchTemplateCommand,
  DeleteLaunchTemplateCommand,
  DescribeLaunchTemplatesCommand,
  type EC2Client,
} from "@aws-sdk/client-ec2";
import { acted, doneBefore, type Acted } from "../acted.ts";
import { isNotFound } from "../error-codes.ts";
import { orAbsent } from "../or-absent.ts";
import { required } from "../required.ts";
import { callAws, expectRefusal } from "../translate-error.ts";
import { tagList, tagRecord } from "./describe.ts";
import { templateData } from "./fleet-request.ts";
import type { SpotLaunch } from "./launch-request.ts";

export interface KeptTemplate {
  readonly templateId: string;
  readonly tags: Readonly<Record<string, string>>;
  /** 1: nobody has added a version to the one that we made. */
  readonly latestVersion: number;
}

/** Undefined: EC2 does not show it (not yet, or no longer). */
export const findKeptTemplate = (ec2: EC2Client, name: string): Promise<KeptTemplate | undefined> =>
  orAbsent(async () => {
    const answer = await callAws({ action: "DescribeLaunchTemplates", resource: name }, () =>
      ec2.send(new DescribeLaunchTemplatesCommand({ LaunchTemplateNames: [name] })),
    );
    const [found] = answer.LaunchTemplates ?? [];
    if (found === undefined) return undefined;
    return {
      templateId: required(found.LaunchTemplateId, `the id of ${name}`),
      tags: tagRecord(found.Tags),
      latestVersion: required(found.LatestVersionNumber, `the latest version of ${name}`),
    };
  });

/**
 * With the same token EC2 answers the template of the first call. A name is taken once in a region.
 * @throws BrokenRequest where another has the name
 */
export const createKeptTemplate = async (
  ec2: EC2Client,
  input: {
    /** 3 to 128 characters. */
    readonly name: string;
    readonly clientToken: string;
    readonly blueprint: SpotLaunch["blueprint"];
    /** Of the template. */
    readonly tags: Readonly<Record<string, string>>;
    /** Of what is launched from it, beside those that a launch gives. */
    readonly launchTags: Readonly<Record<string, string>>;
  },
): Promise<Acted & { readonly templateId: string }> => {
  const { name, clientToken, blueprint, tags, launchTags } = input;
  const secrets = [blueprint.userData?.reveal() ?? ""];
  const answer = await callAws({ action: "CreateLaunchTemplate", resource: name, secrets }, () =>
    ec2.send(
      new CreateLaunchTemplateCommand({
        LaunchTemplateName: name,
        ClientToken: clientToken,
        LaunchTemplateData: templateData(blueprint, launchTags),
        TagSpecifications: [{ ResourceType: "launch-template", Tags: tagList(tags) }],
      }),
    ),
  );
  const templateId = required(answer.LaunchTemplate?.LaunchTemplateId, `the id of ${name}`);
  return { templateId, ...acted(answer) };
};

/** Gone already is done. */
export const deleteKeptTemplate = async (ec2: EC2Client, templateId: string): Promise<Acted> => {
  try {
    return acted(
      await callAws({ action: "DeleteLaunchTemplate", resource: templateId }, () =>
        ec2.send(new DeleteLaunchTemplateCommand({ LaunchTemplateId: templateId })),
      ),
    );
  } catch (error) {
    return doneBefore(expectRefusal(error, isNotFound));
  }
};
