/**
 * Says whether the root volume of an instance that has ended can go over by an image that is registered from its snapshot. Such an image says
 * nothing of a licence: what EC2 bills with the hour would start without it, or not at all. Source: EC2 API reference, RegisterImage, "Billing
 * product codes"; CreateReplaceRootVolumeTask, ImageId, which must have the same product code and billing information.
 */
import type { InstanceFacts } from "../../model/instance.ts";

export type RootImageJudgement =
  { readonly kind: "CARRIES" } | { readonly kind: "CANNOT_CARRY"; readonly sentence: string };

/** As EC2 spells what has no licence of its own. Source: EC2 user guide, "AMI billing information fields". */
const withoutLicence = "Linux/UNIX";

export const judgeRootImage = ({
  instanceId,
  platformDetails,
  productCodes,
}: Pick<InstanceFacts, "instanceId" | "platformDetails" | "productCodes">): RootImageJudgement => {
  if (platformDetails !== withoutLicence) {
    const sentence = `${instanceId} runs ${platformDetails}, whose licence an image of its root volume alone does not carry.`;
    return { kind: "CANNOT_CARRY", sentence };
  }
  const [code] = productCodes;
  if (code === undefined) return { kind: "CARRIES" };
  const sentence = `${instanceId} has product code ${code}, which an image of its root volume alone does not carry.`;
  return { kind: "CANNOT_CARRY", sentence };
};
