import {
  GetAWSDefaultServiceQuotaCommand,
  GetServiceQuotaCommand,
  ServiceQuotasClient,
} from "@aws-sdk/client-service-quotas";
import { beforeEach, describe, expect, it } from "@jest/globals";
import { mockClient } from "aws-sdk-client-mock";
import { readQuota } from "../../../adapters/aws/service-quotas.ts";
import { awsError } from "./aws-error.ts";

const client = new ServiceQuotasClient({ region: "eu-central-1" });
const mock = mockClient(client);
const input = { ServiceCode: "ebs", QuotaCode: "L-309BACF6" };
const QuotaName = "Snapshots per Region";
const read = () =>
  readQuota(client, { serviceCode: "ebs", quotaCode: "L-309BACF6", quotaName: QuotaName });

beforeEach(() => {
  mock.reset();
});

describe("a quota", () => {
  it("is the value that applies to the account", async () => {
    mock.on(GetServiceQuotaCommand, input).resolves({ Quota: { QuotaName, Value: 150_000 } });
    await expect(read()).resolves.toBe(150_000);
    expect(mock.commandCalls(GetAWSDefaultServiceQuotaCommand)).toHaveLength(0);
  });

  it("is AWS's default where none is known of the account", async () => {
    mock.on(GetServiceQuotaCommand).rejects(awsError("NoSuchResourceException"));
    mock
      .on(GetAWSDefaultServiceQuotaCommand, input)
      .resolves({ Quota: { QuotaName, Value: 100_000 } });
    await expect(read()).resolves.toBe(100_000);
  });

  it("that AWS calls otherwise is not believed", async () => {
    const Quota = { QuotaName: "Concurrent snapshot copies", Value: 20 };
    mock.on(GetServiceQuotaCommand).resolves({ Quota });
    await expect(read()).rejects.toMatchObject({
      name: "BrokenFacts",
      message:
        'Service Quotas calls ebs L-309BACF6 "Concurrent snapshot copies", not "Snapshots per Region".',
    });
  });

  it("that may not be asked for is a denial, not a default", async () => {
    mock.on(GetServiceQuotaCommand).rejects(awsError("AccessDeniedException"));
    await expect(read()).rejects.toMatchObject({ name: "BrokenPermission" });
  });

  it("that AWS does not have is an error that names it", async () => {
    mock.on(GetServiceQuotaCommand).rejects(awsError("NoSuchResourceException"));
    mock.on(GetAWSDefaultServiceQuotaCommand).rejects(awsError("NoSuchResourceException"));
    await expect(read()).rejects.toMatchObject({ resource: "ebs L-309BACF6" });
  });
});
