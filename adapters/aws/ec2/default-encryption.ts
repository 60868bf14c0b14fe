/** Encryption by default: whether EC2 encrypts new volumes of the account in the region unasked, and under which key. */
import {
  GetEbsDefaultKmsKeyIdCommand,
  GetEbsEncryptionByDefaultCommand,
  type EC2Client,
} from "@aws-sdk/client-ec2";
import { required } from "../required.ts";
import { callAws } from "../translate-error.ts";

export const isEncryptedByDefault = async (ec2: EC2Client): Promise<boolean> => {
  const answer = await callAws(
    { action: "GetEbsEncryptionByDefault", resource: "encryption by default" },
    () => ec2.send(new GetEbsEncryptionByDefaultCommand({})),
  );
  return answer.EbsEncryptionByDefault === true;
};

/** ARN, or `alias/aws/ebs` where the owner has named none. */
export const readDefaultKey = async (ec2: EC2Client): Promise<string> => {
  const answer = await callAws(
    { action: "GetEbsDefaultKmsKeyId", resource: "the default key of EBS" },
    () => ec2.send(new GetEbsDefaultKmsKeyIdCommand({})),
  );
  return required(answer.KmsKeyId, "the default key of EBS");
};
