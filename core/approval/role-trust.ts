/**
 * Reads in a role's trust policy who comes by it: persons by their own names, one who may call himself anything, or machines. Where nothing
 * proves more, all who come by it are one person.
 * Sources: IAM user guide, "IAM and AWS STS condition context keys" (`sts:RoleSessionName`), "AWS JSON policy elements: Principal",
 * "IAM policy elements: Variables and tags" (`aws:username` is there for IAM users alone).
 */
import { listed, namesAny, readPolicy, type PolicyStatement } from "../model/iam-policy.ts";

/** Of our own account, as IAM shows it. */
export interface OwnRole {
  /** `AROA…`: a role that is made anew under its name has another. */
  readonly roleId: string;
  /** JSON. */
  readonly trustPolicy: string;
}

export type Assumers =
  /** IAM users of our account, each in sessions of his own name. */
  | { readonly kind: "NAMED_USERS" }
  /** @param because why not more, as the end of a sentence */
  | { readonly kind: "ONE_PERSON"; readonly because: string }
  /** A service or a pipeline may be among them, or nobody can tell. */
  | { readonly kind: "NOT_PERSONS"; readonly because: string };

const byWebIdentity = "sts:AssumeRoleWithWebIdentity";
const waysIn = ["sts:AssumeRole", "sts:AssumeRoleWithSAML", byWebIdentity];

const allows = ({ Action, NotAction }: PolicyStatement, action: string): boolean =>
  Action === undefined
    ? !namesAny(listed(NotAction), [action])
    : namesAny(listed(Action), [action]);

/** A denial takes ways in away, which is not looked at: then too much is assumed of who may come. */
const letsIn = (statement: PolicyStatement): boolean =>
  statement.Effect === "Allow" && waysIn.some((action) => allows(statement, action));

const principalsOf = ({ Principal: named }: PolicyStatement, kind: string): readonly string[] =>
  typeof named === "object" ? listed(named[kind]) : [];

/** `"*"`, `{"AWS": "*"}`, and all but those that NotPrincipal names. */
const letsAnybodyIn = (statement: PolicyStatement): boolean =>
  statement.Principal === undefined ||
  typeof statement.Principal === "string" ||
  principalsOf(statement, "AWS").includes("*");

/** The providers of SAML are the company's own; any other gives tokens to workloads: of a pipeline, a cluster, an app. */
const machinesOf = (statement: PolicyStatement): readonly string[] => [
  ...principalsOf(statement, "Service"),
  ...principalsOf(statement, "Federated").filter((each) => !each.includes(":saml-provider/")),
  ...(letsAnybodyIn(statement) && allows(statement, byWebIdentity) ? ["anybody's tokens"] : []),
];

/** Never `…IfExists`, which lets in who names none; a list of values lets in who bears any of them. */
const equalities = ["StringEquals", "StringEqualsIgnoreCase", "StringLike"];

const isOwnName = (value: unknown): boolean => {
  const [only, ...others] = [value].flat();
  // Names of users have neither `*` nor `?`: StringLike says no more than StringEquals.
  return (
    others.length === 0 && typeof only === "string" && only.toLowerCase() === "${aws:username}"
  );
};

const pinsSessionName = ({ Condition: conditions }: PolicyStatement): boolean =>
  Object.entries(conditions ?? {}).some(
    ([operator, keys]) =>
      equalities.includes(operator) &&
      Object.entries((keys ?? {}) as object).some(
        ([key, value]) => key.toLowerCase() === "sts:rolesessionname" && isOwnName(value),
      ),
  );

/** Of another account's users nobody here knows who they are. */
const isOwn = (principal: string, accountId: string): boolean =>
  principal === accountId ||
  (principal.startsWith("arn:") &&
    principal.split(":").slice(2, 5).join(":") === `iam::${accountId}`);

const isOfOwnUsers = (statement: PolicyStatement, accountId: string): boolean =>
  !letsAnybodyIn(statement) &&
  principalsOf(statement, "AWS").every((each) => isOwn(each, accountId)) &&
  Object.keys(statement.Principal ?? {}).every((kind) => kind === "AWS");

const spelled = ({ Sid: sid }: PolicyStatement, index: number): string =>
  sid === undefined || sid === "" ? `statement ${String(index + 1)}` : `statement ${sid}`;

const notPinnedBy = (statement: PolicyStatement, accountId: string): string | undefined => {
  if (!letsIn(statement)) return undefined;
  if (!pinsSessionName(statement)) return "does not hold sts:RoleSessionName to ${aws:username}";
  return isOfOwnUsers(statement, accountId) ? undefined : "lets in others than this account's own";
};

/** Policy variables are read since this version; before, they are letters like any others. */
const withVariables = "2012-10-17";

/** @param accountId of the role */
export const assumersOf = (trustPolicy: string, accountId: string): Assumers => {
  const policy = readPolicy(trustPolicy);
  if (policy === undefined) {
    return { kind: "NOT_PERSONS", because: "its trust policy can't be read" };
  }
  const { version, statements } = policy;
  const ways = statements.filter(letsIn);
  const [machine] = ways.flatMap(machinesOf);
  if (machine !== undefined) {
    return { kind: "NOT_PERSONS", because: `its trust policy lets in ${machine}` };
  }
  if (version !== withVariables) {
    return { kind: "ONE_PERSON", because: `its trust policy is not of version ${withVariables}` };
  }
  if (ways.length === 0) {
    return { kind: "ONE_PERSON", because: "its trust policy lets nobody in by now" };
  }
  const [open] = statements.flatMap((statement, index) => {
    const why = notPinnedBy(statement, accountId);
    return why === undefined ? [] : [`${spelled(statement, index)} of its trust policy ${why}`];
  });
  return open === undefined ? { kind: "NAMED_USERS" } : { kind: "ONE_PERSON", because: open };
};
