/**
 * Rules about the KMS keys of encrypted volumes and of the image: those under which nothing could be launched, attached or started
 * again. A key that could not be read is no ground to refuse: it is told with the verdict.
 * Source of the states: KMS developer guide, "Key states of AWS KMS keys".
 */
import type { FoundKey, KeyFacts } from "../../../model/kms-key.ts";
import { grantCommand, keyCommand, spotRoleArn } from "../../switch/spot-role.ts";
import { listed, type OriginalRule } from "./rule.ts";

/** What to do about a key that cannot be used. A state that is not listed here refuses nothing. */
const remedies: Readonly<Record<string, (keyId: string) => string>> = {
  Creating: () => "wait until it is Enabled",
  Disabled: (keyId) => `enable it (${keyCommand("enable-key", keyId)})`,
  PendingDeletion: (keyId) =>
    `cancel that (${keyCommand("cancel-key-deletion", keyId)}, then ${keyCommand("enable-key", keyId)}), or what is encrypted under it is lost`,
  PendingReplicaDeletion: (keyId) =>
    `cancel that (${keyCommand("cancel-key-deletion", keyId)}, then ${keyCommand("enable-key", keyId)}), or what is encrypted under it is lost`,
  PendingImport: (keyId) =>
    `import its key material again (${keyCommand("get-parameters-for-import", keyId)} …)`,
  Unavailable: () => "connect its custom key store again (aws kms connect-custom-key-store)",
};

const ofParts = ({ of }: Pick<KeyFacts, "of">): string => listed(of);

const unusable = (key: KeyFacts): string | undefined => {
  if (key.kind === "UNREAD") return undefined;
  if (key.kind === "ABSENT") {
    return `Key ${key.keyId} of ${ofParts(key)} does not exist: nothing under it can be launched, attached or started again. Copy its data away while the instance runs, to a volume under another key, and do not stop it.`;
  }
  const remedy = remedies[key.state]?.(key.keyId);
  return remedy === undefined
    ? undefined
    : `Key ${key.keyId} of ${ofParts(key)} is ${key.state}: nothing under it can be launched, attached or started again. First ${remedy}.`;
};

const keysAreUsable: OriginalRule = ({ launch }) => {
  const found = (launch?.keys ?? []).flatMap((key) => unusable(key) ?? []);
  return found.length === 0 ? undefined : { code: "KEY_UNUSABLE", sentence: found.join(" ") };
};

type AccessOf = (key: FoundKey) => NonNullable<FoundKey["access"]>["spot"];

const closed = (keys: readonly KeyFacts[], accessOf: AccessOf): readonly FoundKey[] =>
  keys.flatMap((key) => (key.kind === "FOUND" && accessOf(key)?.kind === "CLOSED" ? [key] : []));

const spotMayUseKeys: OriginalRule = ({ launch, instance: { accountId } }) => {
  const [first, ...others] = closed(launch?.keys ?? [], ({ access }) => access?.spot);
  if (first === undefined) return undefined;
  const role = spotRoleArn(accountId);
  const commands = [first, ...others].map(({ keyId }) => grantCommand(role, keyId));
  return {
    code: "KEY_CLOSED_TO_SPOT",
    sentence: `Neither the policy nor a grant of ${listed([first, ...others].map((key) => `key ${key.keyId} (${ofParts(key)})`))} lets AWS's role for Spot use it, and EC2 ends each Spot Instance with a volume under it at its start: ${commands.join("; ")}.`,
  };
};

const roleMayUseKeys: OriginalRule = ({ launch, account }) => {
  const found = closed(launch?.keys ?? [], ({ access }) => access?.role);
  if (found.length === 0) return undefined;
  const commands = found.map(({ keyId }) => grantCommand(account.roleArn, keyId));
  return {
    code: "KEY_CLOSED_TO_ROLE",
    sentence: `The policy of ${listed(found.map((key) => `key ${key.keyId} (${ofParts(key)})`))} names neither ${account.roleArn} nor its account, and no grant does, so that it could launch, attach and start nothing under it: let the account's IAM policies decide in the key's policy, or make a grant (${commands.join("; ")}).`,
  };
};

export const keyRules: readonly OriginalRule[] = [keysAreUsable, spotMayUseKeys, roleMayUseKeys];
