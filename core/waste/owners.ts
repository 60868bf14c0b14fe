/**
 * By which tags others are known who own a volume, a snapshot, an image or an address, or make it again: what carries one is never
 * offered. A tag keeps, and proves nothing else. Sources: the services' own documents, and the public code of the tools; those
 * marked † have no source. Version of 28 November 2026.
 */
import {
  codeOwnerOf,
  ownerAmong,
  serviceOwners,
  type TagOwner,
} from "../decide/switch/owner-lists.ts";
import type { KeptReason } from "../model/waste/finding.ts";
import { binTag, deletedByTag, managedByTag, tagPrefix } from "../model/tags.ts";

const keepers: readonly TagOwner[] = [
  { name: "AWS Backup", keys: ["aws:backup:"] },
  // `dlm:managed` †
  { name: "Data Lifecycle Manager", keys: ["aws:dlm:", "dlm:managed"] },
  { name: "the Recycle Bin", keys: ["aws:recycle-bin:"] },
  {
    // A reclaim policy does not stand in tags, so that Retain can't be seen. kops deleted such volumes: kubernetes#66750.
    name: "a Kubernetes cluster",
    keys: [
      "ebs.csi.aws.com/",
      "CSIVolumeName",
      "CSIVolumeSnapshotName",
      "kubernetes.io/",
      "elbv2.k8s.aws/",
      "karpenter.sh/",
    ],
  },
  // †
  { name: "GuardDuty", keys: ["GuardDuty"] },
  // †
  { name: "Inspector", keys: ["InspectorScan", "aws:inspector"] },
  { name: "Elastic Beanstalk", keys: ["elasticbeanstalk:"] },
  ...serviceOwners,
];

const stackTag = "aws:cloudformation:";

/** One that was tagged for its deletion, and left, is judged as if it were not. */
const isOurs = ([key, value]: readonly [string, string]): boolean =>
  (key.startsWith(tagPrefix) && key !== deletedByTag && key !== binTag.key) ||
  (key === managedByTag.key && value === managedByTag.value);

type Tags = Readonly<Record<string, string>>;

const ours = (tags: Tags): readonly KeptReason[] => {
  const tag = Object.entries(tags).find(isOurs);
  return tag === undefined
    ? []
    : [
        {
          code: "OURS",
          sentence: `It carries our tag ${tag[0]}: it belongs to a switch, or to a target.`,
        },
      ];
};

const code = (tags: Tags): readonly KeptReason[] => {
  const owner = codeOwnerOf(tags);
  if (owner === undefined) return [];
  const isStack = owner.tag.startsWith(stackTag);
  return [
    {
      code: isStack ? "STACK" : "CODE",
      sentence: `${owner.name} has made it (${owner.tag}), and would miss it.`,
    },
  ];
};

const service = (tags: Tags): readonly KeptReason[] => {
  const owner = ownerAmong(tags, keepers);
  return owner === undefined
    ? []
    : [{ code: "SERVICE", sentence: `It belongs to ${owner.name} (${owner.tag}).` }];
};

/** Of each sort the first. */
export const keptByTags = (tags: Tags): readonly KeptReason[] => [
  ...ours(tags),
  ...code(tags),
  ...service(tags),
];

/** Who is named by the first of these keys that is there. */
export const namedOwner = (tags: Tags, keys: readonly string[]): string | undefined =>
  keys.map((key) => tags[key]).find((value) => value !== undefined && value !== "");
