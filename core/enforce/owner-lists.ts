/**
 * Which tags say that a service, or a tool of its owner, has launched an instance and would launch it again, or needs it. Such an
 * instance is never flagged. Data with their evidence; a change of the list raises its version, and with it begins a week in which
 * the enforcer flags only.
 */

export interface OwnerTag {
  /** Of the tag; `*` at its end stands for any continuation. */
  readonly key: string;
  readonly value?: string;
  /** Who launches such instances, in words. */
  readonly owner: string;
  /** Where it is written that they carry it. */
  readonly evidence: string;
}

/** Raised by each change of the list. */
export const ownerListsVersion = 1;

const awsTags = "AWS Billing user guide, AWS-generated tags";
const managedPolicies = "AWS managed policies condition on it";
const userGuide = (service: string): string => `${service} user guide, tags`;

/** In the order in which they are asked: keys that begin with `aws:` first, which no user can write. */
export const ownerTags: readonly OwnerTag[] = [
  { key: "aws:autoscaling:groupName", owner: "an Auto Scaling group", evidence: awsTags },
  { key: "aws:ec2:fleet-id", owner: "an EC2 Fleet", evidence: awsTags },
  { key: "aws:ec2spot:fleet-request-id", owner: "a Spot Fleet", evidence: awsTags },
  { key: "aws:elasticmapreduce:job-flow-id", owner: "EMR", evidence: awsTags },
  { key: "aws:elasticmapreduce:instance-group-role", owner: "EMR", evidence: awsTags },
  { key: "aws:elasticmapreduce:editor-id", owner: "EMR", evidence: awsTags },
  { key: "aws:ecs:clusterName", owner: "ECS", evidence: awsTags },
  { key: "aws:eks:cluster-name", owner: "EKS", evidence: awsTags },
  { key: "aws:cloud9:environment", owner: "Cloud9", evidence: awsTags },
  { key: "aws:pcs:cluster-id", owner: "Parallel Computing Service", evidence: userGuide("PCS") },
  {
    key: "aws:pcs:compute-node-group-id",
    owner: "Parallel Computing Service",
    evidence: userGuide("PCS"),
  },
  {
    key: "aws:servicecatalog:provisionedProductArn",
    owner: "Service Catalog",
    evidence: userGuide("Service Catalog"),
  },
  { key: "eks:cluster-name", owner: "EKS", evidence: userGuide("EKS") },
  { key: "eks:nodegroup-name", owner: "EKS", evidence: userGuide("EKS") },
  {
    key: "kubernetes.io/cluster/*",
    owner: "a Kubernetes cluster",
    evidence: "Kubernetes, cloud provider for AWS",
  },
  {
    key: "karpenter.sh/nodepool",
    owner: "Karpenter",
    evidence: "aws/karpenter-provider-aws#4156",
  },
  {
    key: "karpenter.sh/provisioner-name",
    owner: "Karpenter",
    evidence: "aws/karpenter-provider-aws#4156",
  },
  { key: "AmazonECSManaged", owner: "ECS", evidence: managedPolicies },
  { key: "AWSBatchServiceTag", owner: "Batch", evidence: managedPolicies },
  {
    key: "elasticbeanstalk:environment-name",
    owner: "Elastic Beanstalk",
    evidence: userGuide("Elastic Beanstalk"),
  },
  {
    key: "elasticbeanstalk:environment-id",
    owner: "Elastic Beanstalk",
    evidence: userGuide("Elastic Beanstalk"),
  },
  { key: "opsworks:stack", owner: "OpsWorks", evidence: userGuide("OpsWorks") },
  {
    key: "parallelcluster:cluster-name",
    owner: "ParallelCluster",
    evidence: userGuide("ParallelCluster"),
  },
  {
    key: "parallelcluster:node-type",
    owner: "ParallelCluster",
    evidence: userGuide("ParallelCluster"),
  },
  { key: "Ec2ImageBuilderArn", owner: "EC2 Image Builder", evidence: managedPolicies },
  {
    key: "CreatedBy",
    value: "EC2 Image Builder",
    owner: "EC2 Image Builder",
    evidence: managedPolicies,
  },
  {
    key: "AWSElasticDisasterRecoveryManaged",
    owner: "Elastic Disaster Recovery",
    evidence: managedPolicies,
  },
  {
    key: "drs.amazonaws.com-*",
    owner: "Elastic Disaster Recovery",
    evidence: "seen on its replication servers; no page of AWS lists them",
  },
  {
    key: "AWSApplicationMigrationServiceManaged",
    owner: "Application Migration Service",
    evidence: managedPolicies,
  },
  {
    key: "CloudEndure*",
    owner: "CloudEndure",
    evidence: "no page of AWS lists its tags: by the begin of their names",
  },
];

type Tags = Readonly<Record<string, string>>;

/** Prefix without its `*`; undefined for a whole key. */
const prefixOf = (key: string): string | undefined =>
  key.endsWith("*") ? key.slice(0, -1) : undefined;

const isOn = (tags: Tags, { key, value }: OwnerTag): boolean => {
  const prefix = prefixOf(key);
  if (prefix !== undefined) return Object.keys(tags).some((each) => each.startsWith(prefix));
  return Object.hasOwn(tags, key) && (value === undefined || tags[key] === value);
};

/** The first of the list that the instance carries. */
export const ownerTagOn = (tags: Tags): OwnerTag | undefined =>
  ownerTags.find((each) => isOn(tags, each));

/** AWS alone writes keys that begin so. */
export const isWrittenByAws = ({ key }: OwnerTag): boolean => key.startsWith("aws:");

/** Its stack would find another than it has made: a stop is a person's decision. Provenance alone exempts nobody. */
export const stackTag = "aws:cloudformation:stack-id";
