/**
 * AWS's role for Spot, with which EC2 launches Spot Instances. It may use an account's own key only where the key's policy or a
 * grant lets it. Source: EC2 user guide, "Service-linked role for Spot Instance requests", "Grant access to customer managed keys for
 * use with encrypted AMIs and EBS snapshots".
 */

export const spotRoleArn = (accountId: string): string =>
  `arn:aws:iam::${accountId}:role/aws-service-role/spot.amazonaws.com/AWSServiceRoleForEC2Spot`;

/** Region of the key, by its ARN. */
const regionOption = (keyId: string): string => {
  const region = keyId.startsWith("arn:") ? keyId.split(":")[3] : undefined;
  return region === undefined || region === "" ? "" : ` --region ${region}`;
};

/** A command of KMS on the key, in the key's region. */
export const keyCommand = (name: string, keyId: string): string =>
  `aws kms ${name} --key-id ${keyId}${regionOption(keyId)}`;

/** The owner's command that lets a role use the key for encrypted volumes and snapshots. */
export const grantCommand = (roleArn: string, keyId: string): string =>
  `${keyCommand("create-grant", keyId)} --grantee-principal ${roleArn} ` +
  "--operations Decrypt Encrypt GenerateDataKey GenerateDataKeyWithoutPlaintext CreateGrant DescribeKey ReEncryptFrom ReEncryptTo";
