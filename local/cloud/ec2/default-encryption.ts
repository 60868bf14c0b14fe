/**
 * Encryption by default: whether new volumes of the account in the region are encrypted unasked, and under which key those are that
 * name none. Sources: EBS user guide, "Enable Amazon EBS encryption by default", "Amazon EBS encryption examples" (encryption outcomes);
 * EC2 API reference, GetEbsEncryptionByDefault, EnableEbsEncryptionByDefault, GetEbsDefaultKmsKeyId, ModifyEbsDefaultKmsKeyId.
 */
import type {
  EnableEbsEncryptionByDefaultResult,
  GetEbsDefaultKmsKeyIdResult,
  GetEbsEncryptionByDefaultResult,
  ModifyEbsDefaultKmsKeyIdRequest,
  ModifyEbsDefaultKmsKeyIdResult,
} from "@aws-sdk/client-ec2";
import type { Call } from "../contract.ts";
import type { Ec2Context } from "./context.ts";
import { refuse } from "./refusals.ts";
import { regionOf } from "./regions.ts";
import type { RegionState } from "./state.ts";

/** Until its owner names another. */
const managedAlias = "alias/aws/ebs";

/** ARN of the key of volumes that name none; undefined where KMS is not part of the cloud. */
export const defaultKeyOf = (
  { keys: { rules } }: Ec2Context,
  region: RegionState,
): string | undefined => region.encryption.defaultKeyId ?? rules?.managedKey(region);

export const defaultEncryptionOperations = (context: Ec2Context) => ({
  GetEbsEncryptionByDefault: (call: Call, _input: object): GetEbsEncryptionByDefaultResult => ({
    EbsEncryptionByDefault: regionOf(context, call).encryption.isByDefault,
  }),
  EnableEbsEncryptionByDefault: (
    call: Call,
    _input: object,
  ): EnableEbsEncryptionByDefaultResult => {
    regionOf(context, call).encryption.isByDefault = true;
    return { EbsEncryptionByDefault: true };
  },
  GetEbsDefaultKmsKeyId: (call: Call, _input: object): GetEbsDefaultKmsKeyIdResult => ({
    KmsKeyId: regionOf(context, call).encryption.defaultKeyId ?? managedAlias,
  }),
  ModifyEbsDefaultKmsKeyId: (
    call: Call,
    { KmsKeyId: named = "" }: ModifyEbsDefaultKmsKeyIdRequest,
  ): ModifyEbsDefaultKmsKeyIdResult => {
    const region = regionOf(context, call);
    const arn = context.keys.rules?.arnOf(region, named);
    // † The API reference gives no code for a key that is not there.
    if (arn === undefined) throw refuse("InvalidKmsKeyId", `The key '${named}' does not exist`);
    region.encryption.defaultKeyId = arn;
    return { KmsKeyId: arn };
  },
});
