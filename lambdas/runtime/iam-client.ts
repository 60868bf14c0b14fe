/** Reads roles with a client of IAM. A file of its own, which is loaded by the one question that asks IAM: no other request waits for it. */
import { IAMClient } from "@aws-sdk/client-iam";
import { readRole } from "../../adapters/aws/iam.ts";
import { sdkRetry } from "../../adapters/aws/retry.ts";
import type { OwnRole } from "../../core/approval/role-trust.ts";
import { tellThrottle } from "./throttles.ts";

/** One service for all regions of the partition: the SDK knows its address. */
export const roleReader = (
  region: string,
): ((roleName: string) => Promise<OwnRole | undefined>) => {
  const iam = new IAMClient({
    region,
    ...sdkRetry(() => {
      tellThrottle("IAM");
    }),
  });
  return (roleName) => readRole(iam, roleName);
};
