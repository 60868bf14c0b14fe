/** A small cloud for the tests of its parts: one EC2 operation or two, and clients of whoever calls. */
import { EC2Client } from "@aws-sdk/client-ec2";
import { STSClient } from "@aws-sdk/client-sts";
import { VirtualClock } from "../../../local/cloud/clock.ts";
import type { ServiceModule } from "../../../local/cloud/contract.ts";
import { type Cloud, type CloudOptions, createCloud } from "../../../local/cloud/dispatch.ts";
import type { AccessKey } from "../../../local/cloud/iam/identities.ts";
import { createSts } from "../../../local/cloud/sts/service.ts";
import { localClientConfig } from "../../../local/wire/front/client-config.ts";

export const startMs = Date.UTC(2024, 0, 1);

export interface Fixture {
  readonly clock: VirtualClock;
  readonly cloud: Cloud;
  readonly ec2: (credentials?: AccessKey, region?: string) => EC2Client;
  readonly sts: (credentials?: AccessKey) => STSClient;
}

export const createFixture = (
  options: Partial<Omit<CloudOptions, "clock">> & {
    readonly ec2?: ServiceModule["operations"];
  } = {},
): Fixture => {
  const { ec2: operations = {}, ...rest } = options;
  const clock = new VirtualClock(startMs);
  const cloud = createCloud({ seed: 7, ...rest, clock });
  cloud.serve(createSts(cloud), { service: "ec2", operations });
  const config = (credentials: AccessKey, region: string): ReturnType<typeof localClientConfig> =>
    localClientConfig(cloud, { region, credentials });
  const { operator } = cloud.identities;
  return {
    clock,
    cloud,
    ec2: (credentials = operator, region = "eu-west-1") =>
      new EC2Client(config(credentials, region)),
    sts: (credentials = operator) => new STSClient(config(credentials, "eu-west-1")),
  };
};

/** The refusal's code and status as the SDK shows them, or undefined if there was none. */
export const refusalOf = async (
  answer: Promise<unknown>,
): Promise<{ readonly code: string; readonly status: number; readonly message: string }> => {
  try {
    await answer;
  } catch (error) {
    const { name, message, $metadata } = error as Error & {
      readonly $metadata?: { readonly httpStatusCode?: number };
    };
    return { code: name, status: $metadata?.httpStatusCode ?? 0, message };
  }
  throw new Error("it was not refused");
};
