/**
 * Who a caller of the API is as a person, and as what he is listed among the approvers. One person may have many sessions and
 * several permission sets; a role that anybody may name his sessions in is one person, whoever has assumed it.
 * Sources: API Gateway developer guide, mapping template reference (`$context.identity`); IAM user guide, "Unique identifiers".
 */
import type { Caller, ListedAs } from "../model/approval.ts";
import type { ApprovalSettings } from "../model/approval-settings.ts";
import { assumersOf, type OwnRole } from "./role-trust.ts";

/** As API Gateway tells it after it has checked the signature. */
export interface IamIdentity {
  readonly kind: "IAM";
  readonly userArn: string;
  /** Unique id: `AIDA…` of a user, `AROA…:session` of a role's session. */
  readonly caller?: string;
  /** Twelve digits. */
  readonly accountId?: string;
  readonly cognitoIdentityId?: string;
}

/** From a header, where nothing checks it. Absent: whoever sits there has not said who he is, and may approve nothing. */
interface LocalIdentity {
  readonly kind: "LOCAL";
  readonly name?: string;
}

export type Identity = IamIdentity | LocalIdentity;

type Approver = ApprovalSettings["approvers"][number];

export interface Identified {
  readonly caller: Caller;
  /** Absent: he may approve nothing. */
  readonly as?: ListedAs;
  /** Why not, though he is listed; or why all who come by his role are one person. A sentence. */
  readonly because?: string;
}

const unauthenticated = "unauthenticated:";

/** Who sits at a laptop and names nobody. */
export const atThisMachine = "local";

/** A session, a user or a header by the same name is likely the same person. */
const nameKey = (name: string): string => `name:${name.toLowerCase()}`;

const isListed = (approvers: readonly Approver[], as: ListedAs): boolean =>
  approvers.some(({ kind, id }) => kind === as.kind && id === as.id);

const listedOnly = (approvers: readonly Approver[], caller: Caller, as: ListedAs): Identified =>
  isListed(approvers, as) ? { caller, as } : { caller };

/** IAM Identity Center alone makes roles of such names under its path, but anybody may make one elsewhere: it must be listed too. */
const isOfIdentityCenter = (userArn: string): boolean =>
  userArn.includes(":assumed-role/AWSReservedSSO_");

const roleKey = (id: string): string => `role:${id}`;
const isRoleKey = (key: string): boolean => key.startsWith(roleKey(""));

const identifySession = (
  { userArn, caller = "" }: IamIdentity,
  approvers: readonly Approver[],
): Identified => {
  const [roleId = ""] = caller.split(":");
  const session = nameKey(userArn.slice(userArn.lastIndexOf("/") + 1));
  const asSso: ListedAs = { kind: "SSO_ROLE", id: roleId };
  // IAM Identity Center names the session by the user: two permission sets of one user are one person.
  if (isListed(approvers, asSso) && isOfIdentityCenter(userArn)) {
    return { caller: { name: userArn, keys: [session] }, as: asSso };
  }
  const keys = [roleKey(roleId), session];
  return listedOnly(approvers, { name: userArn, keys }, { kind: "ROLE", id: roleId });
};

/** Of AWS itself. */
const isServiceRole = (userArn: string): boolean => /:assumed-role\/AWSServiceRole/.test(userArn);

const identifyIam = (
  identity: IamIdentity,
  approvers: readonly Approver[],
  ownAccountId: string,
): Identified => {
  const { userArn, caller = "", accountId, cognitoIdentityId } = identity;
  const nobody = { caller: { name: userArn, keys: [`arn:${userArn}`] } };
  if (accountId !== ownAccountId || isServiceRole(userArn)) return nobody;
  if (cognitoIdentityId !== undefined) {
    const keys = [`cognito:${cognitoIdentityId}`];
    const as: ListedAs = { kind: "COGNITO", id: cognitoIdentityId };
    return listedOnly(approvers, { name: userArn, keys }, as);
  }
  if (userArn.includes(":assumed-role/")) return identifySession(identity, approvers);
  // Root and federated users are on no list.
  if (!/:user\//.test(userArn)) return nobody;
  const keys = [`user:${caller}`, nameKey(userArn.slice(userArn.lastIndexOf("/") + 1))];
  return listedOnly(approvers, { name: userArn, keys }, { kind: "USER", id: caller });
};

/** @param ownAccountId of the deployment: who comes from another account approves nothing */
export const identify = (
  identity: Identity,
  approvers: readonly Approver[],
  ownAccountId: string,
): Identified => {
  if (identity.kind === "IAM") return identifyIam(identity, approvers, ownAccountId);
  const { name } = identity;
  if (name === undefined) return { caller: { name: atThisMachine, keys: [atThisMachine] } };
  const caller = { name: `${unauthenticated}${name}`, keys: [nameKey(name)] };
  return { caller, as: { kind: "LOCAL", id: name } };
};

/** `…:assumed-role/Role/session`; the path of a role is not told. */
export const roleNameIn = (userArn: string): string => userArn.split("/")[1] ?? "";

/**
 * One who is listed by his role, once IAM has shown that. Where its trust policy holds each session to the name of who opens it, that name is
 * the person.
 * @param role of that name; absent: IAM has none
 */
export const identifyByTrust = (
  { caller, as }: Identified & { readonly as: ListedAs },
  { role, accountId }: { readonly role: OwnRole | undefined; readonly accountId: string },
): Identified => {
  const name = `Role ${roleNameIn(caller.name)}`;
  // Its sessions live on for a while, also where another was made under its name.
  if (role?.roleId !== as.id) return { caller, because: `${name} (${as.id}) was deleted.` };
  const assumers = assumersOf(role.trustPolicy, accountId);
  switch (assumers.kind) {
    case "NAMED_USERS":
      return { caller: { ...caller, keys: caller.keys.filter((key) => !isRoleKey(key)) }, as };
    case "ONE_PERSON":
      return { caller, as, because: `${name} counts as one person: ${assumers.because}.` };
    case "NOT_PERSONS":
      return { caller, because: `${name} approves nothing: ${assumers.because}.` };
  }
};

/** One of them is known as the role alone: he may be any who comes by it. */
export const mayBeSameSession = (
  one: { readonly by: Caller; readonly as: ListedAs },
  other: Identified,
): boolean =>
  one.as.kind === "ROLE" &&
  one.as.id === other.as?.id &&
  [...one.by.keys, ...other.caller.keys].some(isRoleKey);

export const isSamePerson = (one: Caller, other: Caller): boolean =>
  one.keys.some((key) => other.keys.includes(key));

/** Whoever was taken from the list since has not agreed. */
export const countsStill = (as: ListedAs, approvers: readonly Approver[]): boolean =>
  as.kind === "LOCAL" || isListed(approvers, as);
