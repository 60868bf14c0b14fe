/** What is known of the launch template version that a group would launch from now. User data is read, and not kept. */
import type { CpuOptionsFacts } from "./market.ts";

/** As a group or a member names it. */
export interface TemplateReference {
  readonly templateId?: string;
  readonly name?: string;
  /** `3`, `$Latest` or `$Default`. Absent: the default. */
  readonly version?: string;
}

/**
 * What in user data says that a boot needs the group, or that tasks of others run on the host. A clone boots before it is attached:
 * what waits for the group fails, or never becomes healthy.
 */
export const bootSigns = [
  "complete-lifecycle-action",
  "target-lifecycle-state",
  "describe-auto-scaling-instances",
  "cfn-init of Elastic Beanstalk",
  "ECS_CLUSTER",
  "docker swarm",
  "nomad",
  "jenkins agent",
] as const;
export type BootSign = (typeof bootSigns)[number];

/** Of these the host itself is only half of what would be ended. */
export const taskSigns: readonly BootSign[] = [
  "ECS_CLUSTER",
  "docker swarm",
  "nomad",
  "jenkins agent",
];

export interface GroupTemplate {
  readonly templateId: string;
  /** The number itself: `$Latest` may be another tomorrow. */
  readonly version: number;
  /** Resolved once: a parameter of SSM may name another tomorrow. */
  readonly imageId: string;
  /** Its parameter, where the template names one: `resolve:ssm:/golden/ami`. */
  readonly imageParameter?: string;
  /** Our role may not read it. */
  readonly isParameterClosed?: true;
  readonly imageExists: boolean;
  /** These are absent with the image. */
  readonly architecture?: string;
  readonly platformDetails?: string;
  readonly productCodes: readonly string[];
  /** Absent: the template leaves it to its user. */
  readonly instanceType?: string;
  /** It asks for attributes instead of a type. */
  readonly hasInstanceRequirements: boolean;
  /** `spot`, `capacity-block` …; absent: On-Demand. */
  readonly marketType?: string;
  /** All devices that a clone gets, those of the image included. */
  readonly deviceNames: readonly string[];
  readonly interfaces: number;
  readonly ipv6PerInterface: number;
  readonly cpuOptions?: CpuOptionsFacts;
  readonly needsTpm: boolean;
  /** Of the image. Absent where EC2 does not say it. */
  readonly enaSupport?: boolean;
  readonly keyName?: string;
  /** Keys of the tags that a clone gets from the template. */
  readonly tagKeys: readonly string[];
  /** Members of it that a clone would not get. */
  readonly notCarried: readonly string[];
  readonly bootSigns: readonly BootSign[];
}

/** The one version that all of a batch are launched from. Compared again before an attach. */
export const spellTemplate = ({
  templateId,
  version,
  imageId,
}: Pick<GroupTemplate, "templateId" | "version" | "imageId">): string =>
  `${templateId} version ${String(version)} (image ${imageId})`;
