/** Whether its owner protects an instance from being stopped or terminated through the API. */
import {
  DescribeInstanceAttributeCommand,
  type EC2Client,
  type Instance,
} from "@aws-sdk/client-ec2";
import { hasEnded } from "../../../core/model/instance.ts";
import { required } from "../required.ts";
import { callAws } from "../translate-error.ts";
import { instanceState } from "./describe.ts";

type Protection = "disableApiTermination" | "disableApiStop";

const readAttribute = async (
  ec2: EC2Client,
  instanceId: string,
  attribute: Protection,
): Promise<boolean> => {
  const answer = await callAws({ action: "DescribeInstanceAttribute", resource: instanceId }, () =>
    ec2.send(
      new DescribeInstanceAttributeCommand({ InstanceId: instanceId, Attribute: attribute }),
    ),
  );
  const value =
    attribute === "disableApiStop" ? answer.DisableApiStop : answer.DisableApiTermination;
  return required(value?.Value, `${attribute} of ${instanceId}`);
};

/** What is ending is protected no longer, and EC2 may refuse the question. */
export const readProtection = async (
  ec2: EC2Client,
  instance: Instance,
  attribute: Protection,
): Promise<boolean> =>
  !hasEnded(instanceState(instance.State?.Name)) &&
  (await readAttribute(ec2, required(instance.InstanceId, "the instance's id"), attribute));

/** Which of them their owner protects from being stopped. One call for each: EC2 has none for many. */
export const readStopProtected = async (
  ec2: EC2Client,
  instanceIds: readonly string[],
): Promise<readonly string[]> => {
  const found: string[] = [];
  for (const instanceId of instanceIds) {
    if (await readAttribute(ec2, instanceId, "disableApiStop")) found.push(instanceId);
  }
  return found;
};

/** Both, of an instance that runs or is stopped. */
export const readProtections = async (
  ec2: EC2Client,
  instanceId: string,
): Promise<{ readonly isStopProtected: boolean; readonly isTerminationProtected: boolean }> => ({
  isStopProtected: await readAttribute(ec2, instanceId, "disableApiStop"),
  isTerminationProtected: await readAttribute(ec2, instanceId, "disableApiTermination"),
});
