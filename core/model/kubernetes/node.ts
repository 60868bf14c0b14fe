/** What the Kubernetes API shows of one node, and of what can be mounted there. */
import type { InstanceId } from "../ids.ts";
import type { Amounts, Condition, Labels, Taint } from "./object.ts";

export interface NodeFacts {
  readonly name: string;
  /** A node that was deleted and joined again has another. */
  readonly uid: string;
  readonly resourceVersion: string;
  /** `aws:///eu-west-1a/i-…`. Absent: no cloud has initialized it yet. */
  readonly providerID?: string;
  /** Out of the provider id, where it is one of an EC2 instance exactly. */
  readonly instanceId?: InstanceId;
  readonly labels: Labels;
  /** Those alone that a rule names, see `readAnnotations`. */
  readonly annotations: Labels;
  readonly finalizers: readonly string[];
  readonly taints: readonly Taint[];
  readonly isUnschedulable: boolean;
  readonly conditions: readonly Condition[];
  readonly allocatable: Amounts;
  /** `v1.35.4-eks-…` */
  readonly kubeletVersion: string;
  /** RFC 3339 */
  readonly createdAt: string;
}

/** Annotations of nodes that a rule reads. What else stands there is not kept. */
export const readAnnotations = [
  "cluster-autoscaler.kubernetes.io/scale-down-disabled",
  "karpenter.sh/do-not-disrupt",
  "spot-optimizer/claim",
  "spot-optimizer/prior-unschedulable",
] as const;

/** What its CSI drivers have told of a node. */
export interface CsiNodeFacts {
  readonly nodeName: string;
  readonly drivers: readonly {
    readonly name: string;
    /** Volumes that may be attached at a time. Absent: the driver names no limit. */
    readonly count?: number;
  }[];
}

export interface VolumeAttachmentFacts {
  readonly name: string;
  readonly nodeName: string;
  readonly attacher: string;
  /** Absent: an inline volume of a pod. */
  readonly persistentVolumeName?: string;
  readonly isAttached: boolean;
}

export interface PersistentVolumeFacts {
  readonly name: string;
  /** Absent: not a volume of a CSI driver. */
  readonly driver?: string;
  readonly claim?: { readonly namespace: string; readonly name: string };
  /** `local` or `hostPath`: its data are on the node itself. */
  readonly isOnNode: boolean;
  /** Where it can be mounted: all terms of `spec.nodeAffinity.required`. Empty: anywhere. */
  readonly nodeSelectorTerms: readonly {
    readonly matchExpressions?: readonly {
      readonly key: string;
      readonly operator: string;
      readonly values?: readonly string[];
    }[];
  }[];
}
