/** Seals what is stored and shown to nobody: KMS encrypts it under our own key, for one account alone. */
import { DecryptCommand, EncryptCommand, type KMSClient } from "@aws-sdk/client-kms";
import type { AccountId } from "../../core/model/ids.ts";
import { required } from "./required.ts";
import { callAws } from "./translate-error.ts";

export interface Seal {
  readonly keyArn: string;
  /** What was sealed for one account is not opened for another. */
  readonly accountId: AccountId;
}

const contextOf = ({ accountId }: Seal) => ({ "spot-optimizer:account": accountId });

/** In base64. */
export const seal = async (kms: KMSClient, to: Seal, secret: string): Promise<string> => {
  const answer = await callAws({ action: "Encrypt", resource: to.keyArn, role: "own" }, () =>
    kms.send(
      new EncryptCommand({
        KeyId: to.keyArn,
        EncryptionContext: contextOf(to),
        Plaintext: Buffer.from(secret, "utf8"),
      }),
    ),
  );
  return Buffer.from(required(answer.CiphertextBlob, "what KMS has encrypted")).toString("base64");
};

/** @throws Broken… where it was sealed for another account, or under another key */
export const unseal = async (kms: KMSClient, from: Seal, sealed: string): Promise<string> => {
  const answer = await callAws({ action: "Decrypt", resource: from.keyArn, role: "own" }, () =>
    kms.send(
      new DecryptCommand({
        KeyId: from.keyArn,
        EncryptionContext: contextOf(from),
        CiphertextBlob: Buffer.from(sealed, "base64"),
      }),
    ),
  );
  return Buffer.from(required(answer.Plaintext, "what KMS has decrypted")).toString("utf8");
};
