/** What a resource has that no call of EC2's here gives it: a scenario declares it. Times are milliseconds since the epoch. */

interface AddressTraits {
  readonly serviceManaged?: "alb" | "nlb" | "rds" | "rnat";
  /** Id of a pool that the customer has brought. */
  readonly publicIpv4Pool?: string;
  readonly customerOwnedIp?: string;
  readonly carrierIp?: string;
  /** PTR record. */
  readonly reverseName?: string;
  readonly transfer?: {
    readonly toAccountId: string;
    readonly status?: "pending" | "accepted";
    readonly expiresAt: number;
  };
}

/** A service manages it for the customer. */
interface Operated {
  readonly principal: string;
  /** EC2 leaves it out unless asked for managed resources. */
  readonly isHidden?: boolean;
}

interface InterfaceTraits {
  readonly ownerId?: string;
  readonly isRequesterManaged?: boolean;
  readonly operator?: Operated;
}

interface VolumeTraits {
  readonly outpostArn?: string;
  readonly operator?: Operated;
  readonly isFastRestored?: boolean;
}

interface SnapshotTraits {
  readonly tier?: "standard" | "archive";
  readonly ownerAlias?: string;
  readonly outpostArn?: string;
  /** Of a copy. */
  readonly transferType?: "standard" | "time-based";
  readonly lock?: {
    readonly state: "governance" | "compliance" | "compliance-cooloff" | "expired";
    readonly expiresAt?: number;
  };
}

interface ImageTraits {
  /** Of launches that nothing here has seen. */
  readonly lastLaunchedAt?: number;
  readonly deregistrationProtection?: "enabled" | "enabled-with-cooldown";
  readonly sourceImageId?: string;
  readonly sourceRegion?: string;
  readonly ownerAlias?: "amazon" | "aws-backup-vault" | "aws-marketplace";
  /** ARNs by kind: what EC2 finds that refers to it, besides instances and templates. */
  readonly references?: readonly { readonly kind: string; readonly arn: string }[];
  /** Other accounts that use it, as a usage report tells. */
  readonly usedBy?: readonly string[];
}

/** By kind of resource. */
export interface Traits {
  readonly address: AddressTraits;
  readonly networkInterface: InterfaceTraits;
  readonly volume: VolumeTraits;
  readonly snapshot: SnapshotTraits;
  readonly image: ImageTraits;
}

export const operatorView = (operator: Operated | undefined) =>
  operator === undefined
    ? {}
    : {
        Operator: {
          Managed: true,
          Principal: operator.principal,
          HiddenByDefault: operator.isHidden === true,
        },
      };

/** Whether a reading shows it. */
export const isShownManaged = (
  operator: Operated | undefined,
  input: { readonly IncludeManagedResources?: boolean | undefined },
): boolean => operator?.isHidden !== true || input.IncludeManagedResources === true;
