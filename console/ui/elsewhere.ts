/** Addresses of what is shown, elsewhere: in the AWS console of its partition, and of the API for a command line. */

/** Hosts of the AWS console: https://docs.aws.amazon.com/general/latest/gr/rande.html, and of the partitions aws-cn and aws-us-gov. */
const consoleOf = (region: string): string => {
  if (region.startsWith("cn-")) return `https://${region}.console.amazonaws.cn`;
  if (region.startsWith("us-gov-")) return `https://${region}.console.amazonaws-us-gov.com`;
  return `https://${region}.console.aws.amazon.com`;
};

export const instanceUrl = (region: string, instanceId: string): string =>
  `${consoleOf(region)}/ec2/home?region=${region}#InstanceDetails:instanceId=${instanceId}`;

export const groupUrl = (region: string, name: string): string =>
  `${consoleOf(region)}/ec2/home?region=${region}#AutoScalingGroupDetails:id=${encodeURIComponent(name)};view=details`;

/** @param arn `arn:aws:states:eu-central-1:…:execution:…`; undefined where it is not the ARN of an execution */
export const executionUrl = (arn: string): string | undefined => {
  const [, , service, region] = arn.split(":");
  if (service !== "states" || region === undefined || region === "") return undefined;
  return `${consoleOf(region)}/states/home?region=${region}#/v2/executions/details/${arn}`;
};

const partitionOf = (region: string): string => {
  if (region.startsWith("cn-")) return "aws-cn";
  return region.startsWith("us-gov-") ? "aws-us-gov" : "aws";
};

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html */
export const instanceArn = (input: {
  readonly region: string;
  readonly accountId: string;
  readonly instanceId: string;
}): string => {
  const { region, accountId, instanceId } = input;
  return `arn:${partitionOf(region)}:ec2:${region}:${accountId}:instance/${instanceId}`;
};

/** Without credentials: of a deployed API the caller has to sign it. @param path below `/api/v1` */
export const curlOf = (origin: string, path: string): string =>
  `curl -fsS '${origin}/api/v1${path}'`;
