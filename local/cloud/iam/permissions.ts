/**
 * Which actions a caller may use: allow and deny lists of `ec2:RunInstances` with `*` wildcards, as in an IAM
 * policy but without resources and conditions, which the simulated cloud doesn't weigh.
 */
import type { ServiceId } from "../../schemas/model.ts";
import { CloudError } from "../contract.ts";
import { actionMatches } from "./wildcards.ts";

export interface Permissions {
  readonly allow: readonly string[];
  readonly deny: readonly string[];
}

/** IAM's own prefix where it is not the name under which requests are signed (service authorization reference). */
const prefixes: Readonly<Partial<Record<ServiceId, string>>> = { monitoring: "cloudwatch" };

/** As IAM spells it: `ec2:RunInstances`. */
export const actionOf = ({
  service,
  operation,
}: {
  readonly service: ServiceId;
  readonly operation: string;
}): string => `${prefixes[service] ?? service}:${operation}`;

export type Judgement = "ALLOWED" | "DENIED" | "EXPLICITLY_DENIED";

export const everything: Permissions = { allow: ["*"], deny: [] };

const matchesAny = (list: readonly string[], action: string): boolean =>
  list.some((entry) => actionMatches(entry, action));

/** All layers (the role, then the session's own policy) must allow; one denial anywhere decides. */
export const judgeAction = (layers: readonly Permissions[], action: string): Judgement => {
  if (layers.some((layer) => matchesAny(layer.deny, action))) return "EXPLICITLY_DENIED";
  return layers.every((layer) => matchesAny(layer.allow, action)) ? "ALLOWED" : "DENIED";
};

/** AWS takes at most 2,048 characters of session policy. Source: STS API reference, AssumeRole, `Policy`. */
const longestSessionPolicy = 2048;

/** @throws CloudError `PackedPolicyTooLarge`, `MalformedPolicyDocument` */
export const parseSessionPolicy = (text: string): Permissions => {
  if (text.length > longestSessionPolicy) {
    throw new CloudError(
      "PackedPolicyTooLarge",
      `The session policy has ${String(text.length)} characters; at most ${String(longestSessionPolicy)} are accepted.`,
    );
  }
  const statements = statementsOf(text);
  const actionsOf = (effect: string): readonly string[] =>
    statements.filter((statement) => statement.effect === effect).flatMap(({ actions }) => actions);
  return { allow: actionsOf("Allow"), deny: actionsOf("Deny") };
};

interface Statement {
  readonly effect: string;
  readonly actions: readonly string[];
}

const statementsOf = (text: string): readonly Statement[] => {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (error) {
    throw malformed(error instanceof Error ? error.message : "not JSON");
  }
  const { Statement: found } = recordOf(document, "the policy");
  const list: readonly unknown[] = Array.isArray(found) ? found : [found];
  return list.map((entry) => {
    const { Effect: effect, Action: action } = recordOf(entry, "a statement");
    if (effect !== "Allow" && effect !== "Deny") throw malformed("Effect must be Allow or Deny");
    const actions: readonly unknown[] = Array.isArray(action) ? action : [action];
    if (!actions.every((each) => typeof each === "string")) throw malformed("Action must be text");
    return { effect, actions };
  });
};

const recordOf = (value: unknown, what: string): Readonly<Record<string, unknown>> => {
  if (typeof value !== "object" || value === null) throw malformed(`${what} must be an object`);
  return value as Readonly<Record<string, unknown>>;
};

const malformed = (why: string): CloudError =>
  new CloudError("MalformedPolicyDocument", `The session policy can't be read: ${why}.`);
