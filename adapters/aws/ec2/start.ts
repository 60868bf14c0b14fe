/** Starts a stopped instance for which there is another way: that EC2 has no room or quota for it is an answer. */
import type { EC2Client } from "@aws-sdk/client-ec2";
import { launchRefusalOf } from "../error-codes.ts";
import { expectRefusal } from "../translate-error.ts";
import { startInstance } from "./instances.ts";

export interface StartAnswer {
  readonly requestId: string;
  /** Why it was not started; absent: it starts. */
  readonly refusal?: string;
}

/** Throws what is neither. */
export const tryToStart = async (ec2: EC2Client, instanceId: string): Promise<StartAnswer> => {
  try {
    return await startInstance(ec2, instanceId);
  } catch (error) {
    const isExpected = (code: string): boolean => launchRefusalOf(code, "") !== undefined;
    const { error: refused, requestId } = expectRefusal(error, isExpected);
    return { requestId, refusal: refused.message };
  }
};
