/** Says what the operator does about a refusal of a cluster's, with the command or the rule that mends it. */
import type { ErrorName } from "../../core/errors.ts";
import { missingRightIn, ourGroup, ruleOf } from "./rights.ts";

/** Who calls which cluster. */
export interface ClusterCaller {
  readonly clusterName: string;
  readonly region: string;
  /** Of the customer's account: whom the cluster has to map. */
  readonly roleArn: string;
  /** By how much our clock is ahead of AWS's, in whole seconds; below zero: behind. Absent: not measured. */
  readonly clockSkewSeconds?: number;
  /** `API`, `API_AND_CONFIG_MAP`, `CONFIG_MAP`: how it knows roles. Absent: not read. */
  readonly authenticationMode?: string;
}

/** Access entries are there in the modes API and API_AND_CONFIG_MAP. Source: EKS user guide, "Create access entries". */
const accessEntryCommand = ({ clusterName, region, roleArn }: ClusterCaller): string =>
  `aws eks create-access-entry --region ${region} --cluster-name ${clusterName} --principal-arn ${roleArn} --type STANDARD --kubernetes-groups ${ourGroup}`;

/** A ConfigMap knows a role without its path. Sources: Amazon EKS user guide, "Grant IAM users access to Kubernetes with a ConfigMap"; eksctl, "Manage IAM users and roles". */
const configMapCommand = ({ clusterName, region, roleArn }: ClusterCaller): string =>
  `eksctl create iamidentitymapping --region ${region} --cluster ${clusterName} --arn ${roleArn.replace(/:role\/.*\//, ":role/")} --username ${ourGroup} --group ${ourGroup}`;

/** What maps roles there is called, and the command by which it maps ours. */
const mappingOf = (caller: ClusterCaller): { readonly by: string; readonly command: string } =>
  caller.authenticationMode === "CONFIG_MAP"
    ? { by: "entry of ConfigMap aws-auth", command: configMapCommand(caller) }
    : { by: "access entry", command: accessEntryCommand(caller) };

const skewOf = ({ clockSkewSeconds }: ClusterCaller): string => {
  if (clockSkewSeconds === undefined) return "";
  const seconds = String(Math.abs(clockSkewSeconds));
  return `; it is ${seconds} s ${clockSkewSeconds < 0 ? "behind" : "ahead"}`;
};

/** The server says the same of all of them. */
const unauthorized = (caller: ClusterCaller): string => {
  const { by, command } = mappingOf(caller);
  return `the cluster does not say why, the log of its authenticator does. No ${by} maps the role: \`${command}\`, which takes effect within a minute or two. Or STS did not answer the cluster; or our clock is off by minutes${skewOf(caller)}; or the session has ended.`;
};

/** As the server calls a caller who showed it no token. */
const anonymous = 'User "system:anonymous"';

const access = (words: string, caller: ClusterCaller): string => {
  const missing = words.includes(anonymous) ? undefined : missingRightIn(words);
  const { by, command } = mappingOf(caller);
  return missing === undefined
    ? `let an ${by} map the role to group ${ourGroup}: \`${command}\`.`
    : `add the rule ${ruleOf(missing)} to the ClusterRole that is bound to group ${ourGroup}.`;
};

export const clusterNextStep = (
  name: ErrorName,
  words: string,
  caller: ClusterCaller,
): string | undefined => {
  switch (name) {
    case "RetryableClusterAuth":
      return unauthorized(caller);
    case "BrokenClusterAccess":
      return access(words, caller);
    case "RetryableClusterUnreachable":
      return "see that our functions reach port 443 of the cluster's endpoint: a private one needs them in its VPC, a rule of the cluster's security group for them, and a name that resolves there.";
    case "BrokenClusterIdentity":
      return `compare the certificate of the endpoint with \`aws eks describe-cluster --region ${caller.region} --name ${caller.clusterName} --query cluster.certificateAuthority\`: something between us and the cluster may break the connection up.`;
    default:
      return undefined;
  }
};
