/**
 * Encrypt and Decrypt of KMS, as far as our own key goes. What comes out only looks like a ciphertext: it is bound to its key and its
 * encryption context, as with KMS, and whoever has it can read it. Source: KMS API reference, Encrypt, Decrypt.
 */
import type {
  DecryptRequest,
  DecryptResponse,
  EncryptRequest,
  EncryptResponse,
} from "@aws-sdk/client-kms";
import { CloudError, type Call, type Handler } from "../contract.ts";

interface SealingKey {
  readonly arn: string;
  readonly state: string;
}

type KeyFor = (call: Call, named: string | undefined) => SealingKey;

interface Sealed {
  readonly key: string;
  readonly context: string;
  readonly plaintext: string;
}

const mostBytes = 4096;

const contextText = (context: Readonly<Record<string, string>> | undefined): string =>
  JSON.stringify(
    Object.entries(context ?? {}).toSorted(([one], [other]) => (one < other ? -1 : 1)),
  );

const requireEnabled = ({ arn, state }: SealingKey): void => {
  if (state === "Enabled") return;
  const code = state === "Disabled" ? "DisabledException" : "KMSInvalidStateException";
  throw new CloudError(code, `${arn} is ${state}.`);
};

const notItsCiphertext = (): CloudError => new CloudError("InvalidCiphertextException", "null");

const parse = (blob: Uint8Array): Sealed => {
  try {
    return JSON.parse(Buffer.from(blob).toString("utf8")) as Sealed;
  } catch {
    throw notItsCiphertext();
  }
};

export const sealingOf = (keyFor: KeyFor) => {
  const encrypt: Handler<EncryptRequest, EncryptResponse> = (call, input) => {
    const { KeyId: named, Plaintext: plaintext = new Uint8Array(), EncryptionContext } = input;
    const key = keyFor(call, named);
    requireEnabled(key);
    if (plaintext.length === 0 || plaintext.length > mostBytes) {
      throw new CloudError("ValidationException", "Plaintext has 1 to 4096 bytes.");
    }
    const sealed: Sealed = {
      key: key.arn,
      context: contextText(EncryptionContext),
      plaintext: Buffer.from(plaintext).toString("base64"),
    };
    return { KeyId: key.arn, CiphertextBlob: Buffer.from(JSON.stringify(sealed), "utf8") };
  };
  const decrypt: Handler<DecryptRequest, DecryptResponse> = (call, input) => {
    const { KeyId: named, CiphertextBlob: blob = new Uint8Array(), EncryptionContext } = input;
    const key = keyFor(call, named);
    requireEnabled(key);
    const sealed = parse(blob);
    if (sealed.key !== key.arn) {
      throw new CloudError("IncorrectKeyException", "It was not encrypted under this key.");
    }
    if (sealed.context !== contextText(EncryptionContext)) throw notItsCiphertext();
    return { KeyId: key.arn, Plaintext: Buffer.from(sealed.plaintext, "base64") };
  };
  return { Encrypt: encrypt, Decrypt: decrypt };
};
