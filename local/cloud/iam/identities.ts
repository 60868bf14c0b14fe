/** Who exists in the simulated cloud: accounts with users, roles and sessions, and the access keys that name them. */
import type { Random } from "../random.ts";
import type { Caller } from "../contract.ts";
import { type Permissions, everything } from "./permissions.ts";
import type { Statement } from "./policy.ts";

/** What a client signs with. */
export interface AccessKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export interface Role {
  readonly arn: string;
  /** `AROA…`: stands before the session name in `UserId`. */
  readonly id: string;
  readonly accountId: string;
  readonly name: string;
  /** Begins and ends with a slash; part of the role's ARN, but not of its sessions'. */
  readonly path: string;
  /** ARNs of users and roles, `arn:aws:iam::<account>:root`, or bare account ids. */
  readonly trustedPrincipals: readonly string[];
  /** Demanded of whoever assumes the role. */
  readonly externalId?: string;
  /** `ArnLike aws:PrincipalArn`: demanded of the ARN of the role (with its path) or user that assumes this one. */
  readonly principalArnLike?: string;
  /** `sts:RoleSessionName` is held to `${aws:username}`: users alone assume it, each in sessions of his name. */
  readonly hasNamedSessions?: boolean;
  /** Services that act by it: `lambda.amazonaws.com`. */
  readonly trustedServices?: readonly string[];
  /** ARNs of the OIDC providers whose tokens open a session. */
  readonly oidcProviders?: readonly string[];
  /** Actions such as `ec2:RunInstances`, with `*` wildcards, on every resource. */
  readonly allow: readonly string[];
  readonly deny: readonly string[];
  /** Of the policies that are attached to it. */
  readonly statements?: readonly Statement[];
  readonly maxSessionSeconds: number;
}

export interface Principal {
  readonly caller: Caller;
  /** Read at each call, so that a change of the role holds for sessions that are open. */
  readonly permissions: () => readonly Permissions[];
  /** Milliseconds since the epoch; absent for keys that don't expire. */
  readonly expiresAtMs?: number;
}

type RoleInput = Pick<
  Role,
  | "accountId"
  | "name"
  | "trustedPrincipals"
  | "externalId"
  | "principalArnLike"
  | "hasNamedSessions"
  | "trustedServices"
  | "oidcProviders"
> & {
  /** `/` unless told, as in IAM. */
  readonly path?: string;
  readonly allow?: readonly string[];
  readonly deny?: readonly string[];
  readonly statements?: readonly Statement[];
  /** 3,600 unless told, as in IAM. */
  readonly maxSessionSeconds?: number;
};

/** What may be changed of a role: who trusts, what is allowed. */
type RoleChange = Partial<
  Pick<
    Role,
    | "trustedPrincipals"
    | "principalArnLike"
    | "hasNamedSessions"
    | "allow"
    | "deny"
    | "statements"
    | "maxSessionSeconds"
  > & {
    readonly externalId: string | undefined;
  }
>;

export interface Identities {
  /** The account that the product itself runs in. */
  readonly ownAccountId: string;
  /** A user of the own account who may do everything: for set-up and for the AWS CLI. */
  readonly operator: AccessKey;
  addUser(input: {
    readonly accountId: string;
    readonly name: string;
    readonly allow?: readonly string[];
    readonly deny?: readonly string[];
  }): AccessKey;
  /** Replaces a role of the same ARN. Throws Error where the name is taken under another path. */
  addRole(input: RoleInput): Role;
  changeRole(arn: string, change: RoleChange): Role;
  /** Its sessions are denied everything from now on. */
  removeRole(arn: string): void;
  role(arn: string): Role | undefined;
  /** Under whatever path. */
  roleNamed(accountId: string, name: string): Role | undefined;
  /** A session of a role; without `expiresAtMs` the kind that a Lambda function is given. `policy` narrows the role. */
  openSession(input: {
    readonly roleArn: string;
    readonly sessionName: string;
    readonly expiresAtMs?: number;
    readonly policy?: Permissions;
  }): AccessKey;
  principal(accessKeyId: string): Principal | undefined;
  /** The key with its secret: who verifies a signature needs it. */
  key(accessKeyId: string): AccessKey | undefined;
}

/** Twenty characters, as AWS's own; the same in each run, so that it can be configured once. */
const operatorKey: AccessKey = {
  accessKeyId: "AKIALOCALOPERATOR000",
  secretAccessKey: "local-operator-secret",
};

/** A role's name is unique in its account, whatever the path (IAM user guide, IAM identifiers). @throws Error where another has it */
const roleNames = (roles: ReadonlyMap<string, Role>) => {
  /** ARNs by account and name, also of roles that were removed. */
  const named = new Map<string, string>();
  return (arn: string, { accountId, name }: RoleInput): void => {
    const key = `${accountId}/${name}`;
    const other = named.get(key) ?? arn;
    if (other !== arn && roles.has(other)) {
      throw new Error(`the name of ${arn} is taken by ${other}`);
    }
    named.set(key, arn);
  };
};

export interface IdentityOptions {
  readonly ownAccountId: string;
  readonly random: Random;
  /** Of a key, by its id, where the seed must not tell it. Default: drawn like the rest. */
  readonly secretOf?: ((accessKeyId: string) => string) | undefined;
}

export const createIdentities = (options: IdentityOptions): Identities => {
  const { ownAccountId, random, secretOf } = options;
  const principals = new Map<string, Principal>();
  const keys = new Map<string, AccessKey>();
  const roles = new Map<string, Role>();

  const uniqueId = (prefix: string): string => prefix + random.hex(16).toUpperCase();

  const addPrincipal = (drawn: AccessKey, principal: Principal): AccessKey => {
    const { accessKeyId } = drawn;
    const key =
      secretOf === undefined ? drawn : { ...drawn, secretAccessKey: secretOf(accessKeyId) };
    principals.set(key.accessKeyId, principal);
    keys.set(key.accessKeyId, key);
    return key;
  };

  const requireRole = (arn: string): Role => {
    const role = roles.get(arn);
    if (role === undefined) throw new Error(`there is no role ${arn} in the simulated cloud`);
    return role;
  };

  const addUser: Identities["addUser"] = ({ accountId, name, allow = ["*"], deny = [] }) =>
    addPrincipal(
      { accessKeyId: uniqueId("AKIA"), secretAccessKey: random.hex(40) },
      userPrincipal({ accountId, name, permissions: { allow, deny }, id: uniqueId("AIDA") }),
    );

  const takeName = roleNames(roles);

  const addRole: Identities["addRole"] = (input) => {
    const { path = "/" } = input;
    const arn = `arn:aws:iam::${input.accountId}:role${path}${input.name}`;
    takeName(arn, input);
    const role: Role = {
      allow: [],
      deny: [],
      maxSessionSeconds: 3600,
      ...input,
      path,
      arn,
      id: uniqueId("AROA"),
    };
    roles.set(arn, role);
    return role;
  };

  const changeRole: Identities["changeRole"] = (arn, change) => {
    const { externalId: before, ...rest } = requireRole(arn);
    const { externalId: wanted, ...others } = change;
    const externalId = "externalId" in change ? wanted : before;
    const role: Role = { ...rest, ...others, ...(externalId !== undefined && { externalId }) };
    roles.set(arn, role);
    return role;
  };

  const openSession: Identities["openSession"] = ({
    roleArn,
    sessionName,
    expiresAtMs,
    policy,
  }) => {
    const { accountId, id, name } = requireRole(roleArn);
    const arn = `arn:aws:sts::${accountId}:assumed-role/${name}/${sessionName}`;
    return addPrincipal(
      {
        accessKeyId: uniqueId("ASIA"),
        secretAccessKey: random.hex(40),
        sessionToken: random.hex(64),
      },
      {
        caller: { accountId, arn, roleArn, sessionName, userId: `${id}:${sessionName}` },
        permissions: () => [
          roles.get(roleArn) ?? { allow: [], deny: [] },
          ...(policy === undefined ? [] : [policy]),
        ],
        ...(expiresAtMs !== undefined && { expiresAtMs }),
      },
    );
  };

  const operator = addPrincipal(
    operatorKey,
    userPrincipal({
      accountId: ownAccountId,
      name: "operator",
      permissions: everything,
      id: uniqueId("AIDA"),
    }),
  );

  return {
    ownAccountId,
    operator,
    addUser,
    addRole,
    changeRole,
    removeRole: (arn) => void roles.delete(arn),
    role: (arn) => roles.get(arn),
    roleNamed: (accountId, name) =>
      [...roles.values()].find((role) => role.accountId === accountId && role.name === name),
    openSession,
    principal: (accessKeyId) => principals.get(accessKeyId),
    key: (accessKeyId) => keys.get(accessKeyId),
  };
};

const userPrincipal = (user: {
  readonly accountId: string;
  readonly name: string;
  readonly permissions: Permissions;
  readonly id: string;
}): Principal => ({
  caller: {
    accountId: user.accountId,
    arn: `arn:aws:iam::${user.accountId}:user/${user.name}`,
    userId: user.id,
  },
  permissions: () => [user.permissions],
});
