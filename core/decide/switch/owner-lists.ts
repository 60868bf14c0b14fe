/**
 * The tags by which others are known who own an instance, change it, or stop it. Data: what is judged from it stands with each
 * mode. Sources: the services' own documents and, of other tools, their public code; a tag that a tool no longer sets does no
 * harm here. Version of 27 November 2026.
 */

export interface TagOwner {
  /** As a sentence names it. */
  readonly name: string;
  /** Starts of tag keys that it sets. */
  readonly keys: readonly string[];
}

/** Services that would replace, repair or end the instance; those with a place of their own in a mode's rules are left out. */
export const serviceOwners: readonly TagOwner[] = [
  { name: "Cloud9", keys: ["aws:cloud9:"] },
  { name: "OpsWorks", keys: ["opsworks:"] },
  { name: "AWS Parallel Computing Service", keys: ["aws:pcs:"] },
  { name: "ParallelCluster", keys: ["parallelcluster:"] },
  { name: "Service Catalog", keys: ["aws:servicecatalog:provisionedProductArn"] },
  { name: "EC2 Image Builder", keys: ["Ec2ImageBuilderArn"] },
  {
    name: "Elastic Disaster Recovery",
    keys: ["AWSElasticDisasterRecoveryManaged", "drs.amazonaws.com-"],
  },
  { name: "Application Migration Service", keys: ["AWSApplicationMigrationServiceManaged"] },
];

/** Tools of others that move instances to Spot, or back: two of them would undo each other's work. */
export const foreignOptimizers: readonly TagOwner[] = [
  {
    name: "AutoSpotting",
    keys: [
      "launched-by-autospotting",
      "launched-for-asg",
      "launched-for-replacing-instance",
      "spot-enabled",
    ],
  },
  { name: "Spot.io", keys: ["spotinst:", "spotinst.io/"] },
  {
    name: "Xosphere",
    keys: ["xosphere.io/instance-orchestrator/", "xosphere:instance-orchestrator:"],
  },
  { name: "Cast AI", keys: ["cast:", "cast.ai/"] },
];

/** Infrastructure as code: its next run finds another instance than the one that it made. */
const codeOwners: readonly TagOwner[] = [
  { name: "CloudFormation", keys: ["aws:cloudformation:"] },
  { name: "the CDK", keys: ["aws-cdk:"] },
  { name: "Terraform", keys: ["terraform", "Terraform", "tf:"] },
  { name: "Terragrunt", keys: ["terragrunt", "Terragrunt"] },
  { name: "Pulumi", keys: ["pulumi:", "Pulumi"] },
  { name: "Crossplane", keys: ["crossplane-"] },
  { name: "AWS Controllers for Kubernetes", keys: ["services.k8s.aws/"] },
  { name: "Cluster API", keys: ["sigs.k8s.io/cluster-api-provider-aws/"] },
];

/** Under these keys owners name what made a thing; spelled as compared: small letters, without separators. */
const makerKeys: ReadonlySet<string> = new Set([
  "managedby",
  "createdby",
  "createdwith",
  "deployedby",
  "deployedwith",
  "provisionedby",
  "provisioner",
  "iac",
  "tool",
]);

/** Beginnings of such a name, in small letters. */
const codeTools: readonly string[] = [
  "terraform",
  "opentofu",
  "tofu",
  "terragrunt",
  "pulumi",
  "cloudformation",
  "cdk",
  "aws-cdk",
  "crossplane",
  "ansible",
];

/** Tools that stop instances by the clock and start them again. */
export const schedulers: readonly TagOwner[] = [
  {
    name: "Instance Scheduler",
    keys: ["Schedule", "InstanceScheduler-", "scheduler:ec2-startstop"],
  },
  {
    name: "Cloud Custodian's off-hours",
    keys: ["maid_offhours", "c7n_offhours", "custodian_offhours"],
  },
  {
    name: "a schedule of its owner",
    keys: ["AutoStop", "auto-stop", "autostop", "instance-scheduling"],
  },
];

/** The first of its tags as `key=value`, in the order of the keys; undefined where it has none. */
export const tagOf = (
  tags: Readonly<Record<string, string>>,
  { keys }: Pick<TagOwner, "keys">,
): string | undefined => {
  // Most have none: there is nothing to sort.
  const [entry] = Object.entries(tags)
    .filter(([key]) => keys.some((start) => key.startsWith(start)))
    .sort();
  return entry === undefined ? undefined : `${entry[0]}=${entry[1]}`;
};

/** Who is known by a tag, and by which; the first in the list's order. */
export const ownerAmong = (
  tags: Readonly<Record<string, string>>,
  owners: readonly TagOwner[],
): { readonly name: string; readonly tag: string } | undefined =>
  owners.flatMap((owner) => {
    const tag = tagOf(tags, owner);
    return tag === undefined ? [] : [{ name: owner.name, tag }];
  })[0];

const plain = (text: string): string => text.toLowerCase().replaceAll(/[^a-z]/g, "");

/** By a tag of its own, or by what an owner wrote under a key such as `ManagedBy`. */
export const codeOwnerOf = (
  tags: Readonly<Record<string, string>>,
): { readonly name: string; readonly tag: string } | undefined => {
  const known = ownerAmong(tags, codeOwners);
  if (known !== undefined) return known;
  const [entry] = Object.entries(tags)
    .filter(
      ([key, value]) =>
        makerKeys.has(plain(key)) &&
        codeTools.some((tool) => value.trim().toLowerCase().startsWith(tool)),
    )
    .sort();
  return entry === undefined ? undefined : { name: entry[1], tag: `${entry[0]}=${entry[1]}` };
};
