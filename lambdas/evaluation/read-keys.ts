/** Reads what is to be known of the KMS keys of encrypted volumes. What may not be read is noted as such, and stops nothing. */
import type { KMSClient } from "@aws-sdk/client-kms";
import { describeKey, hasGrantTo, readKeyPolicy } from "../../adapters/aws/kms.ts";
import { readKeyPolicyFor, type KeyUser } from "../../core/decide/switch/key-access.ts";
import { spotRoleArn } from "../../core/decide/switch/spot-role.ts";
import { familyOf, SpotOptimizerError } from "../../core/errors.ts";
import type { Account } from "../../core/model/account.ts";
import type { FoundKey, KeyAccess, KeyFacts } from "../../core/model/kms-key.ts";

/** A volume or a snapshot, and its key where that is known. */
export interface Encrypted {
  readonly id: string;
  readonly isLaunched: boolean;
  /** ARN; of what would be launched also an id or an alias, as it is named there. */
  readonly keyId: string;
  /** It names no key, and is under the account's default one. */
  readonly isDefault?: true;
}

export interface KeyReader {
  readonly kms: KMSClient;
  readonly account: Pick<Account, "accountId" | "roleArn">;
  /** Whether what is launched is launched on Spot. */
  readonly isSpot: boolean;
}

/** AWS's refusal as a reason; what passes by itself is thrown on. */
export const reasonIn = (error: unknown): string => {
  if (!(error instanceof SpotOptimizerError) || familyOf(error) === "Retryable") throw error;
  return error.message.replace(/\.$/, "");
};

const isOfAccount = (keyId: string, accountId: string): boolean =>
  keyId.split(":")[4] === accountId;

/** A policy is shown in the key's own account only; a grant opens a key of another account too. */
const accessOf = async (
  { kms, account }: KeyReader,
  keyId: string,
  user: KeyUser,
): Promise<KeyAccess> => {
  const { roleArn } = user;
  try {
    const isOwn = isOfAccount(keyId, account.accountId);
    const policy = isOwn ? readKeyPolicyFor(await readKeyPolicy(kms, keyId), user) : undefined;
    if (policy === "MAY_LET_IN" || (await hasGrantTo(kms, { keyId, roleArn }))) {
      return { kind: "OPEN" };
    }
    if (policy === "LEAVES_OUT") return { kind: "CLOSED" };
    return {
      kind: "UNREAD",
      because: isOwn
        ? "its policy is not of the form that KMS writes"
        : "it is another account's, whose policy is shown there only",
    };
  } catch (error) {
    return { kind: "UNREAD", because: reasonIn(error) };
  }
};

/** † `Updating`, of a key of several regions, is usable too. Source: KMS developer guide, "Key states of AWS KMS keys". */
const usableStates: readonly string[] = ["Enabled", "Updating"];

const readAccess = async (
  reader: KeyReader,
  { keyId, isLaunched }: Pick<FoundKey, "keyId" | "isLaunched">,
): Promise<NonNullable<FoundKey["access"]>> => {
  const { account, isSpot } = reader;
  const role = await accessOf(reader, keyId, { roleArn: account.roleArn, hasIamPolicies: true });
  if (!isLaunched || !isSpot) return { role };
  const roleArn = spotRoleArn(account.accountId);
  return { role, spot: await accessOf(reader, keyId, { roleArn, hasIamPolicies: false }) };
};

const readKey = async (
  reader: KeyReader,
  head: Pick<FoundKey, "keyId" | "of" | "isLaunched" | "isDefault">,
): Promise<KeyFacts> => {
  try {
    const found = await describeKey(reader.kms, head.keyId);
    if (found === undefined) return { ...head, kind: "ABSENT" };
    const { arn: keyId, state, isAwsManaged } = found;
    const named = { ...head, keyId };
    if (isAwsManaged || !usableStates.includes(state)) return { ...named, kind: "FOUND", state };
    return { ...named, kind: "FOUND", state, access: await readAccess(reader, named) };
  } catch (error) {
    return { ...head, kind: "UNREAD", because: reasonIn(error) };
  }
};

/** One after the other, each once: an instance has few. In the order in which they are named. */
export const readKeys = async (
  reader: KeyReader,
  encrypted: readonly Encrypted[],
): Promise<readonly KeyFacts[]> => {
  const found: KeyFacts[] = [];
  for (const keyId of new Set(encrypted.map((each) => each.keyId))) {
    const under = encrypted.filter((each) => each.keyId === keyId);
    const isLaunched = under.some((each) => each.isLaunched);
    const isDefault = under.every((each) => each.isDefault === true);
    found.push(
      await readKey(reader, {
        keyId,
        of: under.map(({ id }) => id),
        isLaunched,
        ...(isDefault ? { isDefault } : {}),
      }),
    );
  }
  return found;
};
