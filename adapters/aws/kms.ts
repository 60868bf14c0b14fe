/** KMS: what it says of a key, its policy, and whether a grant lets a role use it. No key is ever used here. */
import {
  DescribeKeyCommand,
  GetKeyPolicyCommand,
  ListGrantsCommand,
  type KMSClient,
} from "@aws-sdk/client-kms";
import { orAbsent } from "./or-absent.ts";
import { readAllPages } from "./paging.ts";
import { required } from "./required.ts";
import { callAws } from "./translate-error.ts";

export interface KeyDescription {
  /** Of the key itself, also where it was asked for by an alias. */
  readonly arn: string;
  /** `Enabled`, `Disabled`, `PendingDeletion` … */
  readonly state: string;
  /** Made and kept by AWS for a service, such as `aws/ebs`: its policy lets all of the account in that may use the service. */
  readonly isAwsManaged: boolean;
}

/** By its ARN, its id or an alias. Undefined when KMS has no such key. */
export const describeKey = async (
  kms: KMSClient,
  keyId: string,
): Promise<KeyDescription | undefined> => {
  const answer = await orAbsent(() =>
    callAws({ action: "DescribeKey", resource: keyId }, () =>
      kms.send(new DescribeKeyCommand({ KeyId: keyId })),
    ),
  );
  if (answer === undefined) return undefined;
  const {
    Arn: arn,
    KeyState: state,
    KeyManager: manager,
  } = required(answer.KeyMetadata, `the description of key ${keyId}`);
  return {
    arn: required(arn, `the ARN of key ${keyId}`),
    state: required(state, `the state of key ${keyId}`),
    isAwsManaged: manager === "AWS",
  };
};

/** JSON. A key has one policy, named default. KMS shows it within the key's own account only. */
export const readKeyPolicy = async (kms: KMSClient, keyId: string): Promise<string> => {
  const answer = await callAws({ action: "GetKeyPolicy", resource: keyId }, () =>
    kms.send(new GetKeyPolicyCommand({ KeyId: keyId, PolicyName: "default" })),
  );
  return required(answer.Policy, `the policy of key ${keyId}`);
};

/** The largest page of ListGrants. */
const largestPage = 100;

/** Is there a grant to this role? A key of EBS volumes may have thousands of grants, one for each that is attached. */
export const hasGrantTo = async (
  kms: KMSClient,
  { keyId, roleArn }: { readonly keyId: string; readonly roleArn: string },
): Promise<boolean> => {
  const grants = await readAllPages({
    fetch: (token) =>
      callAws({ action: "ListGrants", resource: keyId }, () =>
        kms.send(
          new ListGrantsCommand({
            KeyId: keyId,
            GranteePrincipal: roleArn,
            Limit: largestPage,
            ...(token === undefined ? {} : { Marker: token }),
          }),
        ),
      ),
    items: ({ Grants }) => Grants,
    next: ({ Truncated, NextMarker }) => (Truncated === true ? NextMarker : undefined),
  });
  return grants.length > 0;
};
