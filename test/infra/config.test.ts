import { describe, expect, it } from "@jest/globals";
import { readConfig } from "../../infra/config.ts";

describe("the stack's configuration", () => {
  it("takes a region of partition aws, and none at all", () => {
    expect(readConfig({ CDK_DEFAULT_REGION: "me-central-1" }).CDK_DEFAULT_REGION).toBe(
      "me-central-1",
    );
    expect(readConfig({}).CDK_DEFAULT_REGION).toBeUndefined();
  });

  it.each(["cn-northwest-1", "us-gov-east-1"])("refuses %s by the variable's name", (region) => {
    expect(() => readConfig({ CDK_DEFAULT_REGION: region })).toThrow("CDK_DEFAULT_REGION");
    expect(() => readConfig({ CDK_DEFAULT_REGION: region })).toThrow("not served");
  });

  it("takes subnets and security groups for the functions of KUBERNETES, both or neither", () => {
    const groups = "sg-0aaa";
    expect(
      readConfig({
        KUBERNETES_SUBNET_IDS: "subnet-0aaa,subnet-0bbb",
        KUBERNETES_SECURITY_GROUP_IDS: groups,
      }),
    ).toMatchObject({
      KUBERNETES_SUBNET_IDS: ["subnet-0aaa", "subnet-0bbb"],
      KUBERNETES_SECURITY_GROUP_IDS: [groups],
    });
    expect(readConfig({}).KUBERNETES_SUBNET_IDS).toEqual([]);
    expect(() => readConfig({ KUBERNETES_SECURITY_GROUP_IDS: groups })).toThrow("or neither");
    expect(() =>
      readConfig({ KUBERNETES_SUBNET_IDS: "vpc-1", KUBERNETES_SECURITY_GROUP_IDS: groups }),
    ).toThrow("subnet-0aaa,subnet-0bbb");
  });
});
