/**
 * What stands against the KMS keys of encrypted volumes and images: those under which nothing could be launched, attached or started
 * again. A key that could not be read refuses nothing; `unread-keys.ts` tells it.
 * Source of the states: KMS developer guide, "Key states of AWS KMS keys".
 */
import type { Account } from "../../model/account.ts";
import type { FoundKey, KeyFacts } from "../../model/kms-key.ts";
import type { KeyWords } from "./key-words.ts";
import { listed } from "./objection.ts";
import { grantCommand, keyCommand, spotRoleArn } from "./spot-role.ts";

export interface KeyFinding {
  readonly code: "KEY_UNUSABLE" | "KEY_CLOSED_TO_SPOT" | "KEY_CLOSED_TO_ROLE";
  readonly sentence: string;
}

/** Ours is `roleArn`. */
type Roles = Pick<Account, "accountId" | "roleArn">;

const cancelDeletion = (keyId: string): string =>
  `cancel that (${keyCommand("cancel-key-deletion", keyId)}, then ${keyCommand("enable-key", keyId)}), or what is encrypted under it is lost`;

/** What to do about a key that cannot be used. A state that is not listed here refuses nothing. */
const remedies: Readonly<Record<string, (keyId: string) => string>> = {
  Creating: () => "wait until it is Enabled",
  Disabled: (keyId) => `enable it (${keyCommand("enable-key", keyId)})`,
  PendingDeletion: cancelDeletion,
  PendingReplicaDeletion: cancelDeletion,
  PendingImport: (keyId) =>
    `import its key material again (${keyCommand("get-parameters-for-import", keyId)} …)`,
  Unavailable: () => "connect its custom key store again (aws kms connect-custom-key-store)",
};

const named = ({ keyId, of }: Pick<FoundKey, "keyId" | "of">): string =>
  `Key ${keyId} of ${listed(of)}`;

/** What names no key can be given another one by its owner. Source: EBS user guide, "Enable Amazon EBS encryption by default". */
const whenDefaultGone =
  "Name another default key (aws ec2 modify-ebs-default-kms-key-id --kms-key-id …), or go back to AWS's own (aws ec2 reset-ebs-default-kms-key-id).";

const unusable = (key: KeyFacts, { whenGone }: KeyWords): readonly KeyFinding[] => {
  if (key.kind === "UNREAD") return [];
  const code = "KEY_UNUSABLE";
  if (key.kind === "ABSENT") {
    const sentence = `${named(key)} does not exist: nothing under it can be launched, attached or started again. ${key.isDefault === true ? whenDefaultGone : whenGone}`;
    return [{ code, sentence }];
  }
  const remedy = remedies[key.state]?.(key.keyId);
  if (remedy === undefined) return [];
  const sentence = `${named(key)} is ${key.state}: nothing under it can be launched, attached or started again. First ${remedy}.`;
  return [{ code, sentence }];
};

const closed = (key: KeyFacts, { accountId, roleArn }: Roles): readonly KeyFinding[] => {
  if (key.kind !== "FOUND" || key.access === undefined) return [];
  const { spot, role } = key.access;
  const found: KeyFinding[] = [];
  if (spot?.kind === "CLOSED") {
    found.push({
      code: "KEY_CLOSED_TO_SPOT",
      sentence: `${named(key)}: neither its policy nor a grant lets AWS's role for Spot use it, and EC2 ends each Spot Instance with a volume under it at its start. Make a grant (${grantCommand(spotRoleArn(accountId), key.keyId)}).`,
    });
  }
  if (role.kind === "CLOSED") {
    found.push({
      code: "KEY_CLOSED_TO_ROLE",
      sentence: `${named(key)}: its policy lets neither ${roleArn} nor the IAM policies of its account use it, and no grant does, so that nothing under it could be launched, attached or started again. Let IAM policies decide in its policy, or make a grant (${grantCommand(roleArn, key.keyId)}).`,
    });
  }
  return found;
};

export const keyFindings = (
  keys: readonly KeyFacts[],
  roles: Roles,
  words: KeyWords,
): readonly KeyFinding[] => keys.flatMap((key) => [...unusable(key, words), ...closed(key, roles)]);
