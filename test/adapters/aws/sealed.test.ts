import { DecryptCommand, EncryptCommand, KMSClient } from "@aws-sdk/client-kms";
import { beforeEach, describe, expect, it } from "@jest/globals";
import { mockClient } from "aws-sdk-client-mock";
import { seal, unseal } from "../../../adapters/aws/sealed.ts";
import { accountIdSchema } from "../../../core/model/ids.ts";
import { awsError } from "./aws-error.ts";

const client = new KMSClient({ region: "eu-central-1" });
const mock = mockClient(client);
const keyArn = "arn:aws:kms:eu-central-1:111122223333:key/webhooks";
const accountId = accountIdSchema.parse("444455556666");
const to = { keyArn, accountId };
const EncryptionContext = { "spot-optimizer:account": accountId };

beforeEach(() => {
  mock.reset();
});

describe("a secret", () => {
  it("is encrypted under our key for its account alone, and stored as text", async () => {
    mock.on(EncryptCommand).resolves({ CiphertextBlob: Buffer.from("sealed") });
    await expect(seal(client, to, "hush")).resolves.toBe("c2VhbGVk");
    expect(mock.commandCalls(EncryptCommand)[0]?.args[0].input).toEqual({
      KeyId: keyArn,
      EncryptionContext,
      Plaintext: Buffer.from("hush"),
    });
  });

  it("is decrypted under the same key for the same account", async () => {
    mock.on(DecryptCommand).resolves({ Plaintext: Buffer.from("hush") });
    await expect(unseal(client, to, "c2VhbGVk")).resolves.toBe("hush");
    expect(mock.commandCalls(DecryptCommand)[0]?.args[0].input).toEqual({
      KeyId: keyArn,
      EncryptionContext,
      CiphertextBlob: Buffer.from("sealed"),
    });
  });

  it("of another account is not opened, and what is said has nothing of it", async () => {
    mock.on(DecryptCommand).rejects(awsError("InvalidCiphertextException"));
    await expect(unseal(client, to, "c2VhbGVk")).rejects.toMatchObject({
      name: expect.stringMatching(/^Broken/),
      message: expect.not.stringContaining("c2VhbGVk"),
    });
  });
});
