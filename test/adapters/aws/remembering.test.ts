import { describe, expect, it } from "@jest/globals";
import { DescribeKeyPairsCommand, EC2Client, RunInstancesCommand } from "@aws-sdk/client-ec2";
import { mockClient } from "aws-sdk-client-mock";
import { keyPairExists } from "../../../adapters/aws/ec2/references.ts";
import { remembering } from "../../../adapters/aws/remembering.ts";
import { awsError } from "./aws-error.ts";

const asked = (name: string) => {
  const ec2 = new EC2Client({ region: "eu-central-1" });
  const mock = mockClient(ec2);
  mock.on(DescribeKeyPairsCommand).resolves({ KeyPairs: [{ KeyName: name }] });
  return { mock, client: remembering(ec2) };
};

describe("a client that remembers", () => {
  it("asks the same once, also of several that ask at a time, and something else anew", async () => {
    const { mock, client } = asked("ops");
    const found = await Promise.all([keyPairExists(client, "ops"), keyPairExists(client, "ops")]);
    expect(found).toEqual([true, true]);
    expect(await keyPairExists(client, "other")).toBe(false);
    expect(await keyPairExists(client, "ops")).toBe(true);
    expect(mock.calls()).toHaveLength(2);
  });

  it("asks again what was refused", async () => {
    const { mock, client } = asked("ops");
    mock.on(DescribeKeyPairsCommand).rejectsOnce(awsError("RequestLimitExceeded"));
    await expect(keyPairExists(client, "ops")).rejects.toMatchObject({
      name: "RetryableThrottled",
    });
    mock.on(DescribeKeyPairsCommand).resolves({ KeyPairs: [{ KeyName: "ops" }] });
    expect(await keyPairExists(client, "ops")).toBe(true);
  });

  it("makes each dry run", async () => {
    const { mock, client } = asked("ops");
    mock.on(RunInstancesCommand).resolves({});
    const trial = { MinCount: 1, MaxCount: 1, DryRun: true };
    await client.send(new RunInstancesCommand(trial));
    await client.send(new RunInstancesCommand(trial));
    expect(mock.calls()).toHaveLength(2);
  });
});
