/** The interface that an instance was launched with, device index 0, which EC2 never detaches. */
import type { EC2Client } from "@aws-sdk/client-ec2";
import { describeInstances } from "./describe.ts";

/** Its id. Undefined when EC2 does not show the instance, or no interface of it yet. */
export const readPrimaryInterface = async (
  ec2: EC2Client,
  instanceId: string,
): Promise<string | undefined> => {
  const [found] = await describeInstances(ec2, [{ Name: "instance-id", Values: [instanceId] }]);
  const primary = found?.NetworkInterfaces?.find(({ Attachment }) => Attachment?.DeviceIndex === 0);
  return primary?.NetworkInterfaceId;
};
