/** What was found out of a KMS key under which a volume or a snapshot is encrypted. */

/** Does its policy or a grant let somebody use it? OPEN: one of them names him, or may mean him. CLOSED: neither does. */
export type KeyAccess =
  | { readonly kind: "OPEN" | "CLOSED" }
  /** With the reason: a sentence without its full stop. */
  | { readonly kind: "UNREAD"; readonly because: string };

interface KeyHead {
  /** Ids of the volumes and snapshots that are encrypted under it, or names of the devices that a launch would encrypt under it. */
  readonly of: readonly string[];
  /** Whether an instance is launched with a volume under it. Else such volumes are attached only. */
  readonly isLaunched: boolean;
  /** Nothing names it: it is the account's default key of the region, under which EC2 encrypts what names none. */
  readonly isDefault?: true;
}

interface NamedKey extends KeyHead {
  /** ARN. */
  readonly keyId: string;
}

export interface FoundKey extends NamedKey {
  readonly kind: "FOUND";
  /** As KMS spells it: `Enabled`, `Disabled`, `PendingDeletion` … */
  readonly state: string;
  /** Absent for a key that AWS manages (`aws/ebs`), and for one that cannot be used in its state. */
  readonly access?: {
    /** AWS's role for Spot. Absent: nothing is launched under the key, or not on Spot. */
    readonly spot?: KeyAccess;
    /** The role that we assume. */
    readonly role: KeyAccess;
  };
}

export type KeyFacts =
  | FoundKey
  /** KMS has no such key. */
  | (NamedKey & { readonly kind: "ABSENT" })
  /** With the reason: a sentence without its full stop. Without its ARN where that is what could not be read. */
  | (KeyHead & { readonly kind: "UNREAD"; readonly keyId?: string; readonly because: string });
