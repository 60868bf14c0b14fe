import { beforeEach, describe, expect, it } from "@jest/globals";
import { parse } from "yaml";
import { customerRoleStatements } from "../../../lambdas/access/customer-role.ts";
import { roleTemplate } from "../../../lambdas/api/role-template.ts";
import {
  apiUnderTest,
  labAccount,
  trustedRolePattern,
  type ApiUnderTest,
} from "./api-under-test.ts";

type Template = ReturnType<typeof roleTemplate>;

describe("the role template", () => {
  let api: ApiUnderTest;
  let externalId: string;
  let template: Template;
  let text: string;
  beforeEach(async () => {
    api = apiUnderTest();
    const created = await api.send("POST", "/accounts", labAccount);
    externalId = (created.body as { external_id: string }).external_id;
    const answer = await api.send("GET", `/accounts/${labAccount.account_id}/role-template`);
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-type")).toBe("application/yaml");
    expect(answer.headers.get("cache-control")).toBe("no-store");
    text = answer.body;
    template = parse(text) as Template;
  });

  it("trusts our account, of it the roles under the path, and only with this account's ExternalId", () => {
    const { AssumeRolePolicyDocument } = template.Resources.SpotOptimizerRole.Properties;
    expect(AssumeRolePolicyDocument.Statement).toEqual([
      {
        Sid: "SpotOptimizer",
        Effect: "Allow",
        Principal: { AWS: "arn:aws:iam::111122223333:root" },
        Action: "sts:AssumeRole",
        Condition: {
          StringEquals: { "sts:ExternalId": externalId },
          ArnLike: { "aws:PrincipalArn": trustedRolePattern },
        },
      },
    ]);
  });

  it("makes the role under the name that we assume", () => {
    const { RoleName, MaxSessionDuration } = template.Resources.SpotOptimizerRole.Properties;
    expect(RoleName).toBe("SpotOptimizerRole");
    expect(MaxSessionDuration).toBe(3600);
    expect(template.Outputs.RoleArn.Value).toEqual({ "Fn::GetAtt": ["SpotOptimizerRole", "Arn"] });
  });

  it("grants the statements of the permission list and no others, effects and conditions kept", () => {
    const [policy] = template.Resources.SpotOptimizerRole.Properties.Policies;
    expect(policy?.PolicyDocument.Statement).toEqual(
      customerRoleStatements().map((statement) => ({
        Sid: statement.sid,
        Effect: statement.effect ?? "Allow",
        Action: statement.actions,
        Resource: statement.resources,
        ...(statement.conditions === undefined ? {} : { Condition: statement.conditions }),
      })),
    );
  });

  it("fits IAM's limit of 10,240 characters for the inline policies of a role", () => {
    const [policy] = template.Resources.SpotOptimizerRole.Properties.Policies;
    expect(JSON.stringify(policy?.PolicyDocument).length).toBeLessThan(10_240);
  });

  it("has unique, alphanumeric statement ids, as IAM wants them", () => {
    const [policy] = template.Resources.SpotOptimizerRole.Properties.Policies;
    const sids = policy?.PolicyDocument.Statement.map((statement) => statement.Sid) ?? [];
    expect(new Set(sids).size).toBe(sids.length);
    for (const sid of sids) expect(sid).toMatch(/^[A-Za-z0-9]+$/);
  });

  it("uses no YAML anchors, which CloudFormation reads differently", () => {
    expect(text).not.toMatch(/[&*]a\d/);
  });

  it("fits IAM's limit of 2,048 characters for a trust policy five times, with the longest stage", () => {
    const longest = trustedRolePattern.replace("prod", "a".repeat(16));
    const { SpotOptimizerRole } = roleTemplate({
      account: { accountId: "444455556666" as never, externalId },
      trustedRolePattern: longest,
    }).Resources;
    const policy = JSON.stringify(SpotOptimizerRole.Properties.AssumeRolePolicyDocument);
    expect(policy).toContain(longest);
    expect(policy.length).toBeLessThan(2048 / 5);
  });

  it.each([
    { pattern: "" },
    { pattern: "*" },
    { pattern: "arn:aws:iam::111122223333:role/*" },
    { pattern: "arn:aws:iam::111122223333:role/spot-optimizer/*" },
    { pattern: "arn:aws:iam::111122223333:role/spot-optimizer/*/customer/*" },
    { pattern: "arn:aws:iam::111122223333:role/spot-optimizer/prod/own/*" },
    { pattern: "arn:aws:iam::*:role/spot-optimizer/prod/customer/*" },
    { pattern: "arn:aws:iam::111122223333:user/spot-optimizer/prod/customer/*" },
  ])("is never made for the pattern '$pattern', which trusts others", ({ pattern }) => {
    expect(() =>
      roleTemplate({
        account: { accountId: "444455556666" as never, externalId },
        trustedRolePattern: pattern,
      }),
    ).toThrow("not a customer path");
  });

  it("answers 404 for an unknown account", async () => {
    expect((await api.send("GET", "/accounts/000000000000/role-template")).status).toBe(404);
  });
});
