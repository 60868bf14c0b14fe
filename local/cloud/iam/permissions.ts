/**
 * Which calls a caller may make: policies of statements with resources and conditions, as IAM weighs them. Allow and deny lists of
 * actions are short for statements on every resource.
 * Source: IAM user guide, Policy evaluation logic.
 */
import * as z from "zod";
import type { ServiceId } from "../../schemas/services.ts";
import { CloudError } from "../contract.ts";
import {
  type Asked,
  type AskedResource,
  type Conditions,
  type Statement,
  isAbout,
  isKnownOperator,
  isUnbound,
  namesAction,
} from "./policy.ts";

export interface Permissions {
  /** `ec2:RunInstances`, with `*` wildcards: on every resource. */
  readonly allow: readonly string[];
  readonly deny: readonly string[];
  readonly statements?: readonly Statement[] | undefined;
}

export interface Judgement {
  readonly kind: "ALLOWED" | "DENIED" | "EXPLICITLY_DENIED";
  /** What was not allowed. */
  readonly action?: string;
  /** Absent where the action has no resource. */
  readonly arn?: string;
}
/** IAM's own prefix where it is not the name under which requests are signed (service authorization reference). */
const prefixes: Readonly<Partial<Record<ServiceId, string>>> = {
  monitoring: "cloudwatch",
  "classic-load-balancing": "elasticloadbalancing",
};

/** Where IAM has another word for an operation (service authorization reference, Actions defined by AWS Lambda). */
const otherNames: Readonly<Record<string, string>> = { "lambda:Invoke": "lambda:InvokeFunction" };

const spelled = new Map<ServiceId, Map<string, string>>();

/** As IAM spells it: `ec2:RunInstances`. One text for each operation: V8 finds it at once in what is kept by action. */
export const actionOf = ({
  service,
  operation,
}: {
  readonly service: ServiceId;
  readonly operation: string;
}): string => {
  const ofService = spelled.get(service) ?? new Map<string, string>();
  spelled.set(service, ofService);
  const known = ofService.get(operation);
  if (known !== undefined) return known;
  const action = `${prefixes[service] ?? service}:${operation}`;
  const made = otherNames[action] ?? action;
  ofService.set(operation, made);
  return made;
};

export const everything: Permissions = { allow: ["*"], deny: [] };

const allowed: Judgement = { kind: "ALLOWED" };

const onEverything = (effect: Statement["effect"], actions: readonly string[]): Statement[] =>
  actions.length === 0 ? [] : [{ effect, actions, resources: ["*"] }];

interface Layer {
  readonly statements: readonly Statement[];
  readonly byAction: Map<string, readonly Statement[]>;
}

/** Nobody changes a list of a role in place: what was made of one holds as long as it exists. */
const layers = new WeakMap<object, Layer>();

/** One list says it all of most: roles of the same function have it in common, and sessions with the same policy. */
const keyOf = (permissions: Permissions): object => {
  const { allow, deny, statements = [] } = permissions;
  if (deny.length > 0) return permissions;
  if (statements.length === 0) return allow;
  return allow.length === 0 ? statements : permissions;
};

const layerOf = (permissions: Permissions): Layer => {
  const key = keyOf(permissions);
  const known = layers.get(key);
  if (known !== undefined) return known;
  const { allow, deny, statements = [] } = permissions;
  const made: Layer = {
    statements: [...onEverything("Deny", deny), ...onEverything("Allow", allow), ...statements],
    byAction: new Map(),
  };
  layers.set(key, made);
  return made;
};

const statementsFor = (permissions: Permissions, action: string): readonly Statement[] => {
  const { statements, byAction } = layerOf(permissions);
  const known = byAction.get(action);
  if (known !== undefined) return known;
  const found = statements.filter((statement) => namesAction(statement, action));
  byAction.set(action, found);
  return found;
};

/** Whatever the call says. */
const mayDoAnything = ({ allow, deny, statements = [] }: Permissions): boolean =>
  allow.includes("*") && deny.length === 0 && statements.length === 0;

const judgeResource = (
  all: readonly Permissions[],
  action: string,
  resource: AskedResource,
): Judgement["kind"] => {
  const isOf = (effect: Statement["effect"], layer: Permissions): boolean =>
    statementsFor(layer, action).some(
      (statement) =>
        statement.effect === effect && (isUnbound(statement) || isAbout(statement, resource)),
    );
  if (all.some((layer) => isOf("Deny", layer))) return "EXPLICITLY_DENIED";
  return all.every((layer) => isOf("Allow", layer)) ? "ALLOWED" : "DENIED";
};

/** All layers (the role, then the session's own policy) must allow each action on each resource; one denial anywhere decides. */
export const judgeCall = (
  all: readonly Permissions[],
  asked: () => readonly Asked[],
): Judgement => {
  if (all.every(mayDoAnything)) return allowed;
  for (const { action, resources } of asked()) {
    for (const resource of resources) {
      const kind = judgeResource(all, action, resource);
      if (kind === "ALLOWED") continue;
      return { kind, action, ...(resource.arn === "*" ? {} : { arn: resource.arn }) };
    }
  }
  return allowed;
};

const textOrTexts = z.union([z.string().transform((one) => [one]), z.array(z.string())]);

const conditionsSchema = z
  .record(z.string(), z.record(z.string(), textOrTexts))
  .refine((conditions) => Object.keys(conditions).every(isKnownOperator), {
    error: "has a condition operator that the simulated IAM does not know",
  });

/** A statement as a policy document writes it. */
export const statementSchema = z
  .object({
    Sid: z.string().optional(),
    Effect: z.enum(["Allow", "Deny"], { error: "Effect must be Allow or Deny" }),
    Action: textOrTexts,
    Resource: textOrTexts,
    Condition: conditionsSchema.optional(),
  })
  .transform(({ Effect: effect, Action: actions, Resource: resources, Condition: conditions }) => ({
    effect,
    actions,
    resources,
    ...(conditions === undefined ? {} : { conditions: conditions satisfies Conditions }),
  }));

const documentSchema = z.object({
  Statement: z.union([statementSchema.transform((one) => [one]), z.array(statementSchema)]),
});

/** AWS takes at most 2,048 characters of session policy. Source: STS API reference, AssumeRole, `Policy`. */
const longestSessionPolicy = 2048;

/** Of policies that were read once: each evaluation assumes its role many times with the same. */
const sessionPolicies = new Map<string, Permissions>();
const mostSessionPolicies = 100;

/** @throws CloudError `PackedPolicyTooLarge`, `MalformedPolicyDocument` */
export const parseSessionPolicy = (text: string): Permissions => {
  const known = sessionPolicies.get(text) ?? readSessionPolicy(text);
  if (sessionPolicies.size >= mostSessionPolicies) sessionPolicies.clear();
  sessionPolicies.set(text, known);
  return known;
};

const readSessionPolicy = (text: string): Permissions => {
  if (text.length > longestSessionPolicy) {
    throw new CloudError(
      "PackedPolicyTooLarge",
      `The session policy has ${String(text.length)} characters; at most ${String(longestSessionPolicy)} are accepted.`,
    );
  }
  const document = documentSchema.safeParse(parsed(text));
  if (!document.success) throw malformed(z.prettifyError(document.error));
  return { allow: [], deny: [], statements: document.data.Statement };
};

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw malformed(error instanceof Error ? error.message : "not JSON");
  }
};

const malformed = (why: string): CloudError =>
  new CloudError("MalformedPolicyDocument", `The session policy can't be read: ${why}.`);
