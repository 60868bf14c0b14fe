/**
 * The tags by which we and the owner know things in a customer's account. Their keys stand in the role that each
 * customer has applied: one that is changed here is refused there until the role is applied again.
 */

/**
 * On everything that we create and whose owner has no `ManagedBy` of his own, with the three that follow. A tag finds a thing; it
 * entitles to nothing.
 */
export const managedByTag = { key: "ManagedBy", value: "SpotOptimizer" } as const;
export const evaluationTag = "spot-optimizer:evaluation";
export const targetTag = "spot-optimizer:target";
/** Which deployment made it: tags are copied by backups and images, and two deployments may share an account. */
export const deploymentTag = "spot-optimizer:deployment";

/** On a stopped original: when the janitor terminates it. ISO 8601. */
export const retireAfterTag = "spot-optimizer:retire-after";

/** On a subject while an evaluation works on it: `<deployment>#<fence>`, so that two deployments don't change it at once. */
export const claimTag = "spot-optimizer:claim";

/** On the snapshot that is made before a volume is deleted: what was agreed to. */
export const approvalTag = "spot-optimizer:approval";

/** On an instance that was launched On-Demand for the way back: without it the customer's role launches no other than Spot. */
export const purposeTag = { key: "spot-optimizer:purpose", value: "fallback" } as const;

/** Put by the owner on what may be touched: the instance, its volumes, interfaces, addresses, target groups. */
export const enrolTag = { key: "spot-optimizer:enrolled", value: "true" } as const;

/** On waste right before it is deleted, with the deployment as value: the customer's role allows no deletion of waste without it. */
export const deletedByTag = "spot-optimizer:deleted-by";

/** Beside it: a rule of the Recycle Bin knows a tag by its value, and the customer's template is made before there is a deployment's id. */
export const binTag = { key: "spot-optimizer:recycle-bin", value: "keep" } as const;

type Tags = Readonly<Record<string, string>>;

export const isEnrolled = (tags: Tags): boolean => tags[enrolTag.key] === enrolTag.value;

/** Of one deployment and one evaluation: under a later lease it is another. */
export const claimOf = (deploymentId: string, fence: number): string =>
  `${deploymentId}#${String(fence)}`;

/**
 * Ours beside those of the owner, whose own `ManagedBy` stays: his tools go by it. A claim and a purpose are of one instance, and
 * are not copied.
 */
export const besideOwners = (owners: Tags, ours: Tags): Tags => {
  const {
    [managedByTag.key]: managedBy,
    [claimTag]: _claim,
    [purposeTag.key]: _purpose,
    ...others
  } = owners;
  return {
    ...others,
    ...ours,
    ...(managedBy === undefined ? {} : { [managedByTag.key]: managedBy }),
  };
};

const ourTagKeys: readonly string[] = [
  evaluationTag,
  targetTag,
  deploymentTag,
  retireAfterTag,
  claimTag,
  purposeTag.key,
];

/** Of every key that means something to us, `ManagedBy` aside. */
export const tagPrefix = "spot-optimizer:";

/** One that we set, or by which an owner enrols a thing. */
export const isOwnTagKey = (key: string): boolean =>
  ourTagKeys.includes(key) || key === enrolTag.key;

/** One that we set, by key and value: an owner may have a ManagedBy of his own. */
export const isOurTag = (key: string, value: string): boolean =>
  (key === managedByTag.key && value === managedByTag.value) || ourTagKeys.includes(key);

/** On one resource, AWS's own aside. Source: AWS tagging guide, "Tag naming limits and requirements". */
export const maxTags = 50;

const countedWith = (tags: Tags, ours: readonly string[]): number =>
  new Set([...Object.keys(tags).filter((key) => !key.startsWith("aws:")), ...ours]).size;

const keysOfOurs: readonly string[] = [managedByTag.key, evaluationTag, targetTag, deploymentTag];

/** How many count on a clone of what carries these. */
export const tagsOnReplacement = (tags: Tags): number =>
  countedWith(besideOwners(tags, {}), keysOfOurs);

/** How many count on an original that carries these, while it is claimed and once it is retired. */
export const tagsOnOriginal = (tags: Tags): number =>
  countedWith(tags, [...keysOfOurs, retireAfterTag, claimTag]);

/** Of the names of the groups that we make: by it the customer's role knows them. */
export const returnGroupPrefix = "spot-optimizer-";

/** By which a member of a group is known. */
export const memberTags = {
  /**
   * Put on each instance of a group by Auto Scaling; users can't set keys that begin with `aws:`. Source: EC2 Auto Scaling
   * user guide, Tag Auto Scaling groups and instances.
   */
  asgName: "aws:autoscaling:groupName",
  /** These two are put by EKS on the instances of a managed node group. Unlike `aws:` keys, a user could set them too. */
  clusterName: "eks:cluster-name",
  nodeGroup: "eks:nodegroup-name",
} as const;
