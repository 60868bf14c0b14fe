/**
 * KMS, as far as keys of EBS go, and one of our own: their state, their policies and grants. Nothing is encrypted here: EC2 asks whether a key may be used.
 * Sources: KMS API reference (DescribeKey, GetKeyPolicy, ListGrants, CreateGrant, EnableKey, DisableKey); KMS developer guide, "Key
 * policies", "Default key policy", "Key states of AWS KMS keys"; EBS user guide, "How Amazon EBS encryption works".
 */
import type {
  CreateGrantRequest,
  CreateGrantResponse,
  DescribeKeyRequest,
  DescribeKeyResponse,
  DisableKeyRequest,
  EnableKeyRequest,
  GetKeyPolicyRequest,
  GetKeyPolicyResponse,
  KeyState,
  ListGrantsRequest,
  ListGrantsResponse,
} from "@aws-sdk/client-kms";
import {
  CloudError,
  type Authorization,
  type Call,
  type Handler,
  type ServiceModule,
} from "../contract.ts";
import type { KeyDirectory } from "../ec2/keys.ts";
import { asked } from "../iam/asked.ts";
import { actionOf } from "../iam/permissions.ts";
import {
  defaultKeyPolicy,
  letsIn,
  managedKeyPolicy,
  openKeyPolicy,
  type KeyCaller,
} from "./key-policy.ts";
import { sealingOf } from "./sealing.ts";

interface Place {
  readonly accountId: string;
  readonly region: string;
}

/** From where a key is named. */
interface Where {
  readonly caller: { readonly accountId: string };
  readonly region: string;
}

/** Of the key that AWS keeps for EBS. */
const managedAlias = "alias/aws/ebs";

interface Grant {
  readonly id: string;
  readonly grantee: string;
  readonly operations: CreateGrantRequest["Operations"];
}

interface Key extends Place {
  readonly arn: string;
  /** `alias/…` */
  readonly alias?: string;
  readonly manager: "AWS" | "CUSTOMER";
  state: KeyState;
  /** JSON. */
  policy: string;
  readonly grants: Grant[];
}

interface KeyDeclaration extends Place {
  /** Default: one that no other key has. */
  readonly arn?: string;
  /** `alias/…` */
  readonly alias?: string;
  /** JSON. Default: the one that KMS gives a new key, which lets the account's IAM policies decide. */
  readonly policy?: string;
  readonly state?: KeyState;
}

export interface Kms extends ServiceModule {
  /** Its ARN. */
  addKey(declaration: KeyDeclaration): string;
  setState(arn: string, state: KeyState): void;
  setPolicy(arn: string, policy: string): void;
  /** As its owner makes one with CreateGrant. */
  grant(arn: string, roleArn: string): void;
  /** As after the end of its waiting period. */
  removeKey(arn: string): void;
}

const notFound = (named: string): CloudError =>
  new CloudError("NotFoundException", `Key '${named}' does not exist`);

const denied = ({ caller }: Call, action: string): CloudError =>
  new CloudError(
    "AccessDeniedException",
    `User: ${caller.arn} is not authorized to perform: ${action} on this resource because no resource-based policy allows the ${action} action`,
  );

const arnOf = ({ accountId, region }: Place, id: string): string =>
  `arn:aws:kms:${region}:${accountId}:key/${id}`;

/** The same in each run. */
const idOf = (number: number): string =>
  `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`;

class Keys {
  readonly #keys = new Map<string, Key>();
  #made = 0;

  add(declaration: KeyDeclaration & { readonly manager?: Key["manager"] }): Key {
    const { accountId, region, manager = "CUSTOMER", state = "Enabled", alias } = declaration;
    this.#made += 1;
    const arn = declaration.arn ?? arnOf(declaration, idOf(this.#made));
    const policy = declaration.policy ?? defaultKeyPolicy(accountId);
    const named = alias === undefined ? {} : { alias };
    const key: Key = { arn, ...named, accountId, region, manager, state, policy, grants: [] };
    this.#keys.set(arn, key);
    return key;
  }

  find(arn: string): Key | undefined {
    return this.#keys.get(arn);
  }

  remove(arn: string): void {
    this.#keys.delete(arn);
  }

  /** By its id or ARN. A key of another region is not known here. */
  named({ caller, region }: Where, named: string): Key | undefined {
    const found =
      this.find(named) ?? this.find(arnOf({ accountId: caller.accountId, region }, named));
    return found?.region === region ? found : undefined;
  }

  /** By its id, its ARN, the name of an alias or the alias's ARN: DescribeKey takes all of these. */
  called(place: Place, named: string): Key | undefined {
    const alias = named.slice(named.indexOf("alias/"));
    if (alias === managedAlias) return this.managed(place);
    const found = [...this.#keys.values()].find(
      (key) =>
        key.alias === alias && key.accountId === place.accountId && key.region === place.region,
    );
    const { accountId, region } = place;
    return found ?? this.named({ caller: { accountId }, region }, named);
  }

  managed(place: Place): Key {
    const arn = arnOf(place, `aws-ebs-${place.accountId}`);
    const policy = managedKeyPolicy(place);
    return this.find(arn) ?? this.add({ ...place, arn, manager: "AWS", policy });
  }
}

const callerOf = ({ caller }: Call): KeyCaller => ({
  accountId: caller.accountId,
  arns: [caller.arn, ...(caller.roleArn === undefined ? [] : [caller.roleArn])],
  // Whether they do is judged before.
  hasIamPolicies: true,
});

/** The key's policy must let the caller in, whatever IAM says. */
const letIn = (call: Call, key: Key | undefined, named: string | undefined): Key => {
  if (key === undefined) throw notFound(named ?? "");
  const action = actionOf(call);
  if (!letsIn(key.policy, callerOf(call), { action })) throw denied(call, action);
  return key;
};

/** By its id or ARN: all calls but DescribeKey take no alias. */
const keyFor = (keys: Keys, call: Call, named: string | undefined): Key =>
  letIn(call, keys.named(call, named ?? ""), named);

/** GetKeyPolicy and changes: within the key's own account only. */
const ownKeyFor = (keys: Keys, call: Call, named: string | undefined): Key => {
  const key = keyFor(keys, call, named);
  if (key.accountId !== call.caller.accountId) throw denied(call, actionOf(call));
  return key;
};

const keyIdOf = ({ arn }: Key): string => arn.slice(arn.lastIndexOf("/") + 1);

const authorizationOn = (keys: Keys): NonNullable<ServiceModule["authorization"]> => {
  const onKey: Authorization<{ readonly KeyId?: string | undefined }> = (call, input) => {
    const { caller, region } = call;
    const found = keys.called({ accountId: caller.accountId, region }, input.KeyId ?? "");
    return [asked(actionOf(call), found === undefined ? [] : [{ arn: found.arn, type: "key" }])];
  };
  return Object.fromEntries(
    [
      "CreateGrant",
      "Decrypt",
      "DescribeKey",
      "DisableKey",
      "EnableKey",
      "Encrypt",
      "GetKeyPolicy",
      "ListGrants",
    ].map((name) => [name, onKey]),
  );
};

const pageOf = (grants: readonly Grant[], { Limit = 50, Marker }: ListGrantsRequest) => {
  const begin = Number(Marker ?? 0);
  const end = begin + Limit;
  return {
    page: grants.slice(begin, end),
    next: end < grants.length ? { Truncated: true, NextMarker: String(end) } : { Truncated: false },
  };
};

const readingsOf = (keys: Keys) => {
  const describe: Handler<DescribeKeyRequest, DescribeKeyResponse> = (call, input) => {
    const { caller, region } = call;
    const found = keys.called({ accountId: caller.accountId, region }, input.KeyId ?? "");
    const key = letIn(call, found, input.KeyId);
    return {
      KeyMetadata: {
        KeyId: keyIdOf(key),
        Arn: key.arn,
        AWSAccountId: key.accountId,
        Enabled: key.state === "Enabled",
        KeyState: key.state,
        KeyManager: key.manager,
        KeySpec: "SYMMETRIC_DEFAULT",
        KeyUsage: "ENCRYPT_DECRYPT",
        MultiRegion: false,
      },
    };
  };
  const policy: Handler<GetKeyPolicyRequest, GetKeyPolicyResponse> = (call, input) => ({
    Policy: ownKeyFor(keys, call, input.KeyId).policy,
    PolicyName: "default",
  });
  const list: Handler<ListGrantsRequest, ListGrantsResponse> = (call, input) => {
    const key = keyFor(keys, call, input.KeyId);
    const { page, next } = pageOf(
      key.grants.filter(({ grantee }) => (input.GranteePrincipal ?? grantee) === grantee),
      input,
    );
    return {
      Grants: page.map(({ id, grantee, operations }) => ({
        KeyId: key.arn,
        GrantId: id,
        GranteePrincipal: grantee,
        Operations: operations,
      })),
      ...next,
    };
  };
  return { DescribeKey: describe, GetKeyPolicy: policy, ListGrants: list };
};

/** A grant is made of a key that is enabled. */
const grantOn = (keys: Keys): Handler<CreateGrantRequest, CreateGrantResponse> => {
  let made = 0;
  return (call, input) => {
    const key = keyFor(keys, call, input.KeyId);
    if (key.state !== "Enabled") {
      const code = key.state === "Disabled" ? "DisabledException" : "KMSInvalidStateException";
      throw new CloudError(code, `${key.arn} is ${key.state}.`);
    }
    if (input.DryRun === true) {
      throw new CloudError(
        "DryRunOperationException",
        "The request would have succeeded, but the DryRun option is set.",
        412,
      );
    }
    made += 1;
    const id = `grant-${String(made)}`;
    key.grants.push({ id, grantee: input.GranteePrincipal ?? "", operations: input.Operations });
    return { GrantId: id, GrantToken: `${id}-token` };
  };
};

const switchTo =
  (keys: Keys, state: KeyState): Handler<EnableKeyRequest | DisableKeyRequest, object> =>
  (call, input) => {
    const key = ownKeyFor(keys, call, input.KeyId);
    if (key.state !== "Enabled" && key.state !== "Disabled") {
      throw new CloudError("KMSInvalidStateException", `${key.arn} is ${key.state}.`);
    }
    key.state = state;
    return {};
  };

/** Source of the ARN: EC2 user guide, "Service-linked role for Spot Instance requests". */
const spotRole = ({ accountId }: Place): string =>
  `arn:aws:iam::${accountId}:role/aws-service-role/spot.amazonaws.com/AWSServiceRoleForEC2Spot`;

const isOpenToSpot = (key: Key, place: Place): boolean => {
  const role = spotRole(place);
  const caller = { accountId: place.accountId, arns: [role], hasIamPolicies: false };
  const via = `ec2.${place.region}.amazonaws.com`;
  return (
    key.grants.some(({ grantee }) => grantee === role) ||
    letsIn(key.policy, caller, { action: "kms:CreateGrant", via })
  );
};

export const createKms = (ec2: KeyDirectory): Kms => {
  const keys = new Keys();
  const require = (arn: string): Key => {
    const key = keys.find(arn);
    if (key === undefined) throw new Error(`There is no key ${arn} in the simulated cloud.`);
    return key;
  };
  ec2.useKeys({
    managedKey: (place) => keys.managed(place).arn,
    arnOf: (place, named) => keys.called(place, named)?.arn,
    ensure: (place, arn) => {
      if (keys.find(arn) === undefined) keys.add({ ...place, arn, policy: openKeyPolicy(place) });
    },
    isUsable: (arn) => keys.find(arn)?.state === "Enabled",
    isOpenToSpot: (place, arn) => isOpenToSpot(require(arn), place),
  });
  return {
    service: "kms",
    operations: {
      ...readingsOf(keys),
      CreateGrant: grantOn(keys),
      ...sealingOf((call, named) => keyFor(keys, call, named)),
      EnableKey: switchTo(keys, "Enabled"),
      DisableKey: switchTo(keys, "Disabled"),
    },
    authorization: authorizationOn(keys),
    addKey: (declaration) => keys.add(declaration).arn,
    setState: (arn, state) => {
      require(arn).state = state;
    },
    setPolicy: (arn, policy) => {
      require(arn).policy = policy;
    },
    grant: (arn, roleArn) => {
      const { grants } = require(arn);
      grants.push({
        id: `scenario-${String(grants.length)}`,
        grantee: roleArn,
        operations: ["Decrypt", "CreateGrant"],
      });
    },
    removeKey: (arn) => {
      keys.remove(arn);
    },
  };
};
