/**
 * The customer's role against AWS's Service Authorization Reference: each action exists, each kind of resource that a call is
 * authorised on can be matched, and no condition asks for a key that the action does not have there.
 */
import { describe, expect, it } from "@jest/globals";
import {
  customerActions,
  functionNames,
  functionRows,
  impliedActions,
} from "../../lambdas/access/functions.ts";
import { customerRoleStatements } from "../../lambdas/access/customer-role.ts";
import type { RoleStatement } from "../../lambdas/access/parts/part.ts";
import { serviceAuthorization } from "../../local/cloud/iam/service-authorization.ts";
import { arnLike } from "../../local/cloud/iam/wildcards.ts";

const { actions } = serviceAuthorization();
const statements = customerRoleStatements();

/**
 * What AWS authorises and the reference does not list. RunInstances with a Spot request: EC2 user guide, Spot Instance requests,
 * "Grant permission to tag Spot Instance requests".
 */
const unlisted: Readonly<Record<string, readonly string[]>> = {
  "ec2:RunInstances": [
    "arn:${Partition}:ec2:${Region}:${Account}:spot-instances-request/${SpotInstanceRequestId}",
  ],
};

/** An ARN of the form, with something for each part that varies. */
const exampleOf = (form: string): string =>
  form.replace("${Partition}", "aws").replaceAll(/\$\{[^}]+\}/g, "x1");

/** One may be narrower than the other: a pattern names what fits the form, or the form what fits the pattern. */
const isOf = (pattern: string, form: string): boolean =>
  arnLike(pattern, exampleOf(form)) ||
  arnLike(
    form.replace("${Partition}", "aws").replaceAll(/\$\{[^}]+\}/g, "*"),
    pattern.replaceAll("*", "x1"),
  );

const covers = ({ resources }: RoleStatement, form: string): boolean =>
  resources.some((pattern) => pattern === "*" || isOf(pattern, form));

const spelled = (key: string): string =>
  key.replace(/^(\w+:(?:[rR]esource|Request)Tag)\/.*$/, "$1/${TagKey}");

const keysOf = ({ conditions = {} }: RoleStatement): readonly string[] =>
  Object.values(conditions).flatMap((keys) => Object.keys(keys).map(spelled));

interface Place {
  readonly action: string;
  readonly type: string;
  readonly form: string;
  readonly required: boolean;
  readonly keys: readonly string[];
}

const placesOf = (action: string): readonly Place[] =>
  Object.entries(actions[action]?.resources ?? {}).map(([type, { arn: form, required, keys }]) => ({
    action,
    type,
    form,
    required,
    keys: [...keys, ...(actions[action]?.keys ?? [])],
  }));

/** Whether a statement can ever be about the action on that kind of resource. */
const canMatch = (statement: RoleStatement, { action, form, keys }: Place): boolean =>
  statement.actions.includes(action) &&
  covers(statement, form) &&
  keysOf(statement).every((key) => keys.includes(key));

const allowing = statements.filter(({ effect }) => effect !== "Deny");

describe("the customer's role, against AWS's authorization reference", () => {
  it("has an entry in the table for each action that a function uses, and for no other", () => {
    const used = new Set([
      ...customerActions,
      ...impliedActions,
      ...functionNames.flatMap((name) => functionRows[name].own),
    ]);
    expect(Object.keys(actions).sort()).toEqual([...used].sort());
  });

  const required = [...customerActions, ...impliedActions]
    .flatMap(placesOf)
    .filter((place) => place.required)
    .map((place) => ({ ...place, allowed: allowing.some((one) => canMatch(one, place)) }));

  it.each(required)(
    "can allow $action on $type, which each call is authorised on",
    ({ allowed }) => {
      expect(allowed).toBe(true);
    },
  );

  const narrowed = statements
    .flatMap((statement) =>
      statement.resources.map((pattern) => ({ sid: statement.sid, pattern, statement })),
    )
    .filter(({ pattern }) => pattern !== "*");

  it.each(narrowed)("$sid names resources of its actions: $pattern", ({ pattern, statement }) => {
    const forms = statement.actions.flatMap((action) => [
      ...placesOf(action).map(({ form }) => form),
      ...(unlisted[action] ?? []),
    ]);
    expect(forms.filter((form) => form !== "*" && isOf(pattern, form))).not.toEqual([]);
  });

  const conditioned = statements
    .filter((statement) => keysOf(statement).length > 0)
    .flatMap((statement) =>
      statement.actions.map((action) => ({ sid: statement.sid, action, statement })),
    );

  it.each(conditioned)("$sid asks of $action for keys that it has", ({ action, statement }) => {
    const keys = [
      ...(actions[action]?.keys ?? []),
      ...placesOf(action).flatMap((place) => place.keys),
    ];
    expect(keysOf(statement).filter((key) => !keys.includes(key))).toEqual([]);
  });

  /** A negated condition holds for a key that is not there: the denial would be of everything. */
  const denying = statements.filter(({ effect }) => effect === "Deny");

  it.each(denying)("$sid denies only where its keys are known", (statement) => {
    const blind = statement.actions
      .flatMap(placesOf)
      .filter(({ form }) => covers(statement, form))
      .filter(({ keys }) => !keysOf(statement).every((key) => keys.includes(key)));
    expect(blind).toEqual([]);
  });
});
