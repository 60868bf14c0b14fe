import { describe, expect, it } from "@jest/globals";
import { functionNames, functionRows } from "../../../lambdas/access/functions.ts";
import {
  functionRoleName,
  functionRolePath,
  readTrustedRolePattern,
  trustedRolePattern,
} from "../../../lambdas/access/role-path.ts";

/** The longest that infra/config.ts takes. */
const longestStage = "a".repeat(16);

describe("the roles of our functions", () => {
  it.each(functionNames)(
    "%s is under the customer path only if it has calls to make there",
    (name) => {
      const part = Object.keys(functionRows[name].customer).length > 0 ? "customer" : "own";
      expect(functionRolePath("prod", functionRows[name])).toBe(`/spot-optimizer/prod/${part}/`);
    },
  );

  it.each([
    { own: ["sts:AssumeRole"], path: "/spot-optimizer/prod/customer/" },
    {
      own: ["ec2:DescribeInstanceTypes", "sts:AssumeRole"],
      path: "/spot-optimizer/prod/customer/",
    },
    { own: ["states:StartExecution"], path: "/spot-optimizer/prod/own/" },
    { own: [], path: "/spot-optimizer/prod/own/" },
  ])("with $own stand under $path", ({ own, path }) => {
    expect(functionRolePath("prod", { own })).toBe(path);
  });

  it("have names of their own: IAM wants them unique whatever the path", () => {
    const names = functionNames.map((name) => functionRoleName("prod", name));
    expect(new Set(names).size).toBe(names.length);
  });

  it.each(functionNames)(
    "%s fits the 64 characters of IAM and Lambda in the longest stage",
    (name) => {
      expect(functionRoleName(longestStage, name).length).toBeLessThanOrEqual(64);
    },
  );
});

describe("the pattern that customers trust", () => {
  const where = { partition: "aws", accountId: "111122223333" };

  it("is our account's customer path of the stage", () => {
    expect(trustedRolePattern({ ...where, stage: "prod" })).toBe(
      "arn:aws:iam::111122223333:role/spot-optimizer/prod/customer/*",
    );
  });

  it("names our account's principal", () => {
    const pattern = trustedRolePattern({ ...where, stage: "prod-2" });
    expect(readTrustedRolePattern(pattern)).toEqual({
      principal: "arn:aws:iam::111122223333:root",
      pattern,
    });
  });

  it.each(["aws-cn", "aws-us-gov"])(
    "is not read in partition %s, which is not served",
    (partition) => {
      const pattern = trustedRolePattern({ ...where, partition, stage: "prod" });
      expect(readTrustedRolePattern(pattern)).toBeUndefined();
    },
  );

  it("is short, however long the stage and however many the functions", () => {
    const longest = { partition: "aws-iso-b", accountId: "111122223333", stage: longestStage };
    expect(trustedRolePattern(longest).length).toBeLessThanOrEqual(80);
  });
});
