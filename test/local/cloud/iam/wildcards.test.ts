import { describe, expect, it } from "@jest/globals";
import { actionMatches, arnLike } from "../../../../local/cloud/iam/wildcards.ts";

describe("ArnLike", () => {
  it.each([
    { pattern: "arn:aws:iam::1:role/a/*", arn: "arn:aws:iam::1:role/a/b", like: true },
    { pattern: "arn:aws:iam::1:role/a/*", arn: "arn:aws:iam::1:role/a/b/c", like: true },
    { pattern: "arn:aws:iam::1:role/a/*", arn: "arn:aws:iam::1:role/ab/c", like: false },
    { pattern: "arn:aws:iam::1:role/a/*", arn: "arn:aws:iam::1:role/A/b", like: false },
    { pattern: "arn:aws:iam::1:role/a.b", arn: "arn:aws:iam::1:role/a-b", like: false },
    { pattern: "arn:aws:iam::?:role/a", arn: "arn:aws:iam::1:role/a", like: true },
    { pattern: "arn:aws:iam::*:role/a", arn: "arn:aws:iam::1:role/a", like: true },
    // A wildcard stays within its part of the ARN.
    { pattern: "arn:aws:*:role/a", arn: "arn:aws:iam::1:role/a", like: false },
    { pattern: "arn:aws:iam::1*:role/a", arn: "arn:aws:iam::1:x:role/a", like: false },
    { pattern: "arn:aws:logs:r:1:*", arn: "arn:aws:logs:r:1:log-group:a:b", like: true },
  ])("$arn like $pattern: $like", ({ pattern, arn, like }) => {
    expect(arnLike(pattern, arn)).toBe(like);
  });
});

describe("an action", () => {
  it.each([
    { pattern: "ec2:Describe*", action: "ec2:DescribeInstances", matches: true },
    { pattern: "EC2:describeinstances", action: "ec2:DescribeInstances", matches: true },
    { pattern: "ec2:Describe", action: "ec2:DescribeInstances", matches: false },
    { pattern: "*", action: "sts:AssumeRole", matches: true },
  ])("$action matches $pattern: $matches", ({ pattern, action, matches }) => {
    expect(actionMatches(pattern, action)).toBe(matches);
  });
});
