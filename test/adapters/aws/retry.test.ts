import { describe, expect, it } from "@jest/globals";
import {
  DescribeVpcsCommand,
  EC2Client,
  RunInstancesCommand,
  TerminateInstancesCommand,
} from "@aws-sdk/client-ec2";
import { HttpResponse, type HttpRequest } from "@smithy/core/protocols";
import { sdkRetry } from "../../../adapters/aws/retry.ts";

const errorBody = (code: string): string =>
  `<Response><Errors><Error><Code>${code}</Code><Message>m</Message></Error></Errors><RequestID>r</RequestID></Response>`;

/** A client over a handler that refuses every request in the same way, and counts them. */
const clientRefusing = (
  code: string,
  status: number,
): {
  readonly client: EC2Client;
  readonly requests: HttpRequest[];
  readonly throttles: () => number;
} => {
  const requests: HttpRequest[] = [];
  let throttles = 0;
  const client = new EC2Client({
    region: "eu-central-1",
    credentials: { accessKeyId: "AKID", secretAccessKey: "secret" },
    ...sdkRetry(() => {
      throttles += 1;
    }),
    requestHandler: {
      handle: (request: HttpRequest) => {
        requests.push(request);
        return Promise.resolve({
          response: new HttpResponse({
            statusCode: status,
            headers: { "content-type": "text/xml" },
            body: new TextEncoder().encode(errorBody(code)),
          }),
        });
      },
    },
  });
  return { client, requests, throttles: () => throttles };
};

const launch = new RunInstancesCommand({ MinCount: 1, MaxCount: 1 });

describe("the SDK's own retries", () => {
  it.each([
    ["InsufficientInstanceCapacity", 500],
    ["InsufficientHostCapacity", 500],
    ["UnfulfillableCapacity", 500],
    ["Unsupported", 500],
    ["MaxSpotInstanceCountExceeded", 500],
    ["InsufficientFreeAddressesInSubnet", 500],
  ])("%s is an answer: sent once although it comes as HTTP %i", async (code, status) => {
    const { client, requests } = clientRefusing(code, status);
    await expect(client.send(launch)).rejects.toMatchObject({ name: code });
    expect(requests).toHaveLength(1);
  });

  it.each([
    ["InternalError", 500, 0],
    ["RequestLimitExceeded", 503, 2],
  ])("%s is tried once more and no more, and each throttle is told", async (code, status, told) => {
    const { client, requests, throttles } = clientRefusing(code, status);
    await expect(client.send(new DescribeVpcsCommand({}))).rejects.toMatchObject({ name: code });
    expect(requests).toHaveLength(2);
    expect(throttles()).toBe(told);
  });

  it("a refusal is not retried", async () => {
    const { client, requests } = clientRefusing("InvalidInstanceID.NotFound", 400);
    await expect(
      client.send(new TerminateInstancesCommand({ InstanceIds: ["i-1"] })),
    ).rejects.toMatchObject({ name: "InvalidInstanceID.NotFound" });
    expect(requests).toHaveLength(1);
  });

  it("each client has a retry quota of its own", () => {
    const make = () => sdkRetry(() => undefined).retryStrategy;
    expect(make()).not.toBe(make());
  });
});
