/** Whom tokens of EKS are for on both sides: a key's name is its group. */
import type { IdentitySource } from "../../local/cloud/kubernetes/authentication.ts";
import {
  presignedUrl,
  tokenOf,
  type Key,
  type Minted,
} from "../local/cloud/kubernetes/eks-tokens.ts";

/** A key that nobody has, and one that no access entry names. */
export const [unknownKey, unmappedKey] = ["ASIAUNKNOWN", "ASIAUNMAPPED"];

export const keyOf = (accessKeyId: string): Key => ({
  accessKeyId,
  secretAccessKey: `secret of ${accessKeyId}`,
  sessionToken: "session/token+",
});

const roleArn = (accessKeyId: string): string =>
  `arn:aws:sts::111122223333:assumed-role/${accessKeyId}/run`;

export const callers: IdentitySource = {
  signer: (accessKeyId) =>
    accessKeyId === unknownKey
      ? undefined
      : {
          signer: keyOf(accessKeyId),
          caller: { accountId: "111122223333", arn: roleArn(accessKeyId) },
        },
  identityOf: ({ arn }) => {
    const group = arn.split("/")[1] ?? "";
    return group === unmappedKey ? undefined : { username: roleArn(group), groups: [group] };
  },
};

export const urlFor = (accessKeyId: string, minted: Minted = {}): Promise<string> =>
  presignedUrl(minted, { key: keyOf(accessKeyId), atMs: Date.now() });

export const tokenFor = async (accessKeyId: string, minted: Minted = {}): Promise<string> =>
  tokenOf(await urlFor(accessKeyId, minted));
