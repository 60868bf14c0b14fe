/** Where AWS shows what the page shows, in each partition; and how a command line reads it. */
import { describe, expect, it } from "@jest/globals";
import {
  curlOf,
  executionUrl,
  groupUrl,
  instanceArn,
  instanceUrl,
} from "../../console/ui/elsewhere.ts";

describe("what is shown, elsewhere", () => {
  it.each([
    ["eu-central-1", "https://eu-central-1.console.aws.amazon.com/ec2/home?region=eu-central-1"],
    ["cn-north-1", "https://cn-north-1.console.amazonaws.cn/ec2/home?region=cn-north-1"],
    [
      "us-gov-west-1",
      "https://us-gov-west-1.console.amazonaws-us-gov.com/ec2/home?region=us-gov-west-1",
    ],
  ])("stands in the AWS console of the partition of %s", (region, home) => {
    expect(instanceUrl(region, "i-1")).toBe(`${home}#InstanceDetails:instanceId=i-1`);
    expect(groupUrl(region, "web & shop")).toBe(
      `${home}#AutoScalingGroupDetails:id=web%20%26%20shop;view=details`,
    );
  });

  it("is an execution where its ARN says so", () => {
    const arn = "arn:aws:states:eu-central-1:111122223333:execution:Linear:evl-1";
    expect(executionUrl(arn)).toBe(
      `https://eu-central-1.console.aws.amazon.com/states/home?region=eu-central-1#/v2/executions/details/${arn}`,
    );
    expect(executionUrl("run-1")).toBeUndefined();
  });

  it("has an ARN of its partition", () => {
    const input = { accountId: "444455556666", instanceId: "i-1" };
    expect(instanceArn({ ...input, region: "us-east-1" })).toBe(
      "arn:aws:ec2:us-east-1:444455556666:instance/i-1",
    );
    expect(instanceArn({ ...input, region: "cn-north-1" })).toMatch(/^arn:aws-cn:/);
    expect(instanceArn({ ...input, region: "us-gov-east-1" })).toMatch(/^arn:aws-us-gov:/);
  });

  it("is read by curl, without anybody's credentials", () => {
    expect(curlOf("http://127.0.0.1:4400", "/evaluations/evl-1")).toBe(
      "curl -fsS 'http://127.0.0.1:4400/api/v1/evaluations/evl-1'",
    );
  });
});
