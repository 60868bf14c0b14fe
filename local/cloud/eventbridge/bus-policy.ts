/**
 * Who may put events on a bus: the bus' resource policy. Sources: EventBridge user guide, "Permissions for event buses", "Using IAM policy
 * conditions" (`events:source`); API reference, PutPermission.
 */
import * as z from "zod";
import { CloudError } from "../contract.ts";
import { isAbout, namesAction, type Statement } from "../iam/policy.ts";
import { statementSchema } from "../iam/permissions.ts";

/** "The maximum size of the policy is 10,240 characters" (EventBridge quotas, event bus policy). */
const longestPolicy = 10_240;

const listOf = z.union([z.string().transform((one) => [one]), z.array(z.string())]);

const principalSchema = z.union([
  z.literal("*").transform(() => ["*"]),
  z.strictObject({ AWS: listOf }).transform(({ AWS }) => AWS),
]);

const entrySchema = z
  .looseObject({ Principal: principalSchema })
  .transform((entry) => ({ principals: entry.Principal, statement: statementSchema.parse(entry) }));

const policySchema = z.object({ Statement: z.array(entrySchema) });

export interface BusPolicy {
  readonly json: string;
  readonly entries: readonly {
    readonly principals: readonly string[];
    readonly statement: Statement;
  }[];
}

/** @throws CloudError PolicyLengthExceededException; ZodError for what the simulated policies don't have */
export const busPolicy = (json: string): BusPolicy => {
  if (json.length > longestPolicy) {
    throw new CloudError(
      "PolicyLengthExceededException",
      `The event bus policy is too long: ${String(json.length)} of ${String(longestPolicy)} characters.`,
    );
  }
  return { json, entries: policySchema.parse(JSON.parse(json)).Statement };
};

const isMeant = (principals: readonly string[], accountId: string): boolean =>
  ["*", accountId, `arn:aws:iam::${accountId}:root`].some((name) => principals.includes(name));

/** May an account put an event of that source on the bus? Its own account may, by its IAM policies. */
export const letsIn = (
  bus: { readonly arn: string; readonly accountId: string; readonly policy: BusPolicy | undefined },
  asked: { readonly accountId: string; readonly source: string },
): boolean => {
  const resource = {
    arn: bus.arn,
    key: (name: string) =>
      ({ "events:source": asked.source, "aws:PrincipalAccount": asked.accountId })[name],
  };
  const speaking = (bus.policy?.entries ?? []).filter(
    ({ principals, statement }) =>
      isMeant(principals, asked.accountId) &&
      namesAction(statement, "events:PutEvents") &&
      isAbout(statement, resource),
  );
  if (speaking.some(({ statement }) => statement.effect === "Deny")) return false;
  return bus.accountId === asked.accountId || speaking.length > 0;
};
