/** A customer applies our role template to an account of the simulated cloud, as CloudFormation would. */
import { parse } from "yaml";
import * as z from "zod";
import type { Cloud } from "../cloud/dispatch.ts";

const listOf = z.union([z.string().transform((one) => [one]), z.array(z.string())]);

const templateSchema = z.object({
  Resources: z.object({
    SpotOptimizerRole: z.object({
      Properties: z.object({
        RoleName: z.string(),
        AssumeRolePolicyDocument: z.object({
          Statement: z.tuple([
            z.object({
              Principal: z.strictObject({ AWS: listOf }),
              // Strict, so that a condition which the simulated STS doesn't weigh is not passed over.
              Condition: z.strictObject({
                StringEquals: z.strictObject({ "sts:ExternalId": z.string() }),
                ArnLike: z.strictObject({ "aws:PrincipalArn": z.string() }),
              }),
            }),
          ]),
        }),
        Policies: z.array(
          z.object({
            PolicyDocument: z.object({
              Statement: z.array(
                z.object({
                  Effect: z.enum(["Allow", "Deny"]),
                  Action: listOf,
                  Condition: z.unknown().optional(),
                }),
              ),
            }),
          }),
        ),
      }),
    }),
  }),
});

/**
 * The simulated IAM judges actions and knows no conditions: a Deny that has one is left out.
 * @returns the role's ARN. Throws ZodError when the template is not ours.
 */
export const applyRoleTemplate = (
  cloud: Pick<Cloud, "identities">,
  accountId: string,
  yaml: string,
): string => {
  const role = templateSchema.parse(parse(yaml)).Resources.SpotOptimizerRole.Properties;
  const [trust] = role.AssumeRolePolicyDocument.Statement;
  const statements = role.Policies.flatMap((policy) => policy.PolicyDocument.Statement);
  const actions = (effect: "Allow" | "Deny"): string[] =>
    statements
      .filter((statement) => statement.Effect === effect)
      .filter((statement) => effect === "Allow" || statement.Condition === undefined)
      .flatMap((statement) => statement.Action);
  return cloud.identities.addRole({
    accountId,
    name: role.RoleName,
    trustedPrincipals: trust.Principal.AWS,
    externalId: trust.Condition.StringEquals["sts:ExternalId"],
    principalArnLike: trust.Condition.ArnLike["aws:PrincipalArn"],
    allow: actions("Allow"),
    deny: actions("Deny"),
  }).arn;
};
