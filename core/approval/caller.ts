/**
 * Who a caller of the API is as a person, and as what he is listed among the approvers. One person may have many sessions and
 * several permission sets; a role that anybody may name his sessions in is one person, whoever has assumed it.
 * Sources: API Gateway developer guide, mapping template reference (`$context.identity`); IAM user guide, "Unique identifiers".
 */
import type { Caller, ListedAs } from "../model/approval.ts";
import type { ApprovalSettings } from "../model/approval-settings.ts";

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
  const keys = [`role:${roleId}`, session];
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

export const isSamePerson = (one: Caller, other: Caller): boolean =>
  one.keys.some((key) => other.keys.includes(key));

/** Whoever was taken from the list since has not agreed. */
export const countsStill = (as: ListedAs, approvers: readonly Approver[]): boolean =>
  as.kind === "LOCAL" || isListed(approvers, as);
