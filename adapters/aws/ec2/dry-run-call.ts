/** What a dry run is tried on, and the form of one: every command carries DryRun. */
import type { EC2Client } from "@aws-sdk/client-ec2";

/** Resources of the account to try the actions on. What is absent leaves the actions that need it UNKNOWN. */
export interface DryRunSubject {
  readonly instanceId?: string;
  readonly instanceType?: string;
  readonly zoneName?: string;
  readonly reservationId?: string;
  readonly imageId?: string;
  readonly subnetId?: string;
  /** Of a template that we keep. */
  readonly templateId?: string;
  readonly vpcId?: string;
  readonly securityGroupId?: string;
  readonly volumeId?: string;
  readonly snapshotId?: string;
  readonly networkInterfaceId?: string;
  readonly attachmentId?: string;
  readonly allocationId?: string;
  /** As a launch would set them: permissions may ask for them. */
  readonly tags?: Readonly<Record<string, string>>;
}

type Attempt = (ec2: EC2Client) => Promise<unknown>;

/** Undefined when the subject lacks what the action needs. */
export type DryRunCall = (subject: DryRunSubject) => Attempt | undefined;

type SubjectKey = Exclude<keyof DryRunSubject, "tags">;
type Needed<Key extends SubjectKey> = Readonly<Record<Key, string>> & Pick<DryRunSubject, "tags">;

/** The attempt, if the subject has every key that it needs. */
export const on =
  <Key extends SubjectKey>(
    keys: readonly Key[],
    attempt: (ec2: EC2Client, subject: Needed<Key>) => Promise<unknown>,
  ): DryRunCall =>
  (subject) =>
    keys.every((key) => subject[key] !== undefined)
      ? (ec2) => attempt(ec2, subject as Needed<Key>)
      : undefined;

export const DryRun = true;
