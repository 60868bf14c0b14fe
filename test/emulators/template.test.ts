/** The template as CloudFormation would read it, by cfn-lint: its schemas of resources are AWS's own. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { accountIdSchema } from "../../core/model/ids.ts";
import { regionTemplate, roleTemplate } from "../../lambdas/api/role-template.ts";
import { templateOf } from "../infra/synthesised.ts";
import { runToEnd } from "./child.ts";
import { python } from "./tools.ts";

/** W3005: the CDK lets a function wait for its role's policies, and names the role with them; once too often harms nothing. */
const ignored = ["W3005"];

const lint = async (template: unknown): Promise<string> => {
  const folder = mkdtempSync(join(tmpdir(), "spot-optimizer-lint-"));
  try {
    const file = join(folder, "template.json");
    writeFileSync(file, JSON.stringify(template));
    const { code, output } = await runToEnd({
      command: python("cfn-lint"),
      args: [
        "--regions",
        "eu-central-1",
        "us-east-1",
        "--ignore-checks",
        ...ignored,
        "--format",
        "parseable",
        "--",
        file,
      ],
    });
    return code === 0 ? "" : output.replaceAll(file, "template");
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

describe("cfn-lint", () => {
  it("finds nothing in the stack's template", async () => {
    expect(await lint(templateOf().toJSON())).toBe("");
  }, 300_000);

  it("finds nothing in a customer's role template", async () => {
    const template = roleTemplate({
      account: { accountId: accountIdSchema.parse("444455556666"), externalId: "spot-optimizer-x" },
      trustedRolePattern: "arn:aws:iam::111122223333:role/spot-optimizer/prod/customer/*",
      eventBusArn: "arn:aws:events:us-east-1:111122223333:event-bus/spot-optimizer-prod",
    });
    expect(await lint(template)).toBe("");
  }, 300_000);

  it("finds nothing in what a customer applies in a further region", async () => {
    const template = regionTemplate({
      account: { accountId: accountIdSchema.parse("444455556666"), externalId: "spot-optimizer-x" },
      eventBusArn: "arn:aws:events:us-east-1:111122223333:event-bus/spot-optimizer-prod",
    });
    expect(await lint(template)).toBe("");
  }, 300_000);

  it("finds what is wrong, so that its silence says something", async () => {
    const wrong = {
      Resources: { Table: { Type: "AWS::DynamoDB::Table", Properties: { Nme: 1 } } },
    };
    expect(await lint(wrong)).toContain("Nme");
  }, 300_000);
});
