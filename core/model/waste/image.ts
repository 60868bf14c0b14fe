/** Images of an account, and what refers to them, as AWS tells of them. */
import type { Tagged } from "./tagged.ts";

/** Source: EC2 API reference, Image. */
export interface OwnImage extends Tagged {
  readonly imageId: string;
  readonly name: string;
  /** `pending`, `available`, `invalid`, `deregistered`, `transient`, `failed`, `error`, `disabled`. */
  readonly state: string;
  /** ISO 8601 */
  readonly createdAt: string;
  /** ISO 8601, 24 hours late. Absent: never, or before April 2017. */
  readonly lastLaunchedAt?: string;
  readonly isPublic: boolean;
  readonly isDeregistrationProtected: boolean;
  /** The image that it was copied from, and where that is. */
  readonly sourceImageId?: string;
  readonly sourceRegion?: string;
  readonly sourceInstanceId?: string;
  /** Of the Marketplace. */
  readonly productCodes: readonly string[];
  /** `aws-backup-vault`, `aws-marketplace`, `amazon`. */
  readonly ownerAlias?: string;
  /** Of its block devices. */
  readonly snapshotIds: readonly string[];
}

/** What refers to an image in its account. Source: EC2 API reference, ImageReference. */
export interface ImageReference {
  readonly imageId: string;
  /** `ec2:Instance`, `ec2:LaunchTemplate`, `ssm:Parameter`, `imagebuilder:ImageRecipe`, `imagebuilder:ContainerRecipe`. */
  readonly kind: string;
  readonly arn: string;
}

/** What launches an image or makes volumes from snapshots, and that an image's references do not tell. */
export interface LaunchSource {
  readonly kind: "launch-configuration" | "launch-template";
  /** Name of the configuration; id of the template. */
  readonly id: string;
  /** Of a template. */
  readonly version?: number;
  readonly imageId?: string;
  readonly snapshotIds: readonly string[];
}

/**
 * Who in other accounts uses an image. PENDING: the report is being made. USED: by these accounts. UNUSED: by none.
 * Source: EC2 API reference, DescribeImageUsageReportEntries.
 */
export type ImageUsage =
  | { readonly kind: "PENDING"; readonly reportId: string }
  | { readonly kind: "FAILED"; readonly reportId: string; readonly reason?: string }
  | {
      readonly kind: "USED";
      readonly reportId: string;
      /** ISO 8601 */
      readonly asOf: string;
      readonly accountIds: readonly string[];
    }
  | { readonly kind: "UNUSED"; readonly reportId: string; readonly asOf: string };
